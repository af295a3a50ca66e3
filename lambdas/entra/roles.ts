import { attributeNamed, subAttributesOf } from "../scim/attributes.ts";
import { hasTooManyMarks } from "../scim/combining-marks.ts";
import { isArray, isObject, type Json, type JsonObject } from "../scim/json.ts";
import { memberOf } from "../scim/patch/read.ts";
import type { Attribute } from "../scim/schema.ts";
import { mapItems } from "./map-json.ts";
import { readStringBooleans } from "./string-booleans.ts";

/**
 * Entra writes a role as JSON inside the string that is its `value`, and calls its `display`
 * `displayName`. A string that holds no such JSON is a role's value as it is.
 */
export function readRoles(value: Json, attribute: Attribute): Json {
  const isOfRoles = attribute.name === "roles" && valueOf(attribute) !== undefined;
  if (!isOfRoles) return value;
  if (isArray(value)) return mapItems(value, (one) => readRole(one, attribute));
  return readRole(value, attribute);
}

function readRole(role: Json, attribute: Attribute): Json {
  if (typeof role === "string") return readJsonRole(role, attribute) ?? role;
  if (!isObject(role)) return role;

  const text = memberOf(role, "value");
  const inner = typeof text === "string" ? readJsonRole(text, attribute) : undefined;
  if (!inner) return withDisplay(role);
  // What the JSON says prevails over what stands beside it, however that is spelt.
  const others = Object.entries(role).filter(([name]) => memberOf(inner, name) === undefined);
  return withDisplay({ ...Object.fromEntries(others), ...inner });
}

/** The role that `text` is as JSON: undefined unless it has a value, and nothing that a role may not have there. */
function readJsonRole(text: string, attribute: Attribute): JsonObject | undefined {
  if (!text.trimStart().startsWith("{")) return undefined;
  const parsed = parseJson(text);
  if (!isObject(parsed)) return undefined;

  const given = Object.entries(withDisplay(parsed)).filter(([, member]) => member !== null);
  const role = readStringBooleans(Object.fromEntries(given), attribute);
  return isObject(role) && isRole(role, attribute) ? role : undefined;
}

function isRole(role: JsonObject, attribute: Attribute): boolean {
  const names = Object.keys(role).map((name) => name.toLowerCase());
  const isOdd = ([name, member]: readonly [string, Json]) => {
    const sub = attributeNamed(subAttributesOf(attribute), name);
    const wanted = sub?.type === "boolean" ? "boolean" : "string";
    return (sub !== undefined || name.toLowerCase() === "displayname") && typeof member !== wanted;
  };
  const value = memberOf(role, "value");
  const hasValue = typeof value === "string" && value !== "";
  return hasValue && new Set(names).size === names.length && !Object.entries(role).some(isOdd);
}

function withDisplay(role: JsonObject): JsonObject {
  const displayName = memberOf(role, "displayName");
  if (typeof displayName !== "string" || memberOf(role, "display") !== undefined) return role;
  return { ...role, display: displayName };
}

function valueOf(attribute: Attribute): Attribute | undefined {
  return attributeNamed(subAttributesOf(attribute), "value");
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text, (_, value: unknown) => keepable(value));
  } catch {
    return undefined;
  }
}

/** What the body may not hold it may not hold in text inside of text either. */
function keepable(value: unknown): unknown {
  if (typeof value !== "string" || (value.isWellFormed() && !hasTooManyMarks(value))) return value;
  throw new Error("The text cannot be kept.");
}
