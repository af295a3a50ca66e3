import { invalidValue } from "../scim/errors.ts";
import { isObject, type Json } from "../scim/json.ts";
import type { Attribute, ResourceType, Schema } from "../scim/schema.ts";
import { attribute } from "../scim/schemas/define.ts";
import { type Mention, mentionsIn } from "./custom-names.ts";
import type { Aimed } from "./departure.ts";

/** As many custom attributes as one user may have; Entra's own limit is far below. */
const maxAttributes = 500;

const description = "Attributes that a client sends under a schema of its own.";

/** Names of attributes by the extension's URN, each in the spelling that was met first. */
type Extensions = Map<string, { readonly urn: string; readonly names: Map<string, string> }>;

/**
 * `type` with the extensions that Entra made up and that `sources` mention: a body, the resource
 * as it is stored, the text of a filter. Their attributes are single strings. What is accepted but
 * not given back would be sent again in every cycle, so they are kept like any other. The very
 * same type if there are none. Give the stored resource first: its spelling is kept.
 */
export function withCustomExtensions(
  type: ResourceType,
  ...sources: readonly (Json | undefined)[]
): ResourceType {
  return extended(type, sources, checkCount);
}

/** The same where nothing is written: a filter may name what a resource with as many as it may have lacks. */
export function withMentionedExtensions(
  type: ResourceType,
  ...sources: readonly (Json | undefined)[]
): ResourceType {
  return extended(type, sources, () => {});
}

function extended(
  type: ResourceType,
  sources: readonly (Json | undefined)[],
  check: (extensions: Extensions) => void,
): ResourceType {
  const extensions: Extensions = new Map();
  for (const mention of sources.flatMap((source) => mentionsIn(source, type))) {
    add(extensions, mention);
  }
  if (extensions.size === 0) return type;
  check(extensions);

  const added = [...extensions.values()].map((found) => ({
    schema: customSchema(found.urn, [...found.names.values()]),
    required: false,
  }));
  return { ...type, extensions: [...type.extensions, ...added] };
}

/** Whether `extension` is one that withCustomExtensions added. */
export function isCustom(extension: Attribute): boolean {
  return extension.description === description;
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

function add(extensions: Extensions, { urn, name }: Mention): void {
  const key = urn.toLowerCase();
  const found = extensions.get(key) ?? { urn, names: new Map<string, string>() };
  extensions.set(key, found);
  if (!found.names.has(name.toLowerCase())) found.names.set(name.toLowerCase(), name);
}

function checkCount(extensions: Extensions): void {
  const counts = [...extensions.values()].map(({ names }) => names.size);
  const count = counts.reduce((sum, size) => sum + size, 0);
  if (count > maxAttributes) {
    throw invalidValue(`There are ${count} custom attributes; at most ${maxAttributes} are kept.`);
  }
}

function customSchema(urn: string, names: readonly string[]): Schema {
  const attributes = names.map((name) => attribute(name, "A custom attribute."));
  return { id: urn, name: urn, description, attributes };
}
