import type { ScimReply, ScimRequest } from "../http/action.ts";
import { changed, resourceReply } from "../http/action.ts";
import { identify, isShownAfterPatch, spelt } from "../resources/show.ts";
import { notFound } from "../scim/errors.ts";
import type { JsonObject } from "../scim/json.ts";
import { readWanted } from "../scim/list-query.ts";
import {
  afterWriting,
  isWanted,
  type Projection,
  project,
  readProjection,
} from "../scim/project.ts";
import { userType } from "../scim/resource-types.ts";
import type { ResourceType } from "../scim/schema.ts";
import { locationOf, represent, type Stored } from "../scim/stored.ts";
import type { GroupWithMembers, Member, MemberReader } from "../store/store.ts";
import type { ServedGroups } from "./groups.ts";

/** Shows groups with what a client asked for (RFC 7644, section 3.9); members are read only where they are shown. */
export interface GroupView {
  readonly type: ResourceType;
  readonly tenant: string;
  readonly baseUrl: string;
  readonly projection: Projection;
  /** Whether a group without members is shown without the attribute, which says the same (RFC 7643, section 2.5), or as Microsoft's samples have it. */
  readonly omitsEmpty: boolean;
}

/** How `request` wants to see groups. */
export function groupView(
  { type }: ServedGroups,
  request: Pick<ScimRequest, "principal" | "baseUrl">,
  wanted: Parameters<typeof readProjection>[0],
): GroupView {
  const { principal, baseUrl } = request;
  const projection = readProjection(spelt(wanted, type, request), type);
  const omitsEmpty = principal.settings.strictness === "rfc";
  return { type, tenant: principal.tenant, baseUrl, projection, omitsEmpty };
}

/** As `groupView`, by the parameters of the request's URL. */
export const viewOf = (served: ServedGroups, request: ScimRequest): GroupView =>
  groupView(served, request, readWanted(request.query));

/** The view of the answer to what has just made the group `after` out of `before`. */
export const viewAfterWriting = (
  view: GroupView,
  before: JsonObject | undefined,
  after: Stored,
): GroupView => ({ ...view, projection: afterWriting(view.projection, before, after.resource) });

/** Whether a view has members, so that they must be read. */
export const showsMembers = ({ projection }: GroupView) => isWanted(projection, "members");

/** A group with its members, if the view has them; undefined where it is gone meanwhile. */
export async function showGroup(
  groups: MemberReader,
  stored: Stored,
  view: GroupView,
): Promise<JsonObject | undefined> {
  const { type, tenant, baseUrl, projection } = view;
  if (!showsMembers(view)) return project(represent(stored, type, baseUrl), type, projection);
  const whole = await groups.getWithMembers(tenant, stored.id);
  return whole && presentGroup(groups, whole, view);
}

/** Of more members the names are not read: it would cost more than the members themselves. */
const mostNamed = 2000;

/** A group with the members that are known. */
export async function presentGroup(
  groups: MemberReader,
  { group, members }: GroupWithMembers,
  view: GroupView,
): Promise<JsonObject> {
  const { type, tenant, baseUrl, projection, omitsEmpty } = view;
  if (omitsEmpty && members.length === 0)
    return project(represent(group, type, baseUrl), type, projection);
  const isNamed = showsMembers(view) && members.length <= mostNamed;
  const names = isNamed ? await groups.displayNamesOf(tenant, members) : new Map();
  return project(representGroup(group, members, { type, baseUrl }, names), type, projection);
}

/** The group with these members (RFC 7643, section 4.2). */
export function representGroup(
  group: Stored,
  members: readonly Member[],
  { type, baseUrl }: Pick<GroupView, "type" | "baseUrl">,
  names: ReadonlyMap<string, string> = new Map(),
): JsonObject {
  return {
    ...represent(group, type, baseUrl),
    members: members.map((member) => {
      const display = names.get(member.id);
      return {
        value: member.id,
        $ref: locationOf(member, member.type === "User" ? userType : type, baseUrl),
        type: member.type,
        ...(display === undefined ? {} : { display }),
      };
    }),
  };
}

/** What answers a replace, or a PATCH by a client that wants to see what it did. */
export async function replyWithGroup(
  { store }: ServedGroups,
  stored: Stored,
  view: GroupView,
): Promise<ScimReply> {
  const shown = await showGroup(store, stored, view);
  if (!shown) throw notFound("Group", stored.id);
  return resourceReply(200, shown, identify(stored, view, view.baseUrl));
}

/** What answers a PATCH whose outcome is known. */
export const replyToPatch = async (
  served: ServedGroups,
  stored: Stored,
  request: ScimRequest,
  before: Stored,
): Promise<ScimReply> => {
  const view = viewAfterWriting(viewOf(served, request), before.resource, stored);
  return isShownAfterPatch(served, request)
    ? replyWithGroup(served, stored, view)
    : changed(identify(stored, view, view.baseUrl));
};
