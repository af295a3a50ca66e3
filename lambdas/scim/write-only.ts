import { attributeNamed, rootAttributes } from "./attributes.ts";
import type { JsonObject } from "./json.ts";
import type { ResourceType } from "./schema.ts";

/**
 * `resource` without what may be written and is never shown, such as a password: nobody here
 * checks one, so that it is accepted (RFC 7643, section 4.1.1) and not kept. The very same object
 * if it has none.
 */
export function withoutWriteOnly(resource: JsonObject, type: ResourceType): JsonObject {
  const root = rootAttributes(type);
  const isWriteOnly = (name: string) => attributeNamed(root, name)?.mutability === "writeOnly";
  const kept = Object.entries(resource).filter(([name]) => !isWriteOnly(name));
  return kept.length === Object.keys(resource).length ? resource : Object.fromEntries(kept);
}
