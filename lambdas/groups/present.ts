import type { JsonObject } from "../scim/json.ts";
import { type Projection, project, readProjection, wantsMembers } from "../scim/project.ts";
import { groupType, userType } from "../scim/resource-types.ts";
import { locationOf, represent, type Stored } from "../scim/stored.ts";
import type { GroupStore, GroupWithMembers, Member, MemberReader } from "../store/store.ts";

/** Shows groups with what a client asked for (RFC 7644, section 3.9); members are read only where they are shown. */
export interface GroupView {
  readonly tenant: string;
  readonly baseUrl: string;
  readonly projection: Projection;
}

/** How `request` wants to see groups. */
export const groupView = (
  tenant: string,
  baseUrl: string,
  wanted: Parameters<typeof readProjection>[0],
): GroupView => ({ tenant, baseUrl, projection: readProjection(wanted, groupType) });

/** The group of this id, read as far as the view shows it; undefined where there is none. */
export async function readGroup(
  groups: GroupStore,
  id: string,
  view: GroupView,
): Promise<JsonObject | undefined> {
  if (wantsMembers(view.projection)) return readWhole(groups, id, view);
  const stored = await groups.get(view.tenant, id);
  return stored && showWithoutMembers(stored, view);
}

/** A group with its members, if the view has them; undefined where it is gone meanwhile. */
export async function showGroup(
  groups: MemberReader,
  stored: Stored,
  view: GroupView,
): Promise<JsonObject | undefined> {
  return wantsMembers(view.projection)
    ? readWhole(groups, stored.id, view)
    : showWithoutMembers(stored, view);
}

const showWithoutMembers = (stored: Stored, { baseUrl, projection }: GroupView): JsonObject =>
  project(represent(stored, groupType, baseUrl), groupType, projection);

async function readWhole(groups: MemberReader, id: string, view: GroupView) {
  const whole = await groups.getWithMembers(view.tenant, id);
  return whole && presentGroup(whole, view);
}

/** A group with the members that are known. */
export function presentGroup(
  { group, members }: GroupWithMembers,
  { baseUrl, projection }: GroupView,
): JsonObject {
  return project(representGroup(group, members, baseUrl), groupType, projection);
}

/** The group with these members (RFC 7643, section 4.2). */
export function representGroup(
  group: Stored,
  members: readonly Member[],
  baseUrl: string,
): JsonObject {
  return {
    ...represent(group, groupType, baseUrl),
    members: members.map(({ id, type }) => ({
      value: id,
      $ref: locationOf({ id }, type === "User" ? userType : groupType, baseUrl),
      type,
    })),
  };
}
