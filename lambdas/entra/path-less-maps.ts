import { findAttribute } from "../scim/attribute-path.ts";
import { attributeNamed, isExtension, rootAttributes } from "../scim/attributes.ts";
import { isObject, type Json, type JsonObject } from "../scim/json.ts";
import type { Operation } from "../scim/patch/read.ts";
import type { ResourceType } from "../scim/schema.ts";
import { correctName } from "./misnamed-attributes.ts";

/**
 * With the flag `aadOptscim062020` Entra sends one operation without a path, whose value has
 * paths for keys: `name.givenName`, `urn:…:User:department`, `emails[type eq "work"].value`.
 * Each becomes an operation of its own; what only the service sets is left out.
 */
export function expandMap(operation: Operation, type: ResourceType): readonly Operation[] {
  const { op, path, value } = operation;
  if (op === "remove" || !isObject(value)) return [operation];
  const container = path === undefined ? undefined : containerOf(correctName(path, type), type);
  if (container !== undefined) return expandMap({ op, value: { [container]: value } }, type);
  if (path !== undefined) return [operation];
  return expandKeys(value, type).map(([key, held]) => ({ op, path: key, value: held }));
}

/**
 * The entries of `object` with corrected keys, those of extensions and of the core schema opened;
 * without what `type` does not have and what only the service sets.
 */
export function expandKeys(object: JsonObject, type: ResourceType): readonly Entry[] {
  return Object.entries(object)
    .flatMap(([key, value]) => open(correctName(key, type), value, type))
    .filter(([name]) => isWritable(name, type));
}

type Entry = readonly [name: string, value: Json];

function open(name: string, value: Json, type: ResourceType): readonly Entry[] {
  const container = isObject(value) ? containerOf(name, type) : undefined;
  if (container === undefined || !isObject(value)) return [[name, value]];
  return Object.entries(value).map(([inner, held]) => [`${container}:${inner}`, held]);
}

/** The URN of the schema whose attributes stand under `name`. */
function containerOf(name: string, type: ResourceType): string | undefined {
  if (name.toLowerCase() === type.schema.id.toLowerCase()) return type.schema.id;
  const attribute = attributeNamed(rootAttributes(type), name);
  return attribute && isExtension(attribute) ? attribute.name : undefined;
}

function isWritable(name: string, type: ResourceType): boolean {
  const [head = ""] = name.split("[", 1);
  const found = findAttribute(head, type);
  return found !== undefined && found.attribute.mutability !== "readOnly";
}
