import { type Cursor, foreign } from "../../scim/cursor.ts";
import { tooMany } from "../../scim/errors.ts";
import type { ListQuery } from "../../scim/list-query.ts";
import type { Stored } from "../../scim/stored.ts";
import type { Found } from "../query.ts";
import type { Prepared } from "./prepare.ts";

/** What may be read, and compared with every term of a filter, within a few seconds. */
const mostBytes = 40_000_000;
const mostWork = 100_000_000;

/** A resource that was looked at, or that no more may be looked at for this request. */
export type Examined =
  | { readonly kind: "resource"; readonly found: Found; readonly isMatch: boolean }
  | { readonly kind: "bound" };

/** Looks at all that may match behind the cursor's place, type after type, each in the order of its ids. */
export async function* examine(
  sources: readonly Prepared[],
  tenant: string,
  { direction, from }: Cursor,
  most?: number,
): AsyncGenerator<Examined> {
  const onTheWay = direction === "forward" ? sources : sources.toReversed();
  const start = from ? onTheWay.findIndex(({ name }) => name === from.type) : 0;
  if (start < 0) throw foreign();

  let bytes = 0;
  let work = 0;
  for (const source of onTheWay.slice(start)) {
    const after = source.name === from?.type ? from.id : undefined;
    let examined = 0;
    for await (const stored of candidates(source, tenant, { direction, after, most })) {
      const size = JSON.stringify(stored.resource).length;
      bytes += size;
      work += size * source.terms;
      if (bytes > mostBytes || work > mostWork || ++examined > source.mostExamined) {
        yield { kind: "bound" };
        return;
      }
      const { isMatch, key } = await source.judge(stored);
      yield {
        kind: "resource",
        found: { type: source.name, id: stored.id, key, stored },
        isMatch,
      };
    }
  }
}

function candidates(
  { reader, listed, isPlain }: Prepared,
  tenant: string,
  {
    direction,
    after,
    most,
  }: { after: string | undefined; most: number | undefined } & Pick<Cursor, "direction">,
): AsyncIterable<Stored> | Iterable<Stored> {
  const backward = direction === "backward";
  // How many must be read until so many match cannot be known.
  if (!listed) return reader.each(tenant, { after, backward, most: isPlain ? most : undefined });
  if (!backward) return listed.filter(({ id }) => after === undefined || id > after);
  return listed.filter(({ id }) => after === undefined || id < after).toReversed();
}

/** The refusal of a query that no index answers and that would read too much. */
export const tooMuchToRead = ({ sortBy, cursor }: Pick<ListQuery, "sortBy" | "cursor">) => {
  const byIndex = "filter by userName, externalId, emails.value, displayName of groups, or id";
  const byCursor = [
    ...(sortBy === undefined ? [] : ["leave sortBy out"]),
    ...(cursor === undefined ? ["page by cursor"] : []),
  ];
  const ways = [byIndex, byCursor.join(" and ")].filter((way) => way !== "");
  return tooMany(`This query would read too many resources; ${ways.join(", or ")}.`);
};
