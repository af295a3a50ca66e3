import type { Context } from "./context.ts";
import type { SourceGroup, SourceUser } from "./directory.ts";
import type { Found, Resource } from "./endpoint.ts";
import type { Mapping, MatchAttribute } from "./mapping.ts";
import { equals, filterQuery, withoutMembers } from "./query.ts";
import { readTarget } from "./target.ts";

const matchPaths: Record<MatchAttribute, string> = {
  userName: "userName",
  externalId: "externalId",
  email: 'emails[type eq "work"].value',
};

export const userMatchPath = (match: MatchAttribute): string => matchPaths[match];

/** Groups match by name, except where the job matches by externalId. */
export const groupMatchPath = (match: MatchAttribute): string =>
  match === "externalId" ? "externalId" : "displayName";

/** The mapped values of a user, by target path. */
export const mappedValues = (mappings: readonly Mapping[], user: SourceUser) =>
  new Map(mappings.map((mapping) => [mapping.target.path, mapping.value(user)]));

/**
 * The filter that finds a user by its matching attribute; a user without it is found by the next in
 * precedence, its userName. The tests of the gallery write names in another case.
 */
export function userFilter(
  context: Context,
  values: ReadonlyMap<string, string | undefined>,
): { readonly filter: string; readonly path: string; readonly value: string } {
  const preferred = matchPaths[context.match];
  const path = values.get(preferred) ? preferred : "userName";
  const value = values.get(path) ?? "";
  const isFolded = context.dialect.name === "validator" && path !== "externalId";
  return { filter: equals(path, isFolded ? value.toUpperCase() : value), path, value };
}

export async function findUser(
  context: Context,
  values: ReadonlyMap<string, string | undefined>,
  kind: "match" | "check" = "match",
): Promise<Found> {
  const { filter, path, value } = userFilter(context, values);
  const found = await context.endpoint.find(kind, "User", filterQuery(filter, spaceOf(context)));
  const mapping = context.mappings.find(({ target }) => target.path === path);
  if (found.kind !== "found" || !mapping) return found;
  return checkedHit(
    context,
    found.resource,
    readTarget(found.resource, mapping.target),
    value,
    path,
  );
}

export async function findGroup(
  context: Context,
  group: SourceGroup,
  kind: "match" | "check" = "match",
): Promise<Found> {
  const path = groupMatchPath(context.match);
  const value = path === "externalId" ? group.objectId : group.displayName;
  const isLogicApp = context.dialect.name === "validator";
  const filter = filterQuery(equals(path, value), spaceOf(context));
  const found = await context.endpoint.find(
    kind,
    "Group",
    isLogicApp ? filter : `${withoutMembers}&${filter}`,
  );
  if (found.kind !== "found") return found;
  return checkedHit(context, found.resource, found.resource[path], value, path);
}

const spaceOf = ({ dialect }: Context) => (dialect.name === "validator" ? "%20" : "+");

/** A hit that does not carry the value asked for would lead Entra to write to a stranger. */
function checkedHit(
  { journal }: Context,
  resource: Resource,
  got: unknown,
  value: string,
  path: string,
): Found {
  const fold = (text: string) => (path === "externalId" ? text : text.toLowerCase());
  if (typeof got === "string" && fold(got) === fold(value)) return { kind: "found", resource };
  journal.violated(
    "a match query is answered with a resource that does not match",
    `${path} eq "${value}" found ${path} ${JSON.stringify(got)}`,
  );
  return { kind: "failed" };
}
