import type { JsonObject } from "./json.ts";
import { enterpriseUrn, type RoleMapping, roleType } from "./mapping.ts";

export const userUrn = "urn:ietf:params:scim:schemas:core:2.0:User";
export const groupUrn = "urn:ietf:params:scim:schemas:core:2.0:Group";
const microsoftGroupUrn =
  "http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group";

export interface NewUser {
  /** By target path; what is missing or empty is left out. */
  readonly values: ReadonlyMap<string, string | undefined>;
  readonly active: boolean;
  readonly roles: readonly string[];
  readonly roleMapping: RoleMapping;
}

/** The body of POST /Users: what has no value is not in it, except that `roles` is always there. */
export function createUserBody({ values, active, roles, roleMapping }: NewUser): JsonObject {
  const value = (path: string) => values.get(path) || undefined;
  return compact({
    schemas: [userUrn, enterpriseUrn],
    externalId: value("externalId"),
    userName: value("userName"),
    active,
    displayName: value("displayName"),
    title: value("title"),
    preferredLanguage: value("preferredLanguage"),
    name: group(["givenName", "familyName", "formatted"], (sub) => value(`name.${sub}`)),
    emails: list([element("emails", "work", ["value"], value)]),
    addresses: list([element("addresses", "work", addressParts, value)]),
    phoneNumbers: list(
      ["work", "mobile", "fax"].map((type) => element("phoneNumbers", type, ["value"], value)),
    ),
    [enterpriseUrn]: group(["employeeNumber", "department"], (sub) =>
      value(`${enterpriseUrn}:${sub}`),
    ),
    meta: { resourceType: "User" },
    roles: rolesOf(roleMapping, roles, value('roles[primary eq "True"].value')),
  });
}

/** The body of POST /Groups: groups are created empty and bring a schema of Microsoft's own. */
export const createGroupBody = (externalId: string, displayName: string): JsonObject => ({
  schemas: [groupUrn, microsoftGroupUrn],
  externalId,
  displayName,
  meta: { resourceType: "Group" },
});

/** A role as an object, as it is in a POST and in the flagged PATCH. */
export const roleObject = (role: string): JsonObject => ({
  primary: false,
  type: roleType,
  display: role,
  value: role,
});

const addressParts = [
  "formatted",
  "streetAddress",
  "locality",
  "region",
  "postalCode",
  "country",
] as const;

type Lookup = (path: string) => string | undefined;

function element(
  attribute: string,
  type: string,
  subs: readonly string[],
  value: Lookup,
): JsonObject | undefined {
  const found = group(subs, (sub) => value(`${attribute}[type eq "${type}"].${sub}`));
  if (!found) return undefined;
  return type === "work" ? { primary: true, type, ...found } : { type, ...found };
}

function rolesOf(mapping: RoleMapping, roles: readonly string[], single: string | undefined) {
  if (mapping === "single" && single !== undefined) {
    return [{ primary: true, type: roleType, value: single }];
  }
  return mapping === "complex" || mapping === "assertive" ? roles.map(roleObject) : [];
}

function group(names: readonly string[], value: Lookup): JsonObject | undefined {
  const found = compact(Object.fromEntries(names.map((name) => [name, value(name)])));
  return Object.keys(found).length === 0 ? undefined : found;
}

function list(elements: readonly (JsonObject | undefined)[]): readonly JsonObject[] | undefined {
  const found = elements.filter((one) => one !== undefined);
  return found.length === 0 ? undefined : found;
}

const compact = (object: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));
