import type { Member } from "../store.ts";
import { changeKey } from "./keys.ts";
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

/** The members after `change`, of those before. Applying it twice, or over a part of itself, gives the same. */
export function overlay(members: Members, change: MemberChange): Members {
  const after = new Map(change.kind === "update" ? members : []);
  const added = change.kind === "update" ? change.add : change.members;
  for (const { id, type } of added) after.set(id, type);
  for (const id of change.kind === "update" ? change.remove : []) after.delete(id);
  return after;
}

/** The item of a change; 20,000 ids are 313 KB, packed. */
export function changeItem(tenant: string, groupId: string, seq: number, change: MemberChange) {
  const set = change.kind === "update" ? change.add : change.members;
  const idsOf = (type: Member["type"]) =>
    packIds(set.filter((member) => member.type === type).map((member) => member.id));
  return {
    ...changeKey(tenant, groupId, seq),
    v: formatVersion,
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

function packIds(ids: readonly string[]): Uint8Array {
  return Buffer.from(ids.map((id) => id.replaceAll("-", "")).join(""), "hex");
}

function unpackIds(packed: unknown): readonly string[] {
  const hex = packed instanceof Uint8Array ? Buffer.from(packed).toString("hex") : "";
  const ids = hex.match(/.{32}/g) ?? [];
  return ids.map((id) => id.replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, "$1-$2-$3-$4-$5"));
}
