import type { Lookup } from "../scim/filter/lookup.ts";
import type { JsonObject } from "../scim/json.ts";
import type { MembershipChange } from "../scim/patch/membership.ts";
import type { Stored } from "../scim/stored.ts";

export type { Lookup };

export interface Page {
  /**
   * How many there are in all, exactly. To a walk behind whose page there is more, though deletes
   * made the list shorter than the walk is long, it is one more than the walk was given.
   */
  readonly totalResults: number;
  /** In the order of their ids; fewer than asked for where they would not fit into one answer. */
  readonly resources: readonly Stored[];
}

/** A page of several lists, one behind the other. */
export interface JointPage {
  /** How many there are in all of them. */
  readonly totalResults: number;
  /** What is on the page of each list, in the order of the lists. */
  readonly parts: readonly (readonly Stored[])[];
  /** To be told where only the first `kept` were used for an answer, and the client counts fewer, `shown`, or as many. */
  readonly keepShown: (kept: number, shown: number) => Promise<void>;
}

/** A function answers at most 6 MB, in which every quotation mark of the body takes two bytes or more. */
export const pageBytes = 2_500_000;

/** Which part of a list is read, and which way. */
export interface Reading {
  /** Only what follows this id on the way; it need not be there any more. */
  readonly after?: string | undefined;
  /** From the last id to the first. */
  readonly backward?: boolean;
  /** How many will be taken, where that is known: no more are read at once. */
  readonly most?: number | undefined;
}

/** What can be read of any resource type. Every read sees all that was written before it began. */
export interface ResourceReader {
  get(tenant: string, id: string): Promise<Stored | undefined>;
  /**
   * Those that have this value, compared as the attribute's `caseExact` says, in the order of
   * their ids. Undefined where too many share it for an index to be of use. By a member's or a
   * group's id they are those that may have it: a change to memberships is seen within moments.
   * `foretell` is told the ids before the resources are read, so that what else is wanted of them
   * can be read beside them.
   */
  find(
    tenant: string,
    lookup: Lookup,
    foretell?: (ids: readonly string[]) => void,
  ): Promise<readonly Stored[] | undefined>;
  /**
   * `startIndex` counts from 1 (RFC 7644, section 3.4.2.4). Whoever goes on where a page ended is
   * given all who stay, whatever is deleted meanwhile.
   * @throws ScimError 400 `tooMany` where too much would be read that nobody walked through.
   */
  page(tenant: string, startIndex: number, count: number): Promise<Page>;
  /** By what `pageOver` knows the list of all these resources. */
  readonly list: string;
  /** The same of several lists of the same store, one behind the other. */
  pageOver(
    tenant: string,
    lists: readonly string[],
    startIndex: number,
    count: number,
  ): Promise<JointPage>;
  /** All, or a part of them, in the order of their ids. */
  each(tenant: string, reading?: Reading): AsyncIterable<Stored>;
}

/** Where the resources of one type are kept. Each write is whole or not at all, to every reader. */
export interface ResourceStore extends ResourceReader {
  /** @throws ScimError 409 `uniqueness` if another resource of the tenant has a value that only one may have, 400 if a seat is needed and all are taken. */
  create(tenant: string, resource: JsonObject, rules: WriteRules): Promise<Stored>;
  /**
   * Writes `after` over `before`.
   * @throws Conflict if `before` is no longer what is stored: read again, decide again.
   * @throws ScimError 409 `uniqueness` as `create`.
   */
  replace(tenant: string, before: Stored, after: JsonObject, rules: WriteRules): Promise<Stored>;
  /** Deletes the resource; a user leaves all groups with it, and can be restored. @throws Conflict as `replace`. */
  delete(tenant: string, before: Stored, rules: DeleteRules): Promise<void>;
}

/** What a tenant asks of each write. */
export interface WriteRules {
  /** How many users may be active at once; undefined for as many as come. */
  readonly seatLimit?: number | undefined;
}

/** How many of a tenant's seats are taken. */
export interface SeatCount {
  readonly limit: number;
  readonly taken: number;
  /** Whether all users that were there before the limit are counted in. */
  readonly isCounted: boolean;
}

/** How many users of a tenant may be active at once. */
export interface Seats {
  /** Sets a tenant's limit, or takes it away; users that are there are counted in the background. */
  setLimit(tenant: string, limit: number | undefined): Promise<void>;
  /** Undefined for a tenant without a limit. */
  read(tenant: string): Promise<SeatCount | undefined>;
}

/** How a tenant wants its users deleted. */
export interface DeleteRules {
  /** For how many days a deleted user can be restored; 0 for not at all. */
  readonly tombstoneDays: number;
  /** Whether nothing may be left of it: then what names it apart from it goes as well. */
  readonly erases?: boolean;
}

/** A user that was deleted, and can be restored. */
export interface DeletedUser {
  readonly id: string;
  readonly userName: string;
  readonly deletedAt: string;
  /** When nothing of the user is left. */
  readonly erasedAt: string;
}

/** What became of a restore: `notDeleted` where there is such a user, `unknown` where there is nothing to restore. */
export type Restored =
  | { readonly kind: "restored"; readonly user: Stored; readonly groups: number }
  | { readonly kind: "notDeleted" | "unknown" };

/** Where deleted users are kept until they can no longer be restored. */
export interface DeletedUsers {
  /** In the order of their ids, from the one after `after`; `next` where there are more. */
  list(
    tenant: string,
    limit: number,
    after?: string,
  ): Promise<{ readonly users: readonly DeletedUser[]; readonly next?: string | undefined }>;
  /**
   * Makes the user again with its id, attributes and memberships. One that was cut off is completed
   * by the next.
   * @throws ScimError 409 `uniqueness` where another has its userName, or what else only one may have.
   * @throws ScimError 400 where it was active and all seats of the tenant are taken.
   */
  restore(tenant: string, id: string): Promise<Restored>;
}

/** What there was of a user that is erased. */
export interface ErasedUser {
  readonly userName?: string | undefined;
  /** Whether there was nothing left but what an earlier erasure leaves to the background work. */
  readonly wasGone: boolean;
  /** When nothing is left as a rule: memberships, and changes under way that name it, go in the background. */
  readonly completeBy: string;
}

/** Erases users, alive or deleted, so that none can be restored. */
export interface UserErasure {
  /** Undefined where there is nothing of that id. One that was cut off is completed by the next, or by the background work. */
  erase(tenant: string, id: string): Promise<ErasedUser | undefined>;
  /** The ids of whoever has this userName, and of those deleted that had it. */
  withUserName(tenant: string, userName: string): Promise<readonly string[]>;
}

/** A group as those see it that are in it. */
export interface GroupOfMember {
  readonly id: string;
  readonly displayName: string;
}

/** Where users are kept. */
export interface UserStore extends ResourceStore {
  /** For each of `ids` that is in groups, those groups by id. A change to a group is seen within moments. */
  groupsOf(
    tenant: string,
    ids: readonly string[],
  ): Promise<ReadonlyMap<string, readonly GroupOfMember[]>>;
}

export interface Member {
  readonly id: string;
  readonly type: "User" | "Group";
}

/** How a tenant wants its groups kept. */
export interface GroupRules {
  readonly uniqueGroupNames: boolean;
  readonly unknownMembers: "refuse" | "ignore";
}

export interface GroupWithMembers {
  readonly group: Stored;
  readonly members: readonly Member[];
  /** Whether some have gone by being deleted, of which the group's version does not tell. */
  readonly lacksDeleted: boolean;
}

/** With the group itself, as many as one transaction reads. */
export const mostAsked = 99;

export interface MemberReader {
  /** The group together with its members; each change is seen whole or not at all. */
  getWithMembers(tenant: string, id: string): Promise<GroupWithMembers | undefined>;
  /** Those of at most `mostAsked` ids that are members of the group, none where there is no such group; each change is seen whole or not at all. */
  membersAmong(tenant: string, id: string, ids: readonly string[]): Promise<readonly Member[]>;
  /** By what people know each of `members`, by id: its displayName, or a user's userName where it has none. */
  displayNamesOf(tenant: string, members: readonly Member[]): Promise<ReadonlyMap<string, string>>;
}

/**
 * Where groups and memberships are kept. A change to a group's members is all there
 * or not there at all, to every reader and after a crash at any instant.
 */
export interface GroupStore extends ResourceReader, MemberReader {
  /** Reads the groups of one request, each as of after it began: what was deleted is asked for once. */
  memberReader(): MemberReader;
  /**
   * @throws ScimError 409 `uniqueness` if names are unique and another group has this displayName.
   * @throws ScimError 400 `invalidValue` naming a member that is neither a user nor a group of the tenant.
   */
  create(
    tenant: string,
    group: JsonObject,
    members: readonly string[],
    rules: GroupRules,
  ): Promise<GroupWithMembers>;
  /**
   * Adds and removes members without reading the group, which may have any number of them.
   * Answers false where there is no such group.
   * @throws ScimError 400 `invalidValue` as `create`.
   */
  changeMembers(
    tenant: string,
    id: string,
    change: MembershipChange & { readonly kind: "update" },
    rules: GroupRules,
  ): Promise<boolean>;
  /**
   * Writes `after` over `before`, and the change to its members with it.
   * @throws Conflict if `before` is no longer what is stored.
   * @throws ScimError as `create`.
   */
  replace(
    tenant: string,
    before: Stored,
    after: JsonObject,
    membership: MembershipChange | undefined,
    rules: GroupRules,
  ): Promise<Stored>;
  /** Deletes the group, its memberships, and takes it out of other groups. @throws Conflict as `replace`. */
  delete(tenant: string, before: Stored, rules?: DeleteRules): Promise<void>;
}

/** Two groups of one name, compared without regard to case. */
export interface SharedName {
  readonly displayName: string;
  readonly ids: readonly string[];
}

/** Groups' names in a tenant that comes to want them unique. */
export interface GroupNames {
  /** Has each group hold its name, as those do that were written while names are unique. Gives those that share one. */
  claimAll(tenant: string): Promise<readonly SharedName[]>;
}

/** What a run of the background work came to. */
export interface WorkReport {
  /** How many pieces of work it completed. */
  readonly done: number;
  /** Whether anything still waits. */
  readonly left: boolean;
  /** Why pieces of work could not be done; what waits behind them was done nevertheless. */
  readonly failures: readonly unknown[];
}

/** What is done after the request that caused it was answered. */
export interface Background {
  /** Does what waits, oldest first, until `until` (ms since the epoch) has come; one group's pending change alone where `only` names it. */
  run(
    until: number,
    only?: { readonly tenant: string; readonly groupId: string },
  ): Promise<WorkReport>;
}

/** How much a tenant has. */
export interface TenantFigures {
  /** Exactly, without reading them. */
  totals(tenant: string): Promise<{ readonly users: number; readonly groups: number }>;
  /** By reading all users; undefined where that is not done at `until` (ms since the epoch). */
  countActive(tenant: string, until: number): Promise<number | undefined>;
  /** By reading all memberships as they are in the table, without what a large change has yet to write; undefined as `countActive`. */
  countMemberships(tenant: string, until: number): Promise<number | undefined>;
}
