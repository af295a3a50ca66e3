import { isArray, isObject, type Json, type JsonObject } from "../scim/json.ts";
import type { Attribute } from "../scim/schema.ts";

/**
 * Entra writes a role as JSON inside the string that is its `value`, and calls its `display`
 * `displayName`. A string that holds no such JSON is a role's value as it is.
 */
export function readRoles(value: Json, attribute: Attribute): Json {
  if (attribute.name !== "roles") return value;
  if (isArray(value)) return value.map((one) => readRole(one));
  return readRole(value);
}

function readRole(role: Json): Json {
  if (typeof role === "string") return readJsonRole(role) ?? role;
  if (!isObject(role)) return role;

  const [name, text] =
    Object.entries(role).find(([member]) => member.toLowerCase() === "value") ?? [];
  const inner = typeof text === "string" ? readJsonRole(text) : undefined;
  const others = Object.entries(role).filter(([member]) => member !== name);
  return withDisplay(inner ? { ...Object.fromEntries(others), ...inner } : role);
}

/** The role that `text` is as JSON, if it is one that has a value. */
function readJsonRole(text: string): JsonObject | undefined {
  if (!text.trimStart().startsWith("{")) return undefined;
  const role = parseJson(text);
  return isObject(role) && typeof role["value"] === "string" ? withDisplay(role) : undefined;
}

function withDisplay(role: JsonObject): JsonObject {
  const displayName = Object.hasOwn(role, "displayName") ? role["displayName"] : undefined;
  if (displayName === undefined || Object.hasOwn(role, "display")) return role;
  return { ...role, display: displayName };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
