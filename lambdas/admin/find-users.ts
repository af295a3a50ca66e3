import { equalityLookup } from "../scim/filter/lookup.ts";
import { matches } from "../scim/filter/matches.ts";
import { parseFilter } from "../scim/filter/parse.ts";
import type { Stored } from "../scim/stored.ts";
import type { AdminPorts } from "./ports.ts";

/** So that a filter can name an attribute's value, whatever the text is. */
export const equals = (path: string, value: string) => `${path} eq ${JSON.stringify(value)}`;

/**
 * The users that satisfy a filter that an index answers, as a client's query finds them; undefined
 * where too many have the value. Nobody has an empty one.
 */
export async function findUsers(
  { type, store }: AdminPorts["users"],
  tenant: string,
  text: string,
): Promise<readonly Stored[] | undefined> {
  const filter = parseFilter(text);
  const lookup = equalityLookup(filter, type);
  if (!lookup) return [];
  const found = await store.find(tenant, lookup);
  return found?.filter(({ id, resource }) => matches(filter, { id, ...resource }, type));
}

export const mostNamed = 5;

/** Users as a message names them. */
export const namesOf = (users: readonly Stored[]): string => {
  const names = users.slice(0, mostNamed).map(nameOf).join(", ");
  return users.length > mostNamed ? `${names} and ${users.length - mostNamed} more` : names;
};

export const nameOf = ({ id, resource }: Stored): string =>
  `${userNameOf(resource) ?? "?"} (${id})`;

export function userNameOf({ userName }: Stored["resource"]): string | undefined {
  return typeof userName === "string" ? userName : undefined;
}
