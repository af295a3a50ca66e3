import { createHash } from "node:crypto";
import { foldCase } from "../../scim/case-folding.ts";
import type { ResourceType } from "../../scim/schema.ts";

/**
 * The keys of the table. A tenant's id holds no `#`, so that what follows it cannot
 * reach into another tenant's keys; free text always comes last.
 */
export interface Key {
  readonly pk: string;
  readonly sk: string;
}

/** The key of an item that was read. */
export const keyOf = ({ pk, sk }: Readonly<Record<string, unknown>>): Key => ({
  pk: String(pk),
  sk: String(sk),
});

export const tenantsPartition = "TENANTS";

export const tenantKey = (tenant: string): Key => ({
  pk: tenantsPartition,
  sk: `TENANT#${tenant}`,
});

export const tenantOf = ({ sk }: Readonly<Record<string, unknown>>): string =>
  String(sk).slice("TENANT#".length);

/** A resource type in keys; those that a deployment adds have a dot that no other has. */
export type Kind = "USER" | "GROUP" | `TYPE.${string}`;

/** The kind of a resource type, whose name holds letters and digits alone. */
export function kindOf({ name }: ResourceType): Kind {
  if (name === "User") return "USER";
  return name === "Group" ? "GROUP" : `TYPE.${name}`;
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Whether `id` may be an id of ours; anything else never becomes part of a key. */
export const isId = (id: string) => uuid.test(id);

/** The partition that holds a tenant's users, groups or others, in the order of their ids. */
export const resourcesPartition = (tenant: string, kind: Kind) => `T#${tenant}#${kind}S`;

export const resourceKey = (tenant: string, kind: Kind, id: string): Key => ({
  pk: resourcesPartition(tenant, kind),
  sk: `${kind}#${id}`,
});

/** The partition of a group's members and of its changes under way. */
export const groupPartition = (tenant: string, groupId: string) => `T#${tenant}#GROUP#${groupId}`;

export const memberKey = (tenant: string, groupId: string, id: string): Key => ({
  pk: groupPartition(tenant, groupId),
  sk: `MEMBER#${id}`,
});

/** By which the index tells what a member is in. */
export const memberIndexKey = (tenant: string, groupId: string, id: string) => ({
  gsi1pk: `T#${tenant}#MEMBER#${id}`,
  gsi1sk: `GROUP#${groupId}`,
});

export const changeKey = (tenant: string, groupId: string, seq: number): Key => ({
  pk: groupPartition(tenant, groupId),
  sk: `CHANGE#${String(seq).padStart(12, "0")}`,
});

/** Who holds a value that only one resource of its kind may have; `text` folded where its attribute is. */
export const uniqueKey = (tenant: string, kind: Kind, attribute: string, text: string): Key => ({
  pk: `T#${tenant}#UNIQUE#${kind}#${attribute}#${bounded(text)}`,
  sk: "#",
});

/** Who holds a name that only one may have. */
export const claimKey = (tenant: string, of: "USERNAME" | "GROUPNAME", name: string): Key => ({
  pk: `T#${tenant}#${of}#${bounded(foldCase(name))}`,
  sk: "#",
});

/** The partition of all that have a value; `caseExact` as the schema says of the attribute. */
export const lookupPartition = (
  tenant: string,
  of: "EXTERNALID" | "EMAIL" | "GROUPNAME",
  value: string,
) => `T#${tenant}#${of}#${bounded(of === "EXTERNALID" ? value.normalize("NFC") : foldCase(value))}`;

const countShards = 16;

export const countsPartition = (tenant: string) => `T#${tenant}#COUNTS`;

/** Counts are spread over shards, so that parallel creates seldom meet at one item. */
export const countKey = (tenant: string, kind: Kind, id: string): Key => {
  const shard = createHash("sha256").update(id).digest().readUInt8(0) % countShards;
  return { pk: countsPartition(tenant), sk: `${kind}S#${String(shard).padStart(2, "0")}` };
};

/** How many seats a tenant with a limit has, and how many of them are taken. */
export const seatsKey = (tenant: string): Key => ({ pk: `T#${tenant}#SEATS`, sk: "#" });

/** The count of users that were there before a limit, while it is under way. */
export const seatCountKey = (tenant: string): Key => ({ pk: `T#${tenant}#SEATS`, sk: "COUNT" });

export const sweepPartition = (tenant: string) => `T#${tenant}#SWEEP`;

/** Deleted, its memberships perhaps still in the table: readers of members leave it out. */
export const sweepKey = (tenant: string, kind: Kind, id: string): Key => ({
  pk: sweepPartition(tenant),
  sk: `${kind}#${id}`,
});

/** The partition of what is kept of deleted users. */
export const tombstonePartition = (tenant: string) => `T#${tenant}#DELETED`;

export const bookmarksPartition = (tenant: string) => `T#${tenant}#BOOKMARKS`;
/** The partition of what is kept of the use of a tenant's tokens. */
export const tokenUsePartition = (tenant: string) => `T#${tenant}#TOKENS`;

export const tokenUseKey = (tenant: string, tokenId: string): Key => ({
  pk: tokenUsePartition(tenant),
  sk: `TOKEN#${tokenId}`,
});

/** Where a page begins of a list of these kinds, one behind the other, that is read by so many. */
export const bookmarkKey = (
  tenant: string,
  kinds: readonly Kind[],
  count: number,
  startIndex: number,
): Key => {
  const list = createHash("sha256")
    .update(JSON.stringify([kinds, count]))
    .digest("hex");
  return {
    pk: bookmarksPartition(tenant),
    sk: `${list.slice(0, 32)}#${String(startIndex).padStart(15, "0")}`,
  };
};

export const tombstoneKey = (tenant: string, id: string): Key => ({
  pk: tombstonePartition(tenant),
  sk: `USER#${id}`,
});

/** A part of the groups that a deleted user was in; one user has as many as sweeps have found groups. */
export const formerGroupsKey = (tenant: string, id: string, part: string): Key => ({
  pk: tombstonePartition(tenant),
  sk: `USER#${id}#GROUPS#${part}`,
});

const workShards = 4;

/** Where the index lists what background work waits, over all tenants; spread, so that many deletes at once do not meet at one key. */
export const workPartitions: readonly string[] = Array.from(
  { length: workShards },
  (_, shard) => `WORK#${shard}`,
);

/** By which the index lists an item whose work is due from a certain time on, earliest first. */
export const workIndexKey = ({ pk, sk }: Key, due: Date) => {
  const shard = createHash("sha256").update(sk).digest().readUInt8(0) % workShards;
  return { gsi1pk: `WORK#${shard}`, gsi1sk: `${due.toISOString()} ${pk} ${sk}` };
};

/** A key takes 2,048 bytes; longer text is told apart by its hash. */
function bounded(text: string): string {
  // What looks like a hash is hashed, so that nobody can pass for another by it.
  if (Buffer.byteLength(text) <= 512 && !text.startsWith("sha256:")) return text;
  return `sha256:${createHash("sha256").update(text).digest("hex")}`;
}
