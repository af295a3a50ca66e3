import { findAttribute, printAttributePath } from "../../scim/attribute-path.ts";
import type { Filter } from "../../scim/filter/filter.ts";
import { matcher } from "../../scim/filter/matches.ts";
import type { ResourceType } from "../../scim/schema.ts";

/**
 * How `filter` comes out for every resource of `type`, where the type alone tells: by
 * `meta.resourceType`, and by attributes that the type does not have. Undefined where it does not.
 */
export function outcome(filter: Filter, type: ResourceType): boolean | undefined {
  switch (filter.kind) {
    case "and": {
      const outcomes = filter.operands.map((operand) => outcome(operand, type));
      if (outcomes.includes(false)) return false;
      return outcomes.every((one) => one === true) ? true : undefined;
    }
    case "or": {
      const outcomes = filter.operands.map((operand) => outcome(operand, type));
      if (outcomes.includes(true)) return true;
      return outcomes.every((one) => one === false) ? false : undefined;
    }
    case "not": {
      const inner = outcome(filter.operand, type);
      return inner === undefined ? undefined : !inner;
    }
    case "present":
    case "compare":
    case "valuePath": {
      const found = findAttribute(filter.path, type);
      if (found && printAttributePath(found) !== "meta.resourceType") return undefined;
      return matcher(filter, type, ignoreUnknown)({ meta: { resourceType: type.name } });
    }
  }
}

/** For a filter whose attributes are known to be some type's. */
export const ignoreUnknown = () => {};
