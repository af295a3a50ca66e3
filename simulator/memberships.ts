import type { Context } from "./context.ts";
import type { SourceGroup } from "./directory.ts";
import { filledText, recordsIn } from "./json.ts";
import type { MemberChange } from "./operations.ts";
import { hashOf } from "./random.ts";
import { type Links, livingId } from "./state.ts";

/** One PATCH of a group's members. */
export interface MemberPatch {
  readonly group: SourceGroup;
  readonly change: MemberChange;
  readonly turn: number;
}

export const membersIn = (resource: Record<string, unknown>): ReadonlySet<string> =>
  new Set(recordsIn(resource["members"]).flatMap(({ value }) => filledText(value) ?? []));

/**
 * The PATCHes that bring a group's members in line with its source. `actual` is what the endpoint
 * was read to hold; without it the client goes by what it has sent.
 */
export function memberPatches(
  context: Context,
  group: SourceGroup,
  actual?: ReadonlySet<string>,
): readonly MemberPatch[] {
  const { links, membersPerPatch } = context;
  const link = links.groups.get(group.objectId);
  if (!link || link.isGone || group.deleted) return [];

  const wanted = [...group.members].flatMap((objectId) => livingId(links, objectId) ?? []);
  const current = actual ?? link.expected.members;
  const adds = wanted.filter((id) => !current.has(id));
  const removals = context.isOnDemand ? [] : removalsOf(context, new Set(wanted), current);
  const changes = [
    ...chunks(adds, membersPerPatch).map((ids) => ({ kind: "add" as const, ids })),
    ...chunks(removals, membersPerPatch).map((ids) => ({ kind: "remove" as const, ids })),
  ];
  return changes.map((change, turn) => ({ group, change, turn }));
}

/**
 * Only members that came from this source are removed. Of those whose user was deleted, Entra
 * removes some from their groups after the deletion and leaves the others to the endpoint.
 */
function removalsOf(
  { links }: Context,
  wanted: ReadonlySet<string>,
  current: ReadonlySet<string>,
): readonly string[] {
  const known = [...links.users, ...links.groups];
  return known
    .filter(([, { id }]) => current.has(id) && !wanted.has(id))
    .filter(([objectId, { isGone }]) => !isGone || hashOf(objectId) % 2 === 0)
    .map(([, { id }]) => id);
}

/** Sends one PATCH and remembers what the group must hold from then on. */
export async function patchMembers(context: Context, patch: MemberPatch): Promise<void> {
  const { endpoint, dialect, links, failed } = context;
  const { group, change, turn } = patch;
  const link = links.groups.get(group.objectId);
  if (!link) return;

  const after = without(changed(link.expected.members, change), goneIds(links));
  const patched = await endpoint.patch("Group", link.id, dialect.members(change, after, turn));
  if (patched.kind === "failed") return void failed.add(group.objectId);

  // Other PATCHes of this group may have ended meanwhile: go by what is there now.
  const now = links.groups.get(group.objectId) ?? link;
  const members = changed(now.expected.members, change);
  links.groups.set(group.objectId, { ...now, expected: { ...now.expected, members } });
}

function changed(members: ReadonlySet<string>, change: MemberChange): ReadonlySet<string> {
  const gone = new Set(change.kind === "remove" ? change.ids : []);
  const kept = [...members].filter((id) => !gone.has(id));
  return new Set([...kept, ...(change.kind === "add" ? change.ids : [])]);
}

/** The ids of what was deleted at the endpoint. */
export const goneIds = ({ users, groups }: Links): ReadonlySet<string> =>
  new Set(
    [...users.values(), ...groups.values()].filter(({ isGone }) => isGone).map(({ id }) => id),
  );

const without = (members: ReadonlySet<string>, gone: ReadonlySet<string>): ReadonlySet<string> =>
  new Set([...members].filter((id) => !gone.has(id)));

export function chunks<T>(list: readonly T[], size: number): readonly (readonly T[])[] {
  const count = Math.ceil(list.length / size);
  return Array.from({ length: count }, (_, at) => list.slice(at * size, (at + 1) * size));
}
