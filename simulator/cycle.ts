import type { Context } from "./context.ts";
import type { Directory, SourceGroup, SourceUser } from "./directory.ts";
import { syncGroup } from "./groups.ts";
import { type MemberPatch, memberPatches, membersIn, patchMembers } from "./memberships.ts";
import { inParallel } from "./pool.ts";
import { syncManager, syncUser } from "./users.ts";

/** The objects that a cycle looks at. */
export interface Scope {
  readonly users: readonly SourceUser[];
  readonly groups: readonly SourceGroup[];
}

export interface CycleStyle {
  readonly name: string;
  /** Read the members of every group instead of going by what was sent. */
  readonly readsMembers: boolean;
}

export const everything = ({ users, groups }: Directory): Scope => ({
  users: [...users.values()],
  groups: [...groups.values()],
});

/** What has changed since `before`, and what failed in the last cycle. */
export function changedSince(context: Context, before: Directory, after: Directory): Scope {
  const { failed } = context;
  const users = [...after.users.values()];
  const groups = [...after.groups.values()];
  const scope = {
    users: users.filter(
      (one) => before.users.get(one.objectId) !== one || failed.has(one.objectId),
    ),
    groups: groups.filter(
      (one) => before.groups.get(one.objectId) !== one || failed.has(one.objectId),
    ),
  };
  failed.clear();
  return scope;
}

/** One cycle: the users, then the references between them, then groups and who is in them. */
export async function runCycle(context: Context, scope: Scope, style: CycleStyle): Promise<void> {
  const inPhase = phases(context, style.name);
  await inPhase("users", scope.users, (user) => syncUser(context, user, true));
  await inPhase("managers", scope.users, (user) => syncManager(context, user));
  await inPhase("groups", scope.groups, (group) => syncGroup(context, group, true));

  const actual = style.readsMembers ? await readMembers(context, scope.groups) : new Map();
  const patches = scope.groups.map((group) =>
    memberPatches(context, group, actual.get(group.objectId)),
  );
  // What states the whole list may not overtake another; of all others several of one group are
  // under way at once.
  if (context.dialect.statesMembers) {
    await inPhase("members", patches, (ofGroup) => inTurn(context, ofGroup));
  } else {
    await inPhase("members", patches.flat(), (patch) => patchMembers(context, patch));
  }
}

/** Works through the items of a phase, one at a time if the job is on demand. */
export function phases({ reporter, concurrency, isOnDemand }: Context, cycle: string) {
  return async <T>(name: string, items: readonly T[], work: (item: T) => Promise<unknown>) => {
    const phase = reporter.phase(`${cycle}: ${name}`, items.length);
    await inParallel(items, isOnDemand ? 1 : concurrency, async (item) => {
      await work(item);
      phase.step();
    });
    phase.end();
  };
}

async function inTurn(context: Context, patches: readonly MemberPatch[]): Promise<void> {
  for (const patch of patches) await patchMembers(context, patch);
}

async function readMembers(
  context: Context,
  groups: readonly SourceGroup[],
): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const { endpoint, links, concurrency } = context;
  const members = new Map<string, ReadonlySet<string>>();
  await inParallel(groups, concurrency, async ({ objectId }) => {
    const link = links.groups.get(objectId);
    if (!link || link.isGone) return;
    const found = await endpoint.get("Group", link.id);
    if (found.kind === "found") members.set(objectId, membersIn(found.resource));
  });
  return members;
}
