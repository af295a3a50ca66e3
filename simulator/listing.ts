import type { Context } from "./context.ts";
import type { ResourceType } from "./endpoint.ts";
import { withoutMembers } from "./query.ts";

/** How many there are, asked for with a page of one. */
export async function readTotal({ endpoint }: Context, type: ResourceType): Promise<number> {
  const page = await endpoint.query("list", type, pageQuery(type, 1, 1));
  return Number(page?.body["totalResults"] ?? 0);
}

/** Lists all page by page: the total is exact, each resource comes once, deleted ones do not. */
export async function compareListing(context: Context, type: ResourceType, before: number) {
  const { journal, links } = context;
  const known = [...(type === "User" ? links.users : links.groups).values()];
  const alive = known.filter(({ isGone }) => !isGone);
  const removed = known.filter(({ isGone, isAdopted }) => isGone && isAdopted).length;
  const expected = before + alive.filter(({ isAdopted }) => !isAdopted).length - removed;

  // The gallery's tests go in steps of five, which would take too long over a large directory.
  const count = context.dialect.name === "validator" && expected < 500 ? 5 : 100;
  const { ids, totals } = await readPages(context, type, count);
  const listed = new Set(ids);
  const differs = (text: string) => journal.differs(`the list of ${type}s: ${text}`);
  for (const total of totals) {
    if (total !== expected) differs(`totalResults: source ${expected}, endpoint ${String(total)}`);
  }
  if (ids.length !== listed.size) differs(`${ids.length - listed.size} come more than once`);
  if (listed.size !== expected) differs(`source ${expected}, endpoint lists ${listed.size}`);

  const missing = alive.filter(({ id }) => !listed.has(id));
  if (missing.length > 0) differs(`${missing.length} are missing, the first ${missing[0]?.id}`);
  const undead = known.filter(({ id, isGone }) => isGone && listed.has(id));
  if (undead.length > 0) differs(`${undead.length} deleted are in it, the first ${undead[0]?.id}`);
}

interface Pages {
  readonly ids: readonly string[];
  /** Every totalResults that was answered, each once. */
  readonly totals: ReadonlySet<unknown>;
}

async function readPages(context: Context, type: ResourceType, count: number): Promise<Pages> {
  const { endpoint, journal } = context;
  const ids: string[] = [];
  const totals = new Set<unknown>();

  for (let startIndex = 1; ; startIndex += count) {
    const text = pageQuery(type, startIndex, count);
    const page = await endpoint.query("list", type, text);
    if (!page) return { ids, totals };

    const { totalResults, startIndex: echoed, itemsPerPage } = page.body;
    totals.add(totalResults);
    if (echoed !== startIndex)
      journal.violated("a list does not echo startIndex as a number", text);
    if (typeof itemsPerPage !== "number") journal.violated("a list has no itemsPerPage", text);
    if (page.resources.length > count) journal.violated("a page is longer than count", text);
    ids.push(...page.resources.map(({ id }) => String(id)));

    const isLast = startIndex + count > Number(totalResults);
    if (isLast || page.resources.length === 0) return { ids, totals };
  }
}

function pageQuery(type: ResourceType, startIndex: number, count: number): string {
  const paging = `startIndex=${startIndex}&count=${count}`;
  return type === "Group" ? `${withoutMembers}&${paging}` : paging;
}
