import { type AttributePath, findAttribute } from "../attribute-path.ts";
import { pathsIn } from "../filter/filter.ts";
import { isArray, isObject, type Json, type JsonObject, own } from "../json.ts";
import type { Path } from "../path.ts";
import type { ResourceType } from "../schema.ts";

/** Values gone through, each by every condition of a filter, that the operations of one PATCH may make: about a second's worth. */
export const mostWork = 1_000_000;

/** What is brought is read, told apart from what is held and merged with it. */
const costOfNew = 4;

/** How much an operation goes through: the values that are held where it leads, and those it brings. */
export function workOf(
  resource: JsonObject,
  path: Path | undefined,
  value: Json | undefined,
  type: ResourceType,
): number {
  const brought = isArray(value) ? value.length * costOfNew : 1;
  if (path) {
    const { attribute, filter, extension } = path;
    const held = heldAt(resource, { extension, attribute, subAttribute: undefined });
    const size = sizeOf(held) + (isArray(held) ? textOf(held) / 100 : 0);
    const conditions = filter ? pathsIn(filter).length : 1;
    return brought + size * conditions + (extension ? sizeOf(own(resource, extension.name)) : 0);
  }
  const names = isObject(value) ? Object.keys(value) : [];
  return names.reduce((sum, name) => {
    const found = findAttribute(name, type);
    return sum + (found ? sizeOf(heldAt(resource, found)) : 1);
  }, brought);
}

function heldAt(resource: JsonObject, { extension, attribute }: AttributePath): Json | undefined {
  const holder = extension ? own(resource, extension.name) : resource;
  return isObject(holder) ? own(holder, attribute.name) : undefined;
}

function sizeOf(value: Json | undefined): number {
  if (isArray(value)) return value.length;
  return isObject(value) ? Object.keys(value).length : 1;
}

/** More text than a value usually has takes long to compare. */
const usualText = 300;

/** How many characters a list of values has beyond the usual; counted once for each, since values are not changed in place. */
function textOf(values: readonly Json[]): number {
  return values.reduce((sum: number, value) => {
    if (!isObject(value)) return sum + Math.max(0, textLength(value) - usualText);
    const known = textLengths.get(value) ?? JSON.stringify(value).length;
    textLengths.set(value, known);
    return sum + Math.max(0, known - usualText);
  }, 0);
}

function textLength(value: Json): number {
  return typeof value === "string" ? value.length : 0;
}

const textLengths = new WeakMap<JsonObject, number>();
