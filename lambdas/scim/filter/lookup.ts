import { findAttribute, printAttributePath } from "../attribute-path.ts";
import type { ResourceType } from "../schema.ts";
import { conjuncts, type Filter } from "./filter.ts";

/** An equality that the store can look up instead of reading everything. */
export interface Lookup {
  readonly attribute: "id" | "userName" | "externalId" | "emails.value" | "displayName";
  readonly value: string;
}

/** What can be looked up, the most selective first. */
const indexed: Readonly<Record<string, readonly Lookup["attribute"][]>> = {
  User: ["id", "userName", "externalId", "emails.value"],
  Group: ["id", "displayName", "externalId"],
};

/**
 * An equality that holds for every resource that satisfies `filter`: look its candidates up,
 * then apply `matches` to them. Undefined if the filter has none that is indexed.
 */
export function equalityLookup(filter: Filter, type: ResourceType): Lookup | undefined {
  const equalities = conjuncts(filter).flatMap((conjunct) => equalitiesIn(conjunct, type));
  const attributes = Object.hasOwn(indexed, type.name) ? (indexed[type.name] ?? []) : [];
  for (const attribute of attributes) {
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
  if (operator !== "eq" || value === null || !found) return [];
  // `emails eq "x"` means the value of an e-mail.
  const isEmails = !found.extension && !found.subAttribute && found.attribute.name === "emails";
  const name = isEmails ? "emails.value" : printAttributePath(found);
  return [{ path: name, value: String(value) }];
}
