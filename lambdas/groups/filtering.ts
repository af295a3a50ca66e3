import type { ScimRequest } from "../http/action.ts";
import { toleranceFor } from "../resources/served.ts";
import { foldCase } from "../scim/case-folding.ts";
import { tooMany } from "../scim/errors.ts";
import { askedValues } from "../scim/filter/asked-values.ts";
import { type Filter, pathsIn } from "../scim/filter/filter.ts";
import { parseFilter } from "../scim/filter/parse.ts";
import type { ListQuery } from "../scim/list-query.ts";
import type { ResourceType } from "../scim/schema.ts";
import { represent, type Stored } from "../scim/stored.ts";
import type { Filtering } from "../store/query.ts";
import { type Member, type MemberReader, mostAsked } from "../store/store.ts";
import type { ServedGroups } from "./groups.ts";
import { representGroup } from "./present.ts";

/** Reading one group's members may cost as much as reading hundreds of groups; asking for some of them takes a call. */
const mostExamined = { withMembers: 200, withSome: 1000, without: 20_000 };

/** As many as one group may be given at once. */
const mostMembersExamined = 20_000;

/** How groups are put to a query's filter and order. */
export function filteringBy(
  { type }: ServedGroups,
  groups: MemberReader,
  { filter: text, sortBy = "" }: ListQuery,
  { principal, baseUrl }: ScimRequest,
): Filtering {
  const filter = text ? toleranceFor({ principal }).filter(parseFilter(text), type) : undefined;
  const base = { filter, type };
  const paths = [...(filter ? pathsIn(filter) : []), sortBy];
  if (!paths.some(isOfMembers)) {
    const view = (stored: Stored) => represent(stored, type, baseUrl);
    return { ...base, view, mostExamined: mostExamined.without };
  }
  const asked = isOfMembers(sortBy) ? undefined : askedMembers(filter, type);
  const isNamed = paths.some((path) => /(^|\.)display$/i.test(path));
  let examined = 0;
  const view = async (stored: Stored) => {
    const members = await readMembers(groups, principal.tenant, stored.id, asked);
    examined += members.length;
    if (examined > mostMembersExamined)
      throw tooMany(`This filter would go through more than ${mostMembersExamined} members.`);
    const names = isNamed ? await groups.displayNamesOf(principal.tenant, members) : undefined;
    return representGroup(stored, members, { type, baseUrl }, names);
  };
  return { ...base, view, mostExamined: mostExamined[asked ? "withSome" : "withMembers"] };
}

const isOfMembers = (path: string): boolean => /(^|:)members($|\.)/i.test(path);

/** The ids of the members that a filter asks for, where it asks for no others; as ids are spelt. */
function askedMembers(
  filter: Filter | undefined,
  type: ResourceType,
): readonly string[] | undefined {
  const asked = filter && askedValues(filter, "members", type)?.map(foldCase);
  return asked && asked.length <= mostAsked ? asked : undefined;
}

async function readMembers(
  groups: MemberReader,
  tenant: string,
  id: string,
  asked: readonly string[] | undefined,
): Promise<readonly Member[]> {
  if (asked) return groups.membersAmong(tenant, id, asked);
  return (await groups.getWithMembers(tenant, id))?.members ?? [];
}
