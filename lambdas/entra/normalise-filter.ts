import type { Filter } from "../scim/filter/filter.ts";
import type { ResourceType } from "../scim/schema.ts";
import { correctName } from "./misnamed-attributes.ts";

/** A filter as Entra writes it, with its attributes named as the schemas name them: Entra asks for `manager` without its URN. */
export function normaliseFilter(filter: Filter, type: ResourceType): Filter {
  switch (filter.kind) {
    case "and":
    case "or":
      return {
        kind: filter.kind,
        operands: filter.operands.map((operand) => normaliseFilter(operand, type)),
      };
    case "not":
      return { kind: "not", operand: normaliseFilter(filter.operand, type) };
    case "present":
    case "compare":
    case "valuePath":
      return { ...filter, path: correctName(filter.path, type) };
  }
}
