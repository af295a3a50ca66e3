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
const nameForm = /^[a-z][\w$-]*$/i;
/** A URN that ends so is an extension's own, not that of an attribute in it. */
const extensionForm = /:\d+(?:\.\d+)*:[\w-]+$/;
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
  if (name.length > maxLength || !urnForm.test(name) || isKnown(name, type)) return [];
  if (isObject(value)) {
    if (!extensionForm.test(name)) return [];
    const strings = Object.entries(value).filter(([, held]) => typeof held === "string");
    return strings.flatMap(([inner]) => mention(name, inner));
  }
  if (extensionForm.test(name) || (value !== null && typeof value !== "string")) return [];
  const colon = name.lastIndexOf(":");
  return mention(name.slice(0, colon), name.slice(colon + 1));
}

function mention(urn: string, name: string): readonly Mention[] {
  if (!extensionForm.test(urn)) return [];
  const isName = nameForm.test(name) && name.length <= maxLength && !(name in Object.prototype);
  return isName && urnForm.test(urn) ? [{ urn, name }] : [];
}

/** What begins with the URN of a schema of the type is, or is not, an attribute of that. */
function isKnown(name: string, type: ResourceType): boolean {
  const lower = name.toLowerCase();
  return [type.schema, ...type.extensions.map(({ schema }) => schema)]
    .map(({ id }) => id.toLowerCase())
    .some((id) => lower === id || lower.startsWith(`${id}:`) || lower.startsWith(`${id}.`));
}
