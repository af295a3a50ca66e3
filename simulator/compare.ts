import { compareUser } from "./compare-user.ts";
import type { Context } from "./context.ts";
import type { Directory, SourceGroup, SourceUser } from "./directory.ts";
import { compareListing } from "./listing.ts";
import { findGroup, findUser, mappedValues } from "./matching.ts";
import { goneIds, membersIn } from "./memberships.ts";
import { inParallel } from "./pool.ts";
import { equals, filterQuery, withoutMembers } from "./query.ts";
import type { ExpectedGroup, Link } from "./state.ts";

/** How many users and groups there were before the run. */
export interface Totals {
  readonly User: number;
  readonly Group: number;
}

/** Reads every user and group by id, by filter and in a listing, and notes what is not as sent. */
export async function compareAll(context: Context, directory: Directory, before: Totals) {
  const { reporter, concurrency } = context;
  const users = [...directory.users.values()];
  const groups = [...directory.groups.values()];
  const phase = reporter.phase("compare", users.length + groups.length + 2);
  const each = <T>(items: readonly T[], work: (item: T) => Promise<void>) =>
    inParallel(items, concurrency, async (item) => {
      await work(item);
      phase.step();
    });

  const gone = goneIds(context.links);
  await each(users, (user) => checkUser(context, user, gone));
  await each(groups, (group) => checkGroup(context, group, gone));
  await each(["User", "Group"] as const, (type) => compareListing(context, type, before[type]));
  phase.end();
}

type Ids = ReadonlySet<string>;

async function checkUser(context: Context, user: SourceUser, gone: Ids): Promise<void> {
  const { endpoint, links, journal, mappings } = context;
  const link = links.users.get(user.objectId);
  const name = `user "${user.attributes.userPrincipalName}"`;
  // The filter goes by what was sent: a user in the recycle bin may have changed since.
  const values = link?.expected.values ?? mappedValues(mappings, user);
  const hit = await findUser(context, values, "check");
  if (!link || link.isGone) {
    if (hit.kind === "found")
      journal.differs(`${name}: source ${whyAbsent(link)}, endpoint has it`);
    if (link) await checkGone(context, "User", name, link.id);
    return;
  }

  if (hit.kind === "absent")
    journal.differs(`${name}: a filter on its matching attribute finds nothing`);
  if (hit.kind === "found" && hit.resource.id !== link.id) {
    journal.differs(`${name}: a filter finds another id than the one it was created with`);
  }
  const found = await endpoint.get("User", link.id);
  if (found.kind === "absent") journal.differs(`${name}: source has it, endpoint answers 404`);
  if (found.kind !== "found") return;

  for (const text of compareUser(link, found.resource, gone)) journal.differs(`${name}: ${text}`);
}

const whyAbsent = (link: Link<unknown> | undefined): string =>
  link ? "deleted it" : "never provisioned it";

async function checkGone(context: Context, type: "User" | "Group", name: string, id: string) {
  const { endpoint, journal } = context;
  const found = await endpoint.get(type, id);
  if (found.kind === "found") journal.differs(`${name}: source deleted it, endpoint answers by id`);
  const page = await endpoint.query("check", type, filterQuery(equals("id", id)));
  if (page && page.resources.length > 0) {
    journal.differs(`${name}: source deleted it, endpoint finds it by a filter on id`);
  }
}

async function checkGroup(context: Context, group: SourceGroup, gone: Ids): Promise<void> {
  const { endpoint, links, journal } = context;
  const link = links.groups.get(group.objectId);
  const name = `group "${group.displayName}"`;
  if (!link) return;
  const hit = await findGroup(context, { ...group, ...link.expected }, "check");
  if (link.isGone) {
    if (hit.kind === "found") journal.differs(`${name}: source deleted it, endpoint has it`);
    return checkGone(context, "Group", name, link.id);
  }

  if (hit.kind === "absent") journal.differs(`${name}: a filter on its name finds nothing`);
  await endpoint.get("Group", link.id, withoutMembers);
  const found = await endpoint.get("Group", link.id);
  if (found.kind === "absent") journal.differs(`${name}: source has it, endpoint answers 404`);
  if (found.kind !== "found") return;
  for (const text of compareGroup(link, found.resource, gone)) journal.differs(`${name}: ${text}`);
}

function compareGroup(
  { expected }: Link<ExpectedGroup>,
  found: Record<string, unknown>,
  gone: Ids,
): readonly string[] {
  const fields = (["displayName", "externalId"] as const)
    .filter((field) => found[field] !== expected[field])
    .map((field) => `${field}: source ${show(expected[field])}, endpoint ${show(found[field])}`);

  const listed = Array.isArray(found["members"]) ? found["members"].length : 0;
  const actual = membersIn(found);
  const wanted = new Set([...expected.members].filter((id) => !gone.has(id)));
  const missing = [...wanted].filter((id) => !actual.has(id));
  const extra = [...actual].filter((id) => !wanted.has(id));
  const counts = `source has ${wanted.size}, endpoint has ${actual.size}`;
  return [
    ...fields,
    ...(listed === actual.size
      ? []
      : [`members: endpoint lists ${listed}, of them ${actual.size} different`]),
    ...(missing.length === 0 ? [] : [`members: ${counts}, missing ${some(missing)}`]),
    ...(extra.length === 0 ? [] : [`members: ${counts}, not in source ${some(extra, gone)}`]),
  ];
}

const show = (value: unknown): string => (value === undefined ? "nothing" : JSON.stringify(value));

const some = (ids: readonly string[], gone: Ids = new Set()): string => {
  const shown = ids.slice(0, 3).map((id) => (gone.has(id) ? `${id} (deleted)` : id));
  return `${shown.join(", ")}${ids.length > 3 ? ` and ${ids.length - 3} more` : ""}`;
};
