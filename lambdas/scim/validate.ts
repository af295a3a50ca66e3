import { rootAttributes } from "./attributes.ts";
import { invalidSyntax } from "./errors.ts";
import { isArray, isObject, type Json, type JsonObject, own, withMember } from "./json.ts";
import { checkRequired } from "./required.ts";
import type { ResourceType } from "./schema.ts";
import { readMembersOf } from "./values.ts";

/**
 * Reads the body of a POST or PUT: what a client may set of a resource of `type`, with its
 * `schemas` (RFC 7644, sections 3.3 and 3.5.1). Read-only and unknown attributes are left out,
 * values are kept as they are. @throws invalidSyntax, invalidValue
 */
export function readResource(body: Json | undefined, type: ResourceType): JsonObject {
  if (!isObject(body))
    throw invalidSyntax(`The body must be a JSON object that is a ${type.name}.`);
  const listed = readSchemas(body, type);

  const resource = readMembersOf(rootAttributes(type), body, (name) => name);
  checkRequired(resource, type);
  const schemas = schemasOf(resource, type);
  const missing = schemas.find((urn) => !listed.has(urn.toLowerCase()));
  if (missing !== undefined)
    throw invalidSyntax(`"schemas" must list "${missing}", of which the body has attributes.`);
  return { schemas, ...resource };
}

/** The schemas that `resource` holds something of (RFC 7643, section 3). */
export function schemasOf(resource: JsonObject, type: ResourceType): readonly string[] {
  const held = type.extensions.filter(({ schema }) => Object.hasOwn(resource, schema.id));
  return [type.schema.id, ...held.map(({ schema }) => schema.id)];
}

/** `resource` with `schemas` that say what it holds; the very same object if they do already. */
export function withSchemas(resource: JsonObject, type: ResourceType): JsonObject {
  const schemas = schemasOf(resource, type);
  const given = own(resource, "schemas");
  const isExact =
    isArray(given) &&
    given.length === schemas.length &&
    schemas.every((urn) => given.includes(urn));
  return isExact ? resource : withMember(resource, "schemas", schemas);
}

/** What the body says to be made of, in lower case. */
function readSchemas(body: JsonObject, type: ResourceType): ReadonlySet<string> {
  const [, schemas] = Object.entries(body).find(([name]) => name.toLowerCase() === "schemas") ?? [];
  const urns = isArray(schemas) ? schemas : [];
  const listed = new Set(
    urns.flatMap((urn) => (typeof urn === "string" ? [urn.toLowerCase()] : [])),
  );
  if (listed.has(type.schema.id.toLowerCase())) return listed;
  throw invalidSyntax(`"schemas" must be a list that has "${type.schema.id}".`);
}
