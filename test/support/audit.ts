import { isActive } from "../../lambdas/scim/active.ts";
import { uniqueAttributes } from "../../lambdas/scim/attribute-path.ts";
import type { JsonObject } from "../../lambdas/scim/json.ts";
import { groupType, userType } from "../../lambdas/scim/resource-types.ts";
import { claimsOf } from "../../lambdas/store/dynamodb/claims.ts";
import { groupLookups, userLookups } from "../../lambdas/store/dynamodb/indexing.ts";
import {
  changeKey,
  claimKey,
  countKey,
  type Key,
  memberIndexKey,
  resourceKey,
  resourcesPartition,
  seatsKey,
  sweepKey,
  tombstoneKey,
} from "../../lambdas/store/dynamodb/keys.ts";
import { itemsOf } from "./store.ts";

type Item = Readonly<Record<string, unknown>>;

/** What is wrong with a tenant's items, by a full read of them; nothing where all belong together. */
export async function audit(tenant: string, { uniqueGroupNames = true } = {}): Promise<string[]> {
  const stock = take(tenant, await itemsOf(tenant));
  return [
    ...claimFaults(tenant, stock, uniqueGroupNames),
    ...lookupFaults(tenant, stock),
    ...countFaults(tenant, stock),
    ...memberFaults(tenant, stock),
    ...changeFaults(tenant, stock),
    ...tombstoneFaults(tenant, stock),
    ...seatFaults(tenant, stock),
  ].toSorted();
}

interface Held {
  readonly id: string;
  readonly resource: JsonObject;
  readonly item: Item;
}

interface Stock {
  readonly items: ReadonlyMap<string, Item>;
  readonly users: readonly Held[];
  readonly groups: readonly Held[];
}

const nameOf = ({ pk, sk }: Key) => `${pk} ${sk}`;

function take(tenant: string, all: readonly Item[]): Stock {
  // Every item has these two.
  const items = new Map(all.map((item) => [nameOf(item as unknown as Key), item]));
  const held = (kind: "USER" | "GROUP") =>
    all
      .filter(({ pk }) => pk === resourcesPartition(tenant, kind))
      .map((item) => ({
        id: String(item.sk).slice(kind.length + 1),
        resource: item.resource as JsonObject,
        item,
      }));
  return { items, users: held("USER"), groups: held("GROUP") };
}

/** Which items there should be, against those that there are of the kind. */
function difference(
  what: string,
  { items }: Stock,
  isOfKind: (key: Key) => boolean,
  expected: ReadonlyMap<string, (item: Item) => boolean>,
): string[] {
  const there = [...items].filter(([, item]) => isOfKind(item as unknown as Key));
  return [
    ...[...expected.keys()]
      .filter((name) => !items.has(name))
      .map((name) => `${what} lacks ${name}`),
    ...there.filter(([name]) => !expected.has(name)).map(([name]) => `${what} is left: ${name}`),
    ...there
      .filter(([name, item]) => expected.get(name)?.(item) === false)
      .map(([name]) => `${what} is another's: ${name}`),
  ];
}

const partitionOf =
  (tenant: string, ...kinds: readonly string[]) =>
  ({ pk }: Key) =>
    kinds.some((kind) => pk.startsWith(`T#${tenant}#${kind}`));

function claimFaults(tenant: string, stock: Stock, uniqueGroupNames: boolean): string[] {
  const { users, groups } = stock;
  const expected = new Map<string, (item: Item) => boolean>();
  const claim = (key: Key, id: string) => expected.set(nameOf(key), (item) => item.id === id);
  for (const { id, resource } of users)
    for (const { key } of claimsOf(tenant, userType, resource)) claim(key, id);
  // Their names are unique by a tenant's setting, the rest by the schema.
  for (const { id, resource } of groups) {
    if (uniqueGroupNames) claim(claimKey(tenant, "GROUPNAME", String(resource.displayName)), id);
    if (uniqueAttributes(groupType).length > 1) throw new Error("Audit the new claims of groups.");
  }
  // The lookups of groups by name share the partition, by another sort key.
  const isClaim = (key: Key) =>
    key.sk === "#" && partitionOf(tenant, "USERNAME#", "GROUPNAME#", "UNIQUE#")(key);
  return difference("claim", stock, isClaim, expected);
}

function lookupFaults(tenant: string, stock: Stock): string[] {
  const keys = [
    ...stock.users.flatMap(({ id, resource }) => userLookups(tenant, id, resource)),
    ...stock.groups.flatMap(({ id, resource }) => groupLookups(tenant, id, resource)),
  ];
  const isLookup = (key: Key) =>
    key.sk !== "#" && partitionOf(tenant, "EXTERNALID#", "EMAIL#", "GROUPNAME#")(key);
  const expected = new Map(keys.map((key) => [nameOf(key), () => true]));
  return difference("lookup", stock, isLookup, expected);
}

/** Each shard by itself: a count that is right only in sum was right by chance. */
function countFaults(tenant: string, { items, users, groups }: Stock): string[] {
  const expected = new Map<string, number>();
  const count = (key: Key) => expected.set(nameOf(key), (expected.get(nameOf(key)) ?? 0) + 1);
  for (const { id } of users) count(countKey(tenant, "USER", id));
  for (const { id } of groups) count(countKey(tenant, "GROUP", id));
  const shards = [...items].filter(([, { pk }]) => pk === `T#${tenant}#COUNTS`);
  const names = new Set([...expected.keys(), ...shards.map(([name]) => name)]);
  return [...names]
    .filter((name) => Number(items.get(name)?.total ?? 0) !== (expected.get(name) ?? 0))
    .map((name) => `count ${name} is ${items.get(name)?.total}, not ${expected.get(name) ?? 0}`);
}

const idIn = (sk: unknown) => String(sk).slice(String(sk).indexOf("#") + 1);

/** A group's id, of an item in its partition; undefined for others. */
function groupOf(tenant: string, { pk }: Item): string | undefined {
  const prefix = `T#${tenant}#GROUP#`;
  return String(pk).startsWith(prefix) ? String(pk).slice(prefix.length) : undefined;
}

function memberFaults(tenant: string, { items }: Stock): string[] {
  const has = (key: Key) => items.has(nameOf(key));
  const livesOrIsSwept = (kind: "USER" | "GROUP", id: string) =>
    has(resourceKey(tenant, kind, id)) || has(sweepKey(tenant, kind, id));
  return [...items].flatMap(([name, item]) => {
    const groupId = groupOf(tenant, item);
    if (groupId === undefined || !String(item.sk).startsWith("MEMBER#")) return [];
    const id = idIn(item.sk);
    const kind = item.type === "Group" ? "GROUP" : "USER";
    const index = memberIndexKey(tenant, groupId, id);
    return [
      ...(livesOrIsSwept("GROUP", groupId) ? [] : [`membership of a group that is gone: ${name}`]),
      ...(livesOrIsSwept(kind, id) ? [] : [`membership of a member that is gone: ${name}`]),
      ...(item.gsi1pk === index.gsi1pk && item.gsi1sk === index.gsi1sk
        ? []
        : [`membership is not in the index: ${name}`]),
    ];
  });
}

/** The changes under way are all those from a group's first pending to its last, or of one that was deleted. */
function changeFaults(tenant: string, { items, groups }: Stock): string[] {
  const pending = groups.flatMap(({ id, item: { pendingChange: first, changeSeq: last } }) => {
    if (typeof first !== "number") return [];
    // A group that tells of a first change and of no last one lacks at least the first.
    const count = Math.max(1, Number(last) - first + 1);
    return Array.from({ length: count }, (_, at) => nameOf(changeKey(tenant, id, first + at)));
  });
  const kept = [...items].flatMap(([name, item]) => {
    const groupId = groupOf(tenant, item);
    if (groupId === undefined || !String(item.sk).startsWith("CHANGE#")) return [];
    return items.has(nameOf(sweepKey(tenant, "GROUP", groupId))) ? [] : [name];
  });
  return [
    ...pending.filter((name) => !items.has(name)).map((name) => `change lacks ${name}`),
    ...kept.filter((name) => !pending.includes(name)).map((name) => `change is left: ${name}`),
  ];
}

function tombstoneFaults(tenant: string, { items, users, groups }: Stock): string[] {
  const gone = (key: Key) => (items.has(nameOf(key)) ? [nameOf(key)] : []);
  return [
    ...users.flatMap(({ id }) => gone(tombstoneKey(tenant, id))),
    ...users.flatMap(({ id }) => gone(sweepKey(tenant, "USER", id))),
    ...groups.flatMap(({ id }) => gone(sweepKey(tenant, "GROUP", id))),
  ].map((name) => `mark of a resource that lives: ${name}`);
}

/** As many seats are counted as users have one, and none has one who is not active. */
function seatFaults(tenant: string, { items, users }: Stock): string[] {
  const seated = users.filter(({ item }) => item.seat !== undefined);
  const counted = Number(items.get(nameOf(seatsKey(tenant)))?.active ?? 0);
  return [
    ...seated
      .filter(({ resource }) => !isActive(resource))
      .map(({ id }) => `seat of ${id} is idle`),
    ...(counted === seated.length ? [] : [`seats are ${counted}, not ${seated.length}`]),
  ];
}
