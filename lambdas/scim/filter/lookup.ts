import { findAttribute, printAttributePath, uniqueAttributes } from "../attribute-path.ts";
import type { ResourceType } from "../schema.ts";
import { conjuncts, type Filter } from "./filter.ts";

/** An equality that the store can look up instead of reading everything. */
export interface Lookup {
  /** The attribute's path, as `printAttributePath` has it. */
  readonly attribute: string;
  readonly value: string;
}

/** What else can be looked up than what only one may have. */
const alsoIndexed = new Map([
  ["User", ["externalId", "emails.value", "groups.value"]],
  ["Group", ["displayName", "externalId", "members.value"]],
]);

/** What can be looked up, the most selective first. */
function indexedOf(type: ResourceType): readonly string[] {
  const unique = uniqueAttributes(type).map(printAttributePath);
  return ["id", ...unique, ...(alsoIndexed.get(type.name) ?? ["externalId"])];
}

/**
 * An equality that holds for every resource that satisfies `filter`: look its candidates up,
 * then apply `matches` to them. Undefined if the filter has none that is indexed.
 */
export function equalityLookup(filter: Filter, type: ResourceType): Lookup | undefined {
  const equalities = conjuncts(filter).flatMap((conjunct) => equalitiesIn(conjunct, type));
  for (const attribute of indexedOf(type)) {
    const found = equalities.find(({ path }) => path === attribute);
    if (found) return { attribute, value: found.value };
  }
  return undefined;
}

interface Equality {
  readonly path: string;
  readonly value: string;
}

function equalitiesIn(filter: Filter, type: ResourceType): readonly Equality[] {
  if (filter.kind === "compare") return equality(filter, filter.path, type);
  if (filter.kind !== "valuePath") return [];
  return conjuncts(filter.filter).flatMap((inner) =>
    inner.kind === "compare" ? equality(inner, `${filter.path}.${inner.path}`, type) : [],
  );
}

function equality(
  { operator, value }: Extract<Filter, { kind: "compare" }>,
  path: string,
  type: ResourceType,
): readonly Equality[] {
  const found = findAttribute(path, type);
  // Of an empty text there is no entry in an index.
  if (operator !== "eq" || value === null || value === "" || !found) return [];
  // `emails eq "x"` means the value of an e-mail.
  const name = printAttributePath(found);
  const isWhole = indexedOf(type).includes(`${name}.value`);
  return [{ path: isWhole ? `${name}.value` : name, value: String(value) }];
}
