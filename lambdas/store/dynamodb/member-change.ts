import type { Member } from "../store.ts";
import { changeKey, workIndexKey } from "./keys.ts";
import { formatVersion } from "./table.ts";

/** A group's members, by id. */
export type Members = ReadonlyMap<string, Member["type"]>;

/**
 * A change to a group's members whose ids are known to be users or groups. One that is too
 * large for a transaction is committed by an item that holds it whole.
 */
export type MemberChange =
  | { readonly kind: "update"; readonly add: readonly Member[]; readonly remove: readonly string[] }
  | { readonly kind: "replace"; readonly members: readonly Member[] };

/** A change that names those who come and those who go. */
export type MemberUpdate = MemberChange & { readonly kind: "update" };

/** How many ids a change names. */
export const sizeOf = (change: MemberChange): number =>
  change.kind === "update" ? change.add.length + change.remove.length : change.members.length;

/**
 * The members after changes one after the other, of those before, however many there are. Applying
 * a change twice, or over a part of itself, gives the same.
 */
export function overlayAll(members: Members, changes: readonly MemberChange[]): Members {
  const after = new Map(members);
  for (const change of changes) {
    if (change.kind === "replace") after.clear();
    const added = change.kind === "update" ? change.add : change.members;
    for (const { id, type } of added) after.set(id, type);
    for (const id of change.kind === "update" ? change.remove : []) after.delete(id);
  }
  return after;
}

/** What `change` has still to add and remove where `members` are there, as far as it names them or replaces them. */
export function remainder(change: MemberChange, members: Members): MemberUpdate {
  if (change.kind === "update")
    return {
      kind: "update",
      add: change.add.filter(({ id }) => !members.has(id)),
      remove: change.remove.filter((id) => members.has(id)),
    };
  const wanted = new Set(change.members.map(({ id }) => id));
  return {
    kind: "update",
    add: change.members.filter(({ id }) => !members.has(id)),
    remove: [...members.keys()].filter((id) => !wanted.has(id)),
  };
}

/** One change that does what `first` does and then `next`. */
export function composed(first: MemberChange, next: MemberUpdate): MemberChange {
  const added = new Set(next.add.map(({ id }) => id));
  const removed = new Set(next.remove);
  const kept = (first.kind === "update" ? first.add : first.members).filter(
    ({ id }) => !added.has(id) && !removed.has(id),
  );
  const members = [...kept, ...next.add];
  if (first.kind === "replace") return { kind: "replace", members };
  const gone = first.remove.filter((id) => !added.has(id) && !removed.has(id));
  return { kind: "update", add: members, remove: [...gone, ...next.remove] };
}

/** A change as the journal of its group holds it. */
export interface Entry {
  readonly seq: number;
  readonly change: MemberChange;
  /** When the journal got it. */
  readonly at: Date;
  /** How often single changes were taken into it. */
  readonly revision: number;
  /** Whether the request that committed it carries it over, so that nobody else need begin with it. */
  readonly byRequest?: boolean;
}

/** A request that has not carried its change over by then does so no more. */
const byRequestMs = 15_000;

/** The item of a change; 20,000 ids are 313 KB, packed. */
export function changeItem(
  tenant: string,
  groupId: string,
  { seq, change, at, revision, byRequest = false }: Entry,
) {
  const set = change.kind === "update" ? change.add : change.members;
  const idsOf = (type: Member["type"]) =>
    packIds(set.filter((member) => member.type === type).map((member) => member.id));
  const key = changeKey(tenant, groupId, seq);
  const due = byRequest ? new Date(at.getTime() + byRequestMs) : at;
  return {
    ...key,
    ...workIndexKey(key, due),
    v: formatVersion,
    at: at.toISOString(),
    revision,
    byRequest,
    kind: change.kind,
    users: idsOf("User"),
    groups: idsOf("Group"),
    remove: packIds(change.kind === "update" ? change.remove : []),
  };
}

/** A change from its item, as this and every earlier release wrote it. */
export function readChange(item: Readonly<Record<string, unknown>>): MemberChange {
  const ids = (name: string) => unpackIds(item[name]);
  const users = ids("users").map((id) => ({ id, type: "User" as const }));
  const groups = ids("groups").map((id) => ({ id, type: "Group" as const }));
  const members = [...users, ...groups];
  return item.kind === "replace"
    ? { kind: "replace", members }
    : { kind: "update", add: members, remove: ids("remove") };
}

/** The number of a change, from its item. */
export const seqOf = ({ sk }: Readonly<Record<string, unknown>>): number =>
  Number(String(sk).slice("CHANGE#".length));

/** The whole entry from its item. */
export function readEntry(item: Readonly<Record<string, unknown>>): Entry {
  return {
    seq: seqOf(item),
    change: readChange(item),
    at: new Date(typeof item.at === "string" ? item.at : 0),
    revision: typeof item.revision === "number" ? item.revision : 0,
  };
}

/** Ids in 16 bytes each. */
export function packIds(ids: readonly string[]): Uint8Array {
  return Buffer.from(ids.map((id) => id.replaceAll("-", "")).join(""), "hex");
}

export function unpackIds(packed: unknown): readonly string[] {
  const hex = packed instanceof Uint8Array ? Buffer.from(packed).toString("hex") : "";
  const ids: string[] = [];
  // Not by patterns, which take a tenth of a second for as many as a journal may hold.
  for (let at = 0; at + 32 <= hex.length; at += 32) {
    const [a, b, c, d, e] = [at, at + 8, at + 12, at + 16, at + 20] as const;
    const start = `${hex.slice(a, b)}-${hex.slice(b, c)}-${hex.slice(c, d)}`;
    ids.push(`${start}-${hex.slice(d, e)}-${hex.slice(e, at + 32)}`);
  }
  return ids;
}
