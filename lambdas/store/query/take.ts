import type { Place } from "../../scim/cursor.ts";
import type { ListQuery } from "../../scim/list-query.ts";
import type { Found } from "../query.ts";
import { pageBytes } from "../store.ts";
import { type Examined, tooMuchToRead } from "./examine.ts";

/** What a page takes, in the order of reading. */
export interface Taken {
  readonly found: readonly Found[];
  /** Behind what the next page begins; undefined where there is none. */
  readonly onward: Place | undefined;
  /** The last that was looked at, whether or not it matches. */
  readonly last: Place | undefined;
}

/**
 * Takes what a page holds. One more must be found to tell that the page is not the last; the next
 * page begins at that one, so that nothing is looked at twice on the way.
 */
export async function take(
  examined: AsyncIterable<Examined> | Iterable<Examined>,
  query: ListQuery,
): Promise<Taken> {
  const found: Found[] = [];
  let bytes = 0;
  let last: Place | undefined;
  for await (const one of examined) {
    if (one.kind === "bound") {
      // A page that does not get on would be asked for again and again.
      if (!last) throw tooMuchToRead(query);
      return { found, onward: last, last };
    }
    if (one.isMatch) {
      bytes += JSON.stringify(one.found.stored.resource).length;
      const isFull = found.length === query.count || (bytes > pageBytes && found.length > 0);
      if (isFull) return { found, onward: last, last };
      found.push(one.found);
    }
    last = one.found;
  }
  return { found, onward: undefined, last };
}
