import { attributeNamed, subAttributesOf } from "../attributes.ts";
import { invalidPath, invalidValue } from "../errors.ts";
import { checkRemovable } from "../immutable.ts";
import { isObject, type JsonObject, own, quoted, withMember } from "../json.ts";
import type { Attribute } from "../schema.ts";
import { changeMember } from "./change.ts";
import { checkKept, checkOnce, isEcho, required } from "./guards.ts";
import type { Operation } from "./read.ts";

/**
 * `resource` with a change made to an extension as a whole, which is no attribute but a place for
 * some: they are set one by one, as those of the resource are. @throws invalidPath, invalidValue, mutability
 */
export function changeExtension(
  resource: JsonObject,
  { op, value = null }: Omit<Operation, "path">,
  extension: Attribute,
): JsonObject {
  const before = holderOf(resource, extension);
  if (op === "remove" || value === null) {
    if (op === "remove" && extension.required) throw required(extension.name);
    return withExtension(resource, extension, withoutWritable(before, extension), op);
  }
  if (!isObject(value)) throw invalidValue(`${extension.name} must be an object of attributes.`);

  let after = before;
  const seen = new Set<string>();
  for (const [name, member] of Object.entries(value)) {
    const attribute = attributeNamed(subAttributesOf(extension), name);
    // Some clients write an extension as they write a resource.
    if (!attribute && name.toLowerCase() === "schemas") continue;
    if (!attribute) throw invalidPath(`${quoted(name)} is no attribute of ${extension.name}.`);
    const at = `${extension.name}:${attribute.name}`;
    checkOnce(seen, at);
    if (isEcho(after, attribute, member, at)) continue;
    const target = { attribute, filter: undefined, subAttribute: undefined };
    after = changeMember(after, target, { op, value: member, at });
  }
  return withExtension(resource, extension, after, op);
}

/** What only the service sets is not the client's to take away. @throws mutability for what is immutable */
function withoutWritable(holder: JsonObject, extension: Attribute): JsonObject {
  checkRemovable(extension, holder, extension.name);
  const subAttributes = subAttributesOf(extension);
  const kept = Object.entries(holder).filter(
    ([name]) => attributeNamed(subAttributes, name)?.mutability === "readOnly",
  );
  return Object.fromEntries(kept);
}

/** What `resource` holds of `extension`, or itself. */
export function holderOf(resource: JsonObject, extension: Attribute | undefined): JsonObject {
  if (!extension) return resource;
  const holder = own(resource, extension.name);
  return isObject(holder) ? holder : {};
}

/** An extension of which nothing is left goes. */
export function withExtension(
  resource: JsonObject,
  extension: Attribute,
  after: JsonObject,
  op: Operation["op"],
): JsonObject {
  const before = own(resource, extension.name);
  const held = Object.keys(after).length === 0 ? undefined : after;
  checkKept(op, extension, before, held);
  return withMember(resource, extension.name, held);
}
