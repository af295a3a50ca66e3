import { findAttribute } from "../attribute-path.ts";
import type { ResourceType } from "../schema.ts";
import type { Filter } from "./filter.ts";

/**
 * The values of the multi-valued attribute `name` that `filter` asks for, where it asks only
 * whether they are there: it comes out the same for a resource that holds no others. Undefined
 * where it asks for more than that.
 */
export function askedValues(
  filter: Filter,
  name: string,
  type: ResourceType,
): readonly string[] | undefined {
  switch (filter.kind) {
    case "and":
    case "or":
      return union(filter.operands.map((operand) => askedValues(operand, name, type)));
    case "not":
      return askedValues(filter.operand, name, type);
    case "present":
    case "compare":
    case "valuePath": {
      const found = findAttribute(filter.path, type);
      if (!found || found.extension || found.attribute.name !== name) return [];
      if (filter.kind === "valuePath") return valuesIn(filter.filter);
      // `members eq "x"` means the value of a member.
      const isValue = !found.subAttribute || found.subAttribute.name === "value";
      return isValue ? equalValue(filter) : undefined;
    }
  }
}

/** Of what values an element must be that satisfies a filter in brackets; undefined where it may be of any. */
function valuesIn(filter: Filter): readonly string[] | undefined {
  switch (filter.kind) {
    case "and":
      return filter.operands.map(valuesIn).find((values) => values !== undefined);
    case "or":
      return union(filter.operands.map(valuesIn));
    case "compare":
      return filter.path.toLowerCase() === "value" ? equalValue(filter) : undefined;
    case "not":
    case "present":
    case "valuePath":
      return undefined;
  }
}

/** Null and the empty text are what no value at all is like, too. */
function equalValue(filter: Filter): readonly string[] | undefined {
  if (filter.kind !== "compare" || filter.operator !== "eq") return undefined;
  return filter.value === null || filter.value === "" ? undefined : [String(filter.value)];
}

function union(parts: readonly (readonly string[] | undefined)[]): readonly string[] | undefined {
  const known = parts.filter((part) => part !== undefined);
  return known.length === parts.length ? [...new Set(known.flat())] : undefined;
}
