import { findAttribute } from "../scim/attribute-path.ts";
import { maxNames } from "../scim/names.ts";
import type { ResourceType } from "../scim/schema.ts";
import { enterpriseUserUrn } from "../scim/urns.ts";
import { isCustom } from "./custom-schema.ts";

const mistypedUrn = enterpriseUserUrn.replace(":User", "User");

/**
 * The name, key or path that Entra meant by `text`: it mistypes the enterprise extension's URN,
 * puts a dot where the extension's attribute begins, and names the extension's attributes without
 * its URN. What it names rightly is left alone.
 */
export function correctName(text: string, type: ResourceType): string {
  const corrected = dotToColon(correctUrn(text.trim()), type);
  const bracket = corrected.indexOf("[");
  const head = (bracket < 0 ? corrected : corrected.slice(0, bracket)).trim();
  if (head.includes(":")) return corrected;
  if (findAttribute(head, type)) return corrected;
  // Custom attributes are never named without their URN: an unknown name that happens to be that of one is another's.
  const owner = type.extensions.find(
    ({ schema }) => !isCustom(schema) && findAttribute(`${schema.id}:${head}`, type),
  );
  return owner ? `${owner.schema.id}:${corrected}` : corrected;
}

/** A list of names, such as `attributes`, with each of them corrected. */
export function correctNames(text: string, type: ResourceType): string {
  return text
    .split(",", maxNames)
    .map((name) => correctName(name, type))
    .join();
}

/** `urn:…:enterprise:2.0User` is what Microsoft's samples call `urn:…:enterprise:2.0:User`. */
export function correctUrn(text: string): string {
  const isMistyped = text.toLowerCase().startsWith(mistypedUrn.toLowerCase());
  return isMistyped ? `${enterpriseUserUrn}${text.slice(mistypedUrn.length)}` : text;
}

/** The oldest clients write `urn:…:User.department`. */
function dotToColon(text: string, type: ResourceType): string {
  if (!text.includes(":")) return text;
  const lower = text.toLowerCase();
  const urns = [type.schema, ...type.extensions.map(({ schema }) => schema)].map(({ id }) => id);
  const urn = urns.find((id) => lower.startsWith(`${id.toLowerCase()}.`));
  return urn ? `${urn}:${text.slice(urn.length + 1)}` : text;
}
