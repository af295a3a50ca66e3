import { type AttributePath, findAttribute, printAttributePath } from "./attribute-path.ts";
import { attributeNamed, isExtension, subAttributesOf } from "./attributes.ts";
import { invalidPath, ScimError } from "./errors.ts";
import { type Filter, pathsIn } from "./filter/filter.ts";
import { type PathText, parsePathText } from "./filter/parse.ts";
import { quoted } from "./json.ts";
import type { ResourceType } from "./schema.ts";

/** What a PATCH operation is aimed at: an attribute, and which of its values if it has a filter. */
export interface Path extends AttributePath {
  readonly filter: Filter | undefined;
}

/**
 * Reads the path of a PATCH operation (RFC 7644, section 3.5.2, figure 7).
 * @throws invalidPath if it is malformed or names what `type` does not have.
 */
export function parsePath(text: string, type: ResourceType): Path {
  const path = findPath(text, type);
  if (!path) throw invalidPath(`The path ${quoted(text)} names no attribute of a ${type.name}.`);
  return path;
}

/** As parsePath, but undefined where `text` is well-formed and names what `type` does not have. */
export function findPath(text: string, type: ResourceType): Path | undefined {
  const { head, filter, subAttribute } = text.includes("[") ? readBrackets(text) : plain(text);
  const found = findAttribute(head, type);
  if (!found || !filter) return found && { ...found, filter };

  // The values of a sub-attribute have no parts that a filter could choose by, an extension no values.
  if (found.subAttribute || isExtension(found.attribute) || !knows(filter, found)) return undefined;
  if (subAttribute === undefined) return { ...found, filter };
  const sub = attributeNamed(subAttributesOf(found.attribute), subAttribute);
  return sub && { ...found, filter, subAttribute: sub };
}

/** The path without its filter, as an error names it. */
export const printPath = printAttributePath;

function plain(text: string): PathText {
  const head = text.trim();
  if (!/^[a-z$][^\s()\]"]*$/i.test(head)) throw malformed(text);
  return { head, filter: undefined, subAttribute: undefined };
}

function readBrackets(text: string): PathText {
  try {
    return parsePathText(text);
  } catch (error) {
    // What is wrong with the filter of a path is wrong with the path.
    if (error instanceof ScimError) throw malformed(text, error.detail);
    throw error;
  }
}

function knows(filter: Filter, { attribute }: AttributePath): boolean {
  if (attribute.type !== "complex")
    return pathsIn(filter).every((path) => path.toLowerCase() === "value");
  const known = subAttributesOf(attribute);
  return pathsIn(filter).every((path) => attributeNamed(known, path) !== undefined);
}

function malformed(text: string, why = `Write attribute, attribute.sub or attribute[filter].sub.`) {
  return invalidPath(`The path ${quoted(text)} cannot be read. ${why}`);
}
