import type { ListQuery } from "../scim/list-query.ts";
import type { Asking, Served } from "./served.ts";
import { type Derivations, derive, deriveBeside } from "./show.ts";

/** What is derived for the resources of one list. */
interface DerivedAhead {
  /** Begins to read it for a few resources of which only the ids are known yet. */
  readonly foretell: (ids: readonly string[]) => void;
  /** What is derived for these resources, as far as the client wants to see it. */
  readonly of: (ids: readonly string[]) => Promise<Derivations>;
}

/** Of more that share a value many may be on another page, or satisfy no other part of the filter. */
const mostForetold = 10;

/**
 * Reads what is derived beside the resources rather than after them where an index tells their ids:
 * a match query then waits once less.
 */
export function deriveAhead(served: Served, query: ListQuery, asking: Asking): DerivedAhead {
  let begun:
    | { readonly ids: ReadonlySet<string>; readonly values: Promise<Derivations> }
    | undefined;
  return {
    foretell: (ids) => {
      if (ids.length === 0 || ids.length > Math.min(mostForetold, query.count)) return;
      begun = { ids: new Set(ids), values: deriveBeside(served, ids, query, asking) };
    },
    of: async (ids) =>
      begun && ids.every((id) => begun?.ids.has(id))
        ? begun.values
        : derive(served, ids, query, asking),
  };
}
