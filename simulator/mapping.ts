import type { SourceAttribute, SourceUser } from "./directory.ts";
import { parseTarget, type Target } from "./target.ts";

export const enterpriseUrn = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
export const roleType = "WindowsAzureActiveDirectoryRole";

/** How app roles are mapped: not at all, or by one of Entra's three expressions. */
export type RoleMapping = "none" | "single" | "complex" | "assertive";

export interface Mapping {
  readonly target: Target;
  readonly value: (user: SourceUser) => string | undefined;
  /** An expression yields "" where a direct mapping has nothing to send. */
  readonly isExpression: boolean;
}

const direct = (path: string, attribute: SourceAttribute): Mapping => ({
  target: parseTarget(path),
  value: (user) => user.attributes[attribute],
  isExpression: false,
});

const expression = (path: string, value: (user: SourceUser) => string): Mapping => ({
  target: parseTarget(path),
  value,
  isExpression: true,
});

/** `SingleAppRoleAssignment([appRoleAssignments])`: more than one assignment yields one of them. */
const singleRole = expression('roles[primary eq "True"].value', ({ roles }) => roles[0] ?? "");

/** Entra's default table for an application outside the gallery, without `active` and `manager`. */
const defaults: readonly Mapping[] = [
  { ...direct("userName", "userPrincipalName"), value: userNameOf },
  direct("displayName", "displayName"),
  direct("title", "jobTitle"),
  direct('emails[type eq "work"].value', "mail"),
  direct("preferredLanguage", "preferredLanguage"),
  direct("name.givenName", "givenName"),
  direct("name.familyName", "surname"),
  expression("name.formatted", fullName),
  direct('addresses[type eq "work"].formatted', "physicalDeliveryOfficeName"),
  direct('addresses[type eq "work"].streetAddress', "streetAddress"),
  direct('addresses[type eq "work"].locality', "city"),
  direct('addresses[type eq "work"].region', "state"),
  direct('addresses[type eq "work"].postalCode', "postalCode"),
  direct('addresses[type eq "work"].country', "country"),
  direct('phoneNumbers[type eq "work"].value', "telephoneNumber"),
  direct('phoneNumbers[type eq "mobile"].value', "mobile"),
  direct('phoneNumbers[type eq "fax"].value', "facsimileTelephoneNumber"),
  direct(`${enterpriseUrn}:employeeNumber`, "employeeId"),
  direct(`${enterpriseUrn}:department`, "department"),
];

export type MatchAttribute = "userName" | "externalId" | "email";

/** The table of one job: matching by externalId goes with the advice to map it from objectId. */
export function mappingsOf(match: MatchAttribute, roles: RoleMapping): readonly Mapping[] {
  const externalId =
    match === "externalId"
      ? { ...direct("externalId", "mailNickname"), value: ({ objectId }: SourceUser) => objectId }
      : direct("externalId", "mailNickname");
  return [externalId, ...defaults, ...(roles === "single" ? [singleRole] : [])];
}

/** The home tenant's suffix of a guest's name is stripped before it is sent. */
function userNameOf({ attributes }: SourceUser): string | undefined {
  return attributes.userPrincipalName?.replace(/#EXT#@.*$/iu, "");
}

/** `Join(" ", [givenName], [surname])`. */
function fullName({ attributes: { givenName, surname } }: SourceUser): string {
  return [givenName, surname].filter(Boolean).join(" ");
}
