import { invalidFilter } from "../errors.ts";
import { conjuncts, type Filter } from "../filter/filter.ts";

/**
 * The members that the filter of a path such as `members[value eq "x"]` names: one, or several
 * joined by `or`. @throws invalidFilter for a filter that all members would have to be read for.
 */
export function membersNamedBy(filter: Filter): readonly string[] {
  if (filter.kind === "or") return filter.operands.flatMap(membersNamedBy);

  const terms = conjuncts(filter).map(readTerm);
  const ids = terms.flatMap(({ name, value }) => (name === "value" ? [value] : []));
  const [id, ...more] = new Set(ids);
  if (id === undefined) throw unnamed();
  // Two ids at once are nobody's.
  return more.length === 0 ? [id] : [];
}

/** A member's `type` is given by its id, so that a condition on it says nothing more. */
function readTerm(term: Filter): { readonly name: string; readonly value: string } {
  if (term.kind !== "compare" || term.operator !== "eq" || term.value === null) throw unnamed();
  const name = term.path.toLowerCase();
  if (name !== "value" && name !== "type") throw unnamed();
  return { name, value: String(term.value) };
}

function unnamed() {
  return invalidFilter(
    `Members are chosen by id here: write members[value eq "id"], or several joined by "or".`,
  );
}
