import { invalidFilter } from "../../scim/errors.ts";
import { pathsIn } from "../../scim/filter/filter.ts";
import { equalityLookup } from "../../scim/filter/lookup.ts";
import { matcher } from "../../scim/filter/matches.ts";
import { quoted } from "../../scim/json.ts";
import type { ListQuery } from "../../scim/list-query.ts";
import type { ResourceType } from "../../scim/schema.ts";
import { type SortKey, sortKeyReader, unknownSortBy } from "../../scim/sort.ts";
import type { Stored } from "../../scim/stored.ts";
import type { Source } from "../query.ts";
import type { ResourceReader } from "../store.ts";
import { ignoreUnknown, outcome } from "./outcome.ts";

/** One type's part in a query, with everything worked out that does not depend on a resource. */
export interface Prepared {
  readonly name: string;
  readonly reader: ResourceReader;
  /** Whether every resource is wanted, and none must be looked at to tell its place. */
  readonly isPlain: boolean;
  /** All that may match, where an index tells. */
  readonly listed: readonly Stored[] | undefined;
  readonly terms: number;
  readonly mostExamined: number;
  readonly judge: (stored: Stored) => Promise<{ readonly isMatch: boolean; readonly key: SortKey }>;
}

/** A query, ready to be put to resources. */
export interface PreparedQuery {
  /** What tells this query from any other, so that no cursor is used with another. */
  readonly identity: string;
  /** Without those of which nothing can match. */
  readonly sources: readonly Prepared[];
}

/** @throws ScimError 400 `invalidFilter` or `invalidValue` for what no type has. */
export async function prepare(
  sources: readonly Source[],
  tenant: string,
  query: ListQuery,
): Promise<PreparedQuery> {
  checkFilter(sources);
  checkSortBy(sources, query.sortBy);
  const useful = sources.flatMap(({ reader, filtering }) => {
    const { filter, type } = filtering;
    return reader && (!filter || outcome(filter, type) !== false) ? [{ reader, filtering }] : [];
  });
  return {
    identity: identityOf(sources, tenant, query),
    sources: await Promise.all(useful.map((source) => prepareOne(source, tenant, query.sortBy))),
  };
}

async function prepareOne(
  { reader, filtering }: Source & { readonly reader: ResourceReader },
  tenant: string,
  sortBy: string | undefined,
): Promise<Prepared> {
  const { type, typeOf, view, mostExamined } = filtering;
  const isAll = !filtering.filter || outcome(filtering.filter, type) === true;
  const filter = isAll ? undefined : filtering.filter;
  const lookup = filter && equalityLookup(filter, type);
  const isPlain = !filter && sortBy === undefined;

  const matcherOf = remembered((of) => (filter ? matcher(filter, of, ignoreUnknown) : () => true));
  const keyReaderOf = remembered((of) =>
    sortBy === undefined ? undefined : sortKeyReader(sortBy, of),
  );
  return {
    name: type.name,
    reader,
    isPlain,
    listed: lookup && (await reader.find(tenant, lookup)),
    terms: filter ? pathsIn(filter).length : 0,
    mostExamined,
    judge: async (stored) => {
      if (isPlain) return { isMatch: true, key: null };
      const own = typeOf?.(stored) ?? type;
      const resource = await view(stored);
      if (!matcherOf(own)(resource)) return { isMatch: false, key: null };
      return { isMatch: true, key: keyReaderOf(own)?.(resource) ?? null };
    },
  };
}

/** Most resources are of the very same type; those that are not have one each, which is not kept. */
function remembered<T>(make: (type: ResourceType) => T): (type: ResourceType) => T {
  const made = new WeakMap<ResourceType, { readonly value: T }>();
  return (type) => {
    const known = made.get(type) ?? { value: make(type) };
    made.set(type, known);
    return known.value;
  };
}

/** What a single type does not have is refused; of several, one must have it. */
function checkFilter(sources: readonly Source[]): void {
  const unknown = sources.map(({ filtering: { filter, type } }) => {
    const paths = new Set<string>();
    if (filter) matcher(filter, type, sources.length > 1 ? (path) => paths.add(path) : undefined);
    return paths;
  });
  const [first = new Set<string>()] = unknown;
  const nowhere = [...first].find((path) => unknown.every((paths) => paths.has(path)));
  if (nowhere !== undefined)
    throw invalidFilter(`The filter names ${quoted(nowhere)}, which cannot be filtered by here.`);
}

function checkSortBy(sources: readonly Source[], sortBy: string | undefined): void {
  if (sortBy === undefined) return;
  const readers = sources.map(({ filtering: { type } }) => sortKeyReader(sortBy, type));
  if (readers.every((reader) => !reader)) throw unknownSortBy(sortBy);
}

/** Names are the same in any case, so a client may spell them otherwise on its next page. */
function identityOf(
  sources: readonly Source[],
  tenant: string,
  { sortBy, sortOrder }: ListQuery,
): string {
  const filters = sources.map(({ filtering: { filter, type } }) => [type.name, filter ?? null]);
  const order = sortBy === undefined ? null : [sortBy.toLowerCase(), sortOrder];
  return JSON.stringify([tenant, filters, order], (name, value) =>
    name === "path" ? String(value).toLowerCase() : value,
  );
}
