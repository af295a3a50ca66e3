import { saySame } from "../scim/equal.ts";
import type { Json, JsonObject } from "../scim/json.ts";
import { applyPatch } from "../scim/patch/apply.ts";
import { readResource } from "../scim/validate.ts";
import { type Asker, keep, rulesFor, type Served, toleranceFor, typeFor } from "./served.ts";

/** The resource that a create's body makes, as it is kept. */
export function created(served: Served, asker: Asker, body: Json | undefined): JsonObject {
  const type = typeFor(served, asker, undefined, body);
  const rules = rulesFor(served, asker, type);
  const given = readResource(toleranceFor(asker).resource(body, type), type);
  const resource = keep(served, rules.accept(given));
  rules.check(resource);
  return resource;
}

/** The resource that a PatchOp makes of `before`, as it is kept; the very same object where it says the same. */
export function patched(
  served: Served,
  asker: Asker,
  before: JsonObject,
  body: Json | undefined,
): JsonObject {
  const type = typeFor(served, asker, before, body);
  const rules = rulesFor(served, asker, type);
  const operations = rules.operations(toleranceFor(asker).operations(body, type));
  const after = rules.change(before, keep(served, applyPatch(before, operations, type)));
  rules.check(after, before);
  // Entra repeats operations that change nothing; those cost no write and cause no event.
  return saySame(after, before) ? before : after;
}
