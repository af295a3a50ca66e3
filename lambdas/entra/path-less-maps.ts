import { findAttribute, printAttributePath } from "../scim/attribute-path.ts";
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
 * without what `type` does not have and what only the service sets. Where a key had to be corrected
 * to name what another names rightly, it gives way, wherever it stands: Microsoft's samples have
 * `"department": null` beside the department of the extension. Of equals the later prevails.
 */
export function expandKeys(object: JsonObject, type: ResourceType): readonly Entry[] {
  const opened = Object.entries(object)
    .flatMap(([key, value]) => open(key, value, type))
    .flatMap((entry) => aim(entry, type));
  const right = new Set(opened.flatMap(({ isRight, at }) => (isRight ? [at] : [])));
  return opened
    .filter(({ isRight, at }) => isRight || !right.has(at))
    .map(({ name, value }) => [name, value]);
}

type Entry = readonly [name: string, value: Json];

interface Opened {
  readonly name: string;
  readonly value: Json;
  /** Whether the key named it so. */
  readonly isRight: boolean;
}

function open(key: string, value: Json, type: ResourceType): readonly Opened[] {
  const name = correctName(key, type);
  const isRight = name === key.trim();
  const container = isObject(value) ? containerOf(name, type) : undefined;
  if (container === undefined || !isObject(value)) return [{ name, value, isRight }];
  return Object.entries(value).map(([inner, held]) => ({
    name: `${container}:${inner}`,
    value: held,
    isRight,
  }));
}

/** The entry and where it leads, if that is anything that a client may set. */
function aim(entry: Opened, type: ResourceType): readonly (Opened & { readonly at: string })[] {
  const [head = ""] = entry.name.split("[", 1);
  const found = findAttribute(head.trim(), type);
  if (!found || found.attribute.mutability === "readOnly") return [];
  return [{ ...entry, at: `${printAttributePath(found)}${entry.name.slice(head.length)}` }];
}

/** The URN of the schema whose attributes stand under `name`. */
function containerOf(name: string, type: ResourceType): string | undefined {
  if (name.toLowerCase() === type.schema.id.toLowerCase()) return type.schema.id;
  const attribute = attributeNamed(rootAttributes(type), name);
  return attribute && isExtension(attribute) ? attribute.name : undefined;
}
