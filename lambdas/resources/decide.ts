import { saySame } from "../scim/equal.ts";
import type { Json, JsonObject } from "../scim/json.ts";
import { applyPatch } from "../scim/patch/apply.ts";
import { readResource } from "../scim/validate.ts";
import { type Asker, keep, type Served, toleranceFor, typeFor } from "./served.ts";

/** The resource that a create's body makes, as it is kept. */
export function created(served: Served, asker: Asker, body: Json | undefined): JsonObject {
  const type = typeFor(served, asker, undefined, body);
  return keep(served, readResource(toleranceFor(asker).resource(body, type), type));
}

/** The resource that a PatchOp makes of `before`, as it is kept; the very same object where it says the same. */
export function patched(
  served: Served,
  asker: Asker,
  before: JsonObject,
  body: Json | undefined,
): JsonObject {
  const type = typeFor(served, asker, before, body);
  const operations = toleranceFor(asker).operations(body, type);
  const after = keep(served, applyPatch(before, operations, type));
  // Entra repeats operations that change nothing; those cost no write and cause no event.
  return saySame(after, before) ? before : after;
}
