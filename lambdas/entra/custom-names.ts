import { isArray, isObject, type Json } from "../scim/json.ts";
import { memberOf } from "../scim/patch/read.ts";
import type { ResourceType } from "../scim/schema.ts";
import { correctUrn } from "./misnamed-attributes.ts";

/** A custom attribute that a client has named, and the URN of its extension. */
export interface Mention {
  readonly urn: string;
  readonly name: string;
}

const urnForm = /^urn:[a-z0-9-]+:[\w.:-]+$/i;
/** A URN that ends so is an extension's own, not that of an attribute in it. */
const extensionForm = /:\d+(?:\.\d+)*:[\w-]+$/;
/** These are the standard's: a core schema is never an extension of another resource's. */
const reservedForm = /^urn:ietf:params:scim:(?:schemas:core|api):/i;
/**
 * Letters of any script, and digits first too: RFC 7643, section 2.1 allows neither, Entra's
 * administrators type both. A dot or a space cannot be kept, since a path ends or is split there,
 * and an attribute that is named otherwise than it was sent would be sent again in every cycle: so
 * what has one is nobody's attribute.
 */
const nameForm = /^[\p{L}\p{M}\p{N}_$-]+$/u;
const maxLength = 300;

/** The custom attributes that a filter's text, a resource or a PatchOp names. */
export function mentionsIn(source: Json | undefined, type: ResourceType): readonly Mention[] {
  if (typeof source === "string") {
    const words = source.match(/urn:[^\s()[\]"]+/gi) ?? [];
    return words.flatMap((word) => mentionsOf(word, null, type));
  }
  if (!isObject(source)) return [];

  const operations = memberOf(source, "Operations");
  if (isArray(operations)) return operations.flatMap((one) => mentionsInOperation(one, type));
  return mentionsInMap(source, type);
}

function mentionsInOperation(operation: Json, type: ResourceType): readonly Mention[] {
  if (!isObject(operation)) return [];
  const path = memberOf(operation, "path") ?? "";
  const value = memberOf(operation, "value") ?? null;
  if (typeof path === "string" && path.trim() !== "") return mentionsOf(path, value, type);
  return mentionsInMap(value, type);
}

function mentionsInMap(map: Json, type: ResourceType): readonly Mention[] {
  if (!isObject(map)) return [];
  return Object.entries(map).flatMap(([key, value]) => mentionsOf(key, value, type));
}

/** `text` names an extension if it has the form of one and an object goes with it, else an attribute behind its last colon. */
function mentionsOf(text: string, value: Json, type: ResourceType): readonly Mention[] {
  const name = correctUrn(text.trim());
  if (name.length > maxLength || isKnown(name, type)) return [];
  if (isObject(value)) {
    const strings = Object.entries(value).filter(([, held]) => typeof held === "string");
    return strings.flatMap(([inner]) => mention(name, inner));
  }
  if (isExtension(name) || (value !== null && typeof value !== "string")) return [];
  const colon = name.lastIndexOf(":");
  return mention(name.slice(0, colon), name.slice(colon + 1));
}

function mention(urn: string, name: string): readonly Mention[] {
  if (!isExtension(urn) || reservedForm.test(urn)) return [];
  const isName = nameForm.test(name) && name.length <= maxLength && !(name in Object.prototype);
  return isName ? [{ urn, name }] : [];
}

function isExtension(text: string): boolean {
  return urnForm.test(text) && extensionForm.test(text);
}

/** What begins with the URN of a schema of the type is, or is not, an attribute of that. */
function isKnown(name: string, type: ResourceType): boolean {
  const lower = name.toLowerCase();
  return [type.schema, ...type.extensions.map(({ schema }) => schema)]
    .map(({ id }) => id.toLowerCase())
    .some((id) => lower === id || lower.startsWith(`${id}:`) || lower.startsWith(`${id}.`));
}
