import type { ChangeKind } from "./changes.ts";
import { withoutMember } from "./changes-users.ts";
import { aGroup, type Directory, type SourceGroup } from "./directory.ts";
import { otherCase } from "./people.ts";
import type { Random } from "./random.ts";

export const groupChanges: readonly ChangeKind[] = [
  {
    name: "moved between groups",
    weight: 12,
    onDemand: false,
    apply: (directory, { random }) => {
      const [from, to] = random.sample(living(directory), 2);
      const member = from && random.pickAny([...from.members]);
      if (!from || !to || !member) return directory;
      return withGroup(withGroup(directory, leave(from, [member])), join(to, [member]));
    },
  },
  toGroup("joined a group", 6, true, (group, random, directory) =>
    join(group, random.sample(people(directory), 1 + random.below(5))),
  ),
  toGroup("left a group", 6, false, (group, random) =>
    leave(group, random.sample([...group.members], 1 + random.below(3))),
  ),
  toGroup("emptied a group", 1, false, (group) => leave(group, [...group.members])),
  toGroup("group nested", 3, true, nest),
  toGroup("group renamed", 4, true, (group, random) => ({
    ...group,
    displayName: random.chance(0.3) ? otherCase(group.displayName) : `${group.displayName} – neu`,
  })),
  {
    name: "group deleted",
    weight: 2,
    onDemand: false,
    apply: (directory, { random }) => {
      const group = random.pickAny(living(directory).slice(1));
      if (!group) return directory;
      const gone = withGroup(directory, { ...group, deleted: true });
      return withoutMember(gone, group.objectId);
    },
  },
  {
    name: "new group",
    weight: 3,
    onDemand: true,
    apply: (directory, { random, serial }) => {
      const users = [...directory.users.values()].filter(({ standing }) => standing === "enabled");
      const size = random.below(Math.min(users.length, 12) + 1);
      return withGroup(directory, aGroup(random, directory.tag, serial, size, users));
    },
  },
];

function toGroup(
  name: string,
  weight: number,
  onDemand: boolean,
  change: (group: SourceGroup, random: Random, directory: Directory) => SourceGroup,
): ChangeKind {
  return {
    name,
    weight,
    onDemand,
    apply: (directory, { random }) => {
      const group = random.pickAny(living(directory));
      return group ? withGroup(directory, change(group, random, directory)) : directory;
    },
  };
}

const living = ({ groups }: Directory) => [...groups.values()].filter(({ deleted }) => !deleted);

const people = ({ users }: Directory) =>
  [...users.values()]
    .filter(({ standing }) => standing === "enabled" || standing === "disabled")
    .map(({ objectId }) => objectId);

const withGroup = (directory: Directory, group: SourceGroup): Directory => ({
  ...directory,
  groups: new Map([...directory.groups, [group.objectId, group]]),
});

const join = (group: SourceGroup, members: readonly string[]): SourceGroup => ({
  ...group,
  members: new Set([...group.members, ...members]),
});

const leave = (group: SourceGroup, members: readonly string[]): SourceGroup => ({
  ...group,
  members: new Set([...group.members].filter((member) => !members.includes(member))),
});

/** Takes a group in that holds no groups itself: Entra supports one level. */
function nest(group: SourceGroup, random: Random, directory: Directory): SourceGroup {
  const isFlat = ({ members }: SourceGroup) =>
    ![...members].some((member) => directory.groups.has(member));
  const candidates = living(directory).filter(
    (child) => child.objectId !== group.objectId && isFlat(child),
  );
  const child = random.pickAny(candidates);
  return child ? join(group, [child.objectId]) : group;
}
