import type { Aimed } from "../../lambdas/entra/departure.ts";
import type { Json } from "../../lambdas/scim/json.ts";
import { parsePath } from "../../lambdas/scim/path.ts";
import { userType } from "../../lambdas/scim/resource-types.ts";
import type { Attribute, ResourceType } from "../../lambdas/scim/schema.ts";

/** An operation in short: `["remove", "title"]`, `["add", "title", "x"]`. */
export type Short = readonly [op: Aimed["op"], path: string, value?: Json];

export function aim([op, text, value]: Short, type: ResourceType = userType): Aimed {
  return { op, text, path: parsePath(text, type), value };
}

export function short(operations: readonly Aimed[]): readonly Short[] {
  return operations.map(({ op, text, value }) =>
    value === undefined ? [op, text] : [op, text, value],
  );
}

/** The attribute or sub-attribute at `path`. */
export function at(path: string, type: ResourceType = userType): Attribute {
  const { attribute, subAttribute } = parsePath(path, type);
  return subAttribute ?? attribute;
}
