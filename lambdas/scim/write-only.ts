import { attributeNamed, rootAttributes, subAttributesOf } from "./attributes.ts";
import { isArray, isObject, type Json, type JsonObject } from "./json.ts";
import type { Attribute, ResourceType } from "./schema.ts";
import { withSchemas } from "./validate.ts";

/**
 * `resource` without what may be written and is never shown, such as a password: nobody here
 * checks one, so that it is accepted (RFC 7643, section 4.1.1) and not kept. The very same object
 * if it has none.
 */
export function withoutWriteOnly(resource: JsonObject, type: ResourceType): JsonObject {
  const kept = withoutIn(resource, rootAttributes(type));
  // An extension may have had nothing else.
  return kept === resource ? resource : withSchemas(kept, type);
}

function withoutIn(holder: JsonObject, attributes: readonly Attribute[]): JsonObject {
  if (!haveWriteOnly(attributes)) return holder;
  const entries = Object.entries(holder);
  const kept = entries.flatMap(([name, value]): readonly (readonly [string, Json])[] => {
    const attribute = attributeNamed(attributes, name);
    if (!attribute) return [[name, value]];
    const rest = withoutOf(attribute, value);
    return rest === undefined ? [] : [[name, rest]];
  });
  const isSame =
    kept.length === entries.length && kept.every(([, value], at) => value === entries[at]?.[1]);
  return isSame ? holder : Object.fromEntries(kept);
}

function withoutOf(attribute: Attribute, value: Json): Json | undefined {
  if (attribute.mutability === "writeOnly") return undefined;
  const subAttributes = subAttributesOf(attribute);
  if (!haveWriteOnly(subAttributes)) return value;
  if (!isArray(value)) return isObject(value) ? restOf(value, subAttributes) : value;

  const rest = value.map((one) => (isObject(one) ? restOf(one, subAttributes) : one));
  if (rest.every((one, at) => one === value[at])) return value;
  const present = rest.filter((one) => one !== undefined);
  return present.length > 0 ? present : undefined;
}

/** Undefined if nothing is left. */
function restOf(value: JsonObject, subAttributes: readonly Attribute[]): JsonObject | undefined {
  const rest = withoutIn(value, subAttributes);
  return Object.keys(rest).length > 0 ? rest : undefined;
}

/** Most schemas have none, so that nothing needs to be gone through. */
function haveWriteOnly(attributes: readonly Attribute[]): boolean {
  let have = known.get(attributes);
  if (have === undefined) {
    have = attributes.some(
      ({ mutability, subAttributes = [] }) =>
        mutability === "writeOnly" || haveWriteOnly(subAttributes),
    );
    known.set(attributes, have);
  }
  return have;
}

const known = new WeakMap<readonly Attribute[], boolean>();
