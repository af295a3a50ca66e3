import { subAttributesOf } from "../scim/attributes.ts";
import { isObject } from "../scim/json.ts";
import { equalities, valueFromFilter } from "../scim/patch/value-from-filter.ts";
import type { Aimed } from "./departure.ts";

/**
 * Entra replaces `emails[type eq "work"].value` of a user who has no such e-mail yet, which the
 * RFC answers with noTarget. An add changes what there is just so, and creates what there is not.
 */
export function createMissingElements(operation: Aimed): readonly Aimed[] {
  const { op, path, value } = operation;
  if (op !== "replace" || !path.filter || !equalities(path.filter)) return [operation];
  if (path.subAttribute || !path.attribute.multiValued) return [{ ...operation, op: "add" }];

  // A whole value is replaced whole: what is missing is first created, as far as the filter says.
  if (subAttributesOf(path.attribute).length === 0 || !isObject(value)) return [operation];
  const named = valueFromFilter(path.filter, path.attribute);
  if (!isObject(named)) return [operation];
  return [
    { ...operation, op: "add", value: named },
    { ...operation, value: { ...named, ...value } },
  ];
}
