import type { Context } from "./context.ts";
import { type CycleStyle, phases, type Scope } from "./cycle.ts";
import type { SourceGroup, SourceUser } from "./directory.ts";
import type { ResourceType } from "./endpoint.ts";
import { syncGroup } from "./groups.ts";
import { chunks, memberPatches, patchMembers } from "./memberships.ts";
import { testConnection } from "./probe.ts";
import { syncManager, syncUser } from "./users.ts";

/** What the button takes at a time. */
const mostMembers = 5;

/**
 * "Provision on demand" for one object after the other: test queries, match, action. Whoever's
 * manager came later, and a group whose member did, is provisioned once more. Deletions cannot be
 * asked for.
 */
export async function runOnDemand(context: Context, scope: Scope, { name }: CycleStyle) {
  const users = scope.users.filter(({ standing }) => standing === "enabled");
  const groups = scope.groups.filter(({ deleted }) => !deleted);

  const inPhase = phases(context, name);
  await inPhase("users", users, (user) => provisionUser(context, user));
  const reports = users.filter((user) => isManagerMissing(context, user));
  await inPhase("managers", reports, (user) => provisionUser(context, user));

  await inPhase("groups", groups, (group) => provisionGroup(context, group));
  const parents = groups.filter((group) => memberPatches(context, group).length > 0);
  await inPhase("nested groups", parents, (group) => provisionGroup(context, group));
}

async function provisionUser(context: Context, user: SourceUser): Promise<void> {
  await testQueries(context, "User");
  await syncUser(context, user, false);
  await syncManager(context, user);
}

/** A large group takes several runs, each with a handful of members. */
async function provisionGroup(context: Context, group: SourceGroup): Promise<void> {
  await testQueries(context, "Group");
  await syncGroup(context, group, false);
  const ids = memberPatches(context, group).flatMap(({ change }) => change.ids);
  for (const [run, chosen] of chunks(ids, mostMembers).entries()) {
    if (run > 0) await testQueries(context, "Group");
    for (const [turn, some] of chunks(chosen, context.membersPerPatch).entries()) {
      await patchMembers(context, { group, change: { kind: "add", ids: some }, turn });
    }
  }
}

async function testQueries(context: Context, type: ResourceType): Promise<void> {
  const times = 2 + context.random.below(2);
  for (let time = 0; time < times; time += 1) await testConnection(context, type);
}

function isManagerMissing({ links }: Context, { objectId, managerId }: SourceUser): boolean {
  const manager = managerId === undefined ? undefined : links.users.get(managerId);
  const link = links.users.get(objectId);
  return Boolean(manager && !manager.isGone && link && link.expected.manager !== manager.id);
}
