import { attributeNamed, isExtension, rootAttributes, subAttributesOf } from "./attributes.ts";
import { invalidValue } from "./errors.ts";
import { identityOf } from "./identity.ts";
import { isArray, isObject, type Json, type JsonObject, own } from "./json.ts";
import type { Attribute, ResourceType } from "./schema.ts";

/** An object of attributes as it was and as it is, and how an error names what is in it. */
interface Holder {
  readonly before: JsonObject | undefined;
  readonly after: JsonObject;
  readonly nameOf: (name: string) => string;
}

/**
 * Checks that `after` has every attribute, extension and sub-attribute of a value that `type`
 * requires (RFC 7643, section 7). What was lacking `before`, as a writeOnly attribute that is not
 * kept or one that the schema came to require later, may go on lacking. @throws invalidValue
 */
export function checkRequired(after: JsonObject, type: ResourceType, before?: JsonObject): void {
  checkHolder(rootAttributes(type), { before, after, nameOf: (name) => name });
}

function checkHolder(attributes: readonly Attribute[], { before, after, nameOf }: Holder): void {
  for (const attribute of attributes) {
    const value = own(after, attribute.name);
    const held = before && own(before, attribute.name);
    const at = nameOf(attribute.name);
    if (isWanted(attribute) && isEmpty(value) && !(before && isEmpty(held))) {
      throw invalidValue(`${at} is required and may not be empty; send a value.`);
    }
    if (value !== undefined && value !== held) checkValue(attribute, held, value, at);
  }
}

function checkValue(attribute: Attribute, before: Json | undefined, value: Json, at: string): void {
  if (!attribute.subAttributes || (isObject(value) && isOfService(attribute, value))) return;
  const separator = isExtension(attribute) ? ":" : ".";
  const nameOf = (name: string) => `${at}${separator}${name}`;
  if (isObject(value)) {
    const held = isObject(before) ? before : undefined;
    checkHolder(attribute.subAttributes, { before: held, after: value, nameOf });
  }
  if (!isArray(value) || !subAttributesOf(attribute).some(isWanted)) return;
  const values = isArray(before) ? before : [];
  const kept = new Set(values);
  const fresh = value.filter((one) => !kept.has(one));
  if (fresh.length === 0) return;
  const held = new Map(values.map((one) => [identityOf(attribute, one), one]));
  for (const after of fresh) {
    const same = held.get(identityOf(attribute, after));
    if (isObject(after))
      checkHolder(attribute.subAttributes, {
        before: isObject(same) ? same : undefined,
        after,
        nameOf,
      });
  }
}

/** An extension of which the client has nothing asks nothing of it. */
function isOfService(attribute: Attribute, value: JsonObject): boolean {
  if (!isExtension(attribute) || attribute.required) return false;
  const isReadOnly = (name: string) =>
    attributeNamed(subAttributesOf(attribute), name)?.mutability === "readOnly";
  return Object.keys(value).every(isReadOnly);
}

/** What only the service sets is not for a client to send. */
function isWanted({ required, mutability }: Attribute): boolean {
  return required && mutability !== "readOnly";
}

function isEmpty(value: Json | undefined): boolean {
  return value === undefined || value === "";
}
