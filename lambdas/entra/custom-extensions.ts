import { isObject, type Json } from "../scim/json.ts";
import type { ResourceType } from "../scim/schema.ts";
import { type Mention, mentionsIn } from "./custom-names.ts";
import { customSchema, isCustom } from "./custom-schema.ts";
import type { Aimed } from "./departure.ts";

/** As many custom attributes as one user may have; Entra's own limit is far below. */
const maxAttributes = 500;
/** Every name that a client sends is compared with the URN of each extension. */
const maxExtensions = 50;

/** Names of attributes by the extension's URN, each in the spelling that was met first. */
type Extensions = Map<string, { readonly urn: string; readonly names: Map<string, string> }>;

/**
 * `type` with the extensions that Entra made up and that `sources` mention: a body, the resource
 * as it is stored, the text of a filter. Their attributes are single strings. What is accepted but
 * not given back would be sent again in every cycle, so they are kept like any other, as many as
 * one user may have: those beyond are unknown, so that what else the request says is done, such as
 * to disable a leaver. The very same type if there are none. Give the stored resource first: its
 * spelling is kept, and none of what it has is beyond the limit.
 */
export function withCustomExtensions(
  type: ResourceType,
  ...sources: readonly (Json | undefined)[]
): ResourceType {
  return extended(type, sources, { attributes: maxAttributes, extensions: maxExtensions });
}

/** The same where nothing is written: a filter may name what a resource with as many as it may have lacks. */
export function withMentionedExtensions(
  type: ResourceType,
  ...sources: readonly (Json | undefined)[]
): ResourceType {
  return extended(type, sources, { attributes: Infinity, extensions: Infinity });
}

function extended(
  type: ResourceType,
  sources: readonly (Json | undefined)[],
  most: { readonly attributes: number; readonly extensions: number },
): ResourceType {
  const extensions: Extensions = new Map();
  let left = most.attributes;
  for (const mention of sources.flatMap((source) => mentionsIn(source, type))) {
    const isKept = extensions.size < most.extensions || extensions.has(mention.urn.toLowerCase());
    if (left > 0 && isKept && add(extensions, mention)) left -= 1;
  }
  if (extensions.size === 0) return type;

  const added = [...extensions.values()].map((found) => ({
    schema: customSchema(found.urn, [...found.names.values()]),
    required: false,
  }));
  return { ...type, extensions: [...type.extensions, ...added] };
}

/** Whether `value` is what Entra sends for a custom attribute. */
export function isStringOrNull(value: Json): boolean {
  return typeof value === "string" || value === null;
}

/** Drops an operation that gives a custom attribute anything else than a string. */
export function dropNonStrings(operation: Aimed): readonly Aimed[] {
  const { op, path, value = null } = operation;
  const { extension, attribute } = path;
  // A string for an extension as a whole says nothing of its attributes.
  if (op !== "remove" && isCustom(attribute) && !isObject(value)) return [];
  if (op === "remove" || !extension || !isCustom(extension)) return [operation];
  return isStringOrNull(value) ? [operation] : [];
}

/** Whether `mention` was not among `extensions` before. */
function add(extensions: Extensions, { urn, name }: Mention): boolean {
  const key = urn.toLowerCase();
  const found = extensions.get(key) ?? { urn, names: new Map<string, string>() };
  extensions.set(key, found);
  if (found.names.has(name.toLowerCase())) return false;
  found.names.set(name.toLowerCase(), name);
  return true;
}
