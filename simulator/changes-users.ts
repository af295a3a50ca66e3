import type { ChangeKind } from "./changes.ts";
import type { Directory, SourceAttribute, SourceUser, Standing } from "./directory.ts";
import { anotherValue, aUser, optionalAttributes } from "./people.ts";
import type { Random } from "./random.ts";
import { appRoles } from "./words.ts";

type UserChange = (user: SourceUser, random: Random, directory: Directory) => SourceUser;

type Candidate = (user: SourceUser, synced: SourceUser | undefined) => boolean;

/** In one standing since the last cycle, so that leaving it again is seen by the next. */
const since =
  (standing: Standing): Candidate =>
  (user, synced) =>
    user.standing === standing && synced?.standing === standing;

/** A change to one random user out of those in one of the `standings`. */
function toUser(
  name: string,
  weight: number,
  standings: readonly Standing[] | Candidate,
  change: UserChange,
  onDemand = true,
): ChangeKind {
  const isCandidate: Candidate =
    typeof standings === "function" ? standings : ({ standing }) => standings.includes(standing);
  return {
    name,
    weight,
    onDemand,
    apply: (directory, { random, synced }) => {
      const candidates = [...directory.users.values()].filter((user) =>
        isCandidate(user, synced.users.get(user.objectId)),
      );
      const user = random.pickAny(candidates);
      return user ? withUser(directory, change(user, random, directory)) : directory;
    },
  };
}

const present: readonly Standing[] = ["enabled", "disabled"];
const stand =
  (standing: Standing): UserChange =>
  (user) => ({ ...user, standing });

export const userChanges: readonly ChangeKind[] = [
  toUser("attributes changed", 30, present, changeAttributes),
  toUser("attributes cleared", 10, present, (user, random) =>
    without(user, random.sample(optionalAttributes, 1 + random.below(4))),
  ),
  toUser("name cleared", 3, present, (user) => without(user, ["givenName", "surname"])),
  toUser("userName changed", 6, present, (user, random) =>
    withNew(user, random, ["userPrincipalName"]),
  ),
  toUser("renamed throughout", 6, present, (user, random) =>
    withNew(user, random, ["userPrincipalName", "surname", "displayName", "mail"]),
  ),
  toUser("alias changed", 3, present, (user, random) => withNew(user, random, ["mailNickname"])),
  toUser("roles changed", 6, present, (user, random) => ({
    ...user,
    roles: random.sample(appRoles, random.below(3)),
  })),
  toUser("manager changed", 8, ["enabled"], (user, random, directory) => ({
    ...user,
    managerId: aManager(user, random, directory),
  })),
  toUser("manager removed", 5, ["enabled"], (user) => ({ ...user, managerId: undefined })),
  toUser("disabled", 8, ["enabled"], stand("disabled"), false),
  toUser("enabled", 8, since("disabled"), stand("enabled"), false),
  toUser("soft-deleted", 5, present, stand("softDeleted"), false),
  toUser("restored", 5, since("softDeleted"), stand("enabled"), false),
  {
    name: "hard-deleted",
    weight: 5,
    onDemand: false,
    apply: (directory, { random }) => {
      const users = [...directory.users.values()].filter(({ standing }) => standing !== "deleted");
      const user = random.pickAny(users);
      return user
        ? withoutMember(
            withUser(directory, stand("deleted")(user, random, directory)),
            user.objectId,
          )
        : directory;
    },
  },
  {
    name: "new user",
    weight: 6,
    onDemand: true,
    apply: (directory, { random, serial }) => {
      const user = { ...aUser(random, directory.tag, serial), standing: "enabled" as const };
      return withUser(directory, { ...user, managerId: aManager(user, random, directory) });
    },
  },
];

/** Takes an object out of every group of the source. */
export function withoutMember(directory: Directory, objectId: string): Directory {
  const groups = [...directory.groups].map(([id, group]) => {
    if (!group.members.has(objectId)) return [id, group] as const;
    const members = new Set([...group.members].filter((member) => member !== objectId));
    return [id, { ...group, members }] as const;
  });
  return { ...directory, groups: new Map(groups) };
}

const withUser = (directory: Directory, user: SourceUser): Directory => ({
  ...directory,
  users: new Map([...directory.users, [user.objectId, user]]),
});

function changeAttributes(user: SourceUser, random: Random): SourceUser {
  return withNew(user, random, random.sample(optionalAttributes, 1 + random.below(5)));
}

function withNew(
  user: SourceUser,
  random: Random,
  attributes: readonly SourceAttribute[],
): SourceUser {
  const fresh = attributes.map((attribute) => [attribute, anotherValue(random, user, attribute)]);
  return { ...user, attributes: { ...user.attributes, ...Object.fromEntries(fresh) } };
}

function without(user: SourceUser, attributes: readonly SourceAttribute[]): SourceUser {
  const kept = Object.entries(user.attributes).filter(
    ([name]) => !attributes.some((attribute) => attribute === name),
  );
  return { ...user, attributes: Object.fromEntries(kept) };
}

/** A manager is chosen among those who are provisioned; nobody is his own. */
function aManager(user: SourceUser, random: Random, { users }: Directory): string | undefined {
  const candidates = [...users.values()].filter(
    ({ objectId, standing }) => standing === "enabled" && objectId !== user.objectId,
  );
  return random.pickAny(candidates)?.objectId;
}
