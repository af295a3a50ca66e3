import { isArray, isObject, type JsonObject } from "../../scim/json.ts";
import { countKey, type Key, type Kind, lookupPartition } from "./keys.ts";
import { formatVersion, type Table } from "./table.ts";
import type { Write } from "./transact.ts";

/** The writes that turn one set of lookups into another: only the difference, since a transaction refuses an item twice. */
export function lookupWrites(
  table: Table,
  before: readonly Key[],
  after: readonly Key[],
): readonly Write[] {
  const gone = missingFrom(before, after).map((key) => ({
    Delete: { TableName: table.name, Key: key },
  }));
  const added = missingFrom(after, before).map((key) => ({
    Put: { TableName: table.name, Item: { ...key, v: formatVersion } },
  }));
  return [...gone, ...added];
}

function missingFrom(keys: readonly Key[], others: readonly Key[]): readonly Key[] {
  const names = new Set(others.map(nameOf));
  const distinct = new Map(keys.map((key) => [nameOf(key), key]));
  return [...distinct.values()].filter((key) => !names.has(nameOf(key)));
}

const nameOf = ({ pk, sk }: Key) => `${pk} ${sk}`;

/** The lookup items of a user. */
export function userLookups(tenant: string, id: string, user: JsonObject): readonly Key[] {
  const emails = emailsOf(user).map((email) => lookupPartition(tenant, "EMAIL", email));
  const ofEmails = emails.map((pk) => ({ pk, sk: `USER#${id}` }));
  return [...externalIdLookups(tenant, "USER", id, user), ...ofEmails];
}

/** The lookup items of a group. */
export function groupLookups(tenant: string, id: string, group: JsonObject): readonly Key[] {
  const pk = lookupPartition(tenant, "GROUPNAME", textOf(group, "displayName"));
  return [...externalIdLookups(tenant, "GROUP", id, group), { pk, sk: `GROUP#${id}` }];
}

/** The lookup item of the identifier that the client gave to a resource. */
export function externalIdLookups(
  tenant: string,
  kind: Kind,
  id: string,
  resource: JsonObject,
): readonly Key[] {
  const value = textOf(resource, "externalId");
  return value === ""
    ? []
    : [{ pk: lookupPartition(tenant, "EXTERNALID", value), sk: `${kind}#${id}` }];
}

/** The values of a user's e-mails. */
export function emailsOf(user: JsonObject): readonly string[] {
  const emails = isArray(user.emails) ? user.emails : [];
  const values = emails.map((email) => (isObject(email) ? email.value : undefined));
  return values.filter((value) => typeof value === "string" && value !== "") as string[];
}

/** A string attribute's value, or the empty string. */
export function textOf(resource: JsonObject, name: string): string {
  const value = resource[name];
  return typeof value === "string" ? value : "";
}

/** Adds to the tenant's exact count of resources of a kind. */
export function countWrite(
  table: Table,
  tenant: string,
  kind: Kind,
  id: string,
  by: 1 | -1,
): Write {
  return {
    Update: {
      TableName: table.name,
      Key: countKey(tenant, kind, id),
      UpdateExpression: "SET v = :v ADD #total :by",
      ExpressionAttributeNames: { "#total": "total" },
      ExpressionAttributeValues: { ":by": by, ":v": formatVersion },
    },
  };
}
