import { createGroupBody } from "./bodies-create.ts";
import type { Context } from "./context.ts";
import type { SourceGroup } from "./directory.ts";
import type { Resource } from "./endpoint.ts";
import { findGroup } from "./matching.ts";
import { membersIn } from "./memberships.ts";
import type { GroupFields } from "./operations.ts";
import { withoutMembers } from "./query.ts";
import type { ExpectedGroup, Link } from "./state.ts";

/** Brings one group in line, but for its members. `usesCache`: go by the id that is known. */
export async function syncGroup(context: Context, group: SourceGroup, usesCache: boolean) {
  const link = context.links.groups.get(group.objectId);
  if (link?.isGone) return;
  if (group.deleted) return link && deleteGroup(context, group, link);
  if (link && usesCache) return updateKnown(context, group, link.id);

  const found = await findGroup(context, group);
  if (found.kind === "failed") return void context.failed.add(group.objectId);
  // After a rename the match query finds nothing, and the id that is remembered takes over.
  if (found.kind === "absent") {
    return link ? updateKnown(context, group, link.id) : createGroup(context, group);
  }
  if (!link) await adopt(context, group, found.resource);
  return updateGroup(context, group, found.resource);
}

/** Whoever is in a group that was there before stays in it: nothing is known of them. */
async function adopt(context: Context, group: SourceGroup, { id }: Resource): Promise<void> {
  const whole = await context.endpoint.get("Group", id);
  const members = whole.kind === "found" ? membersIn(whole.resource) : new Set<string>();
  const expected = { displayName: group.displayName, externalId: group.objectId, members };
  context.links.groups.set(group.objectId, { id, isGone: false, isAdopted: true, expected });
}

async function createGroup(context: Context, group: SourceGroup): Promise<void> {
  const { endpoint, links, failed } = context;
  const body = createGroupBody(group.objectId, group.displayName);
  const created = await endpoint.create("Group", body);
  const outcome = created.kind === "conflict" ? await findGroup(context, group) : created;
  if (outcome.kind !== "created" && outcome.kind !== "found") {
    return void failed.add(group.objectId);
  }
  links.groups.set(group.objectId, {
    id: outcome.resource.id,
    isGone: false,
    isAdopted: false,
    expected: { displayName: group.displayName, externalId: group.objectId, members: new Set() },
  });
}

async function updateKnown(context: Context, group: SourceGroup, id: string): Promise<void> {
  const found = await context.endpoint.get("Group", id, withoutMembers);
  if (found.kind === "found") return updateGroup(context, group, found.resource);
  if (found.kind === "absent") context.journal.violated("a group that was created is gone", id);
  context.failed.add(group.objectId);
}

async function updateGroup(context: Context, group: SourceGroup, found: Resource): Promise<void> {
  const { endpoint, dialect, links, failed } = context;
  const link = links.groups.get(group.objectId);
  const fields = diffGroup(group, found);
  if (!link || Object.keys(fields).length === 0) return;

  const patched = await endpoint.patch("Group", found.id, dialect.group(fields));
  if (patched.kind === "failed") return void failed.add(group.objectId);
  links.groups.set(group.objectId, { ...link, expected: { ...link.expected, ...fields } });
}

/** A group's externalId is the objectId: it differs only if somebody else made the group. */
export const diffGroup = (group: SourceGroup, found: Record<string, unknown>): GroupFields => ({
  ...(found["displayName"] === group.displayName ? {} : { displayName: group.displayName }),
  ...(found["externalId"] === group.objectId ? {} : { externalId: group.objectId }),
});

async function deleteGroup(context: Context, group: SourceGroup, link: Link<ExpectedGroup>) {
  const isDone = await context.endpoint.remove("Group", link.id);
  if (isDone) context.links.groups.set(group.objectId, { ...link, isGone: true });
  else context.failed.add(group.objectId);
}
