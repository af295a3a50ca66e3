import { aUser } from "./people.ts";
import { createRandom, type Random } from "./random.ts";
import { groupNames } from "./words.ts";

export type SourceAttribute =
  | "userPrincipalName"
  | "mailNickname"
  | "displayName"
  | "givenName"
  | "surname"
  | "jobTitle"
  | "mail"
  | "preferredLanguage"
  | "physicalDeliveryOfficeName"
  | "streetAddress"
  | "city"
  | "state"
  | "postalCode"
  | "country"
  | "telephoneNumber"
  | "mobile"
  | "facsimileTelephoneNumber"
  | "employeeId"
  | "department";

/**
 * How a user stands in Entra: `softDeleted` lies in the recycle bin (and is disabled at the
 * endpoint), `deleted` was purged from it.
 */
export type Standing = "enabled" | "disabled" | "softDeleted" | "deleted";

export interface SourceUser {
  readonly objectId: string;
  readonly standing: Standing;
  readonly attributes: Readonly<Partial<Record<SourceAttribute, string>>>;
  readonly managerId: string | undefined;
  readonly roles: readonly string[];
}

export interface SourceGroup {
  readonly objectId: string;
  readonly displayName: string;
  readonly deleted: boolean;
  /** The objectIds of users and of groups. */
  readonly members: ReadonlySet<string>;
}

/** The customer's directory in Entra: what the endpoint is brought in line with. */
export interface Directory {
  /** Goes into every name, so that the directories of two seeds do not collide at one endpoint. */
  readonly tag: string;
  readonly users: ReadonlyMap<string, SourceUser>;
  readonly groups: ReadonlyMap<string, SourceGroup>;
}

export interface DirectorySize {
  readonly users: number;
  readonly groups: number;
  readonly seed: number;
  readonly tag: string;
}

/** A directory that depends on its size, seed and tag alone. */
export function createDirectory({ users, groups, seed, tag }: DirectorySize): Directory {
  const random = createRandom(seed, tag);

  const people = Array.from({ length: users }, (_, at) => aUser(random, tag, at));
  const employed = withManagers(people, random);
  const circles = Array.from({ length: groups }, (_, at) =>
    aGroup(random, tag, at, memberCount(random, at, users), employed),
  );

  return {
    tag,
    users: byObjectId(employed),
    groups: byObjectId(nest(circles, random)),
  };
}

export function aGroup(
  random: Random,
  tag: string,
  at: number,
  size: number,
  users: readonly SourceUser[],
): SourceGroup {
  return {
    objectId: random.guid(),
    displayName: `${random.pick(groupNames)} ${tag}-${at}`,
    deleted: false,
    members: new Set(random.sample(users, size).map(({ objectId }) => objectId)),
  };
}

export const byObjectId = <T extends { readonly objectId: string }>(list: readonly T[]) =>
  new Map(list.map((one) => [one.objectId, one]));

/** Most have a manager from anywhere in the list, so loops of managers occur; one is made certain. */
function withManagers(users: readonly SourceUser[], random: Random): readonly SourceUser[] {
  const [first, second] = users;
  return users.map((user) => {
    if (user === first) return { ...user, managerId: second?.objectId };
    if (user === second) return { ...user, managerId: first?.objectId };
    const manager = random.chance(0.8) ? random.pickAny(users) : undefined;
    return manager === user ? user : { ...user, managerId: manager?.objectId };
  });
}

/** The first group holds nearly all, the second nobody, the rest from a few to a third of all. */
function memberCount(random: Random, at: number, users: number): number {
  if (at === 0) return Math.ceil(users * 0.9);
  if (at === 1) return 0;
  return random.chance(0.5) ? random.below(8) : random.below(Math.ceil(users / 3) + 1);
}

/** Every fourth group has the group after it among its members: one level, as Entra supports. */
function nest(groups: readonly SourceGroup[], random: Random): readonly SourceGroup[] {
  return groups.map((group, at) => {
    const child = groups[at + 1];
    if (at % 4 !== 2 || !child || random.chance(0.1)) return group;
    return { ...group, members: new Set([...group.members, child.objectId]) };
  });
}
