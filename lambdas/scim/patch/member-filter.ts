import { invalidFilter } from "../errors.ts";
import { conjuncts, type Filter } from "../filter/filter.ts";

/**
 * The members that the filter of a path such as `members[value eq "x"]` names: one, or several
 * joined by `or`. @throws invalidFilter for a filter that all members would have to be read for.
 */
export function membersNamedBy(filter: Filter): readonly string[] {
  if (filter.kind === "or") return filter.operands.flatMap(membersNamedBy);

  const [id, ...more] = new Set(conjuncts(filter).map(readTerm));
  if (id === undefined) throw unnamed();
  // Two ids at once are nobody's.
  return more.length === 0 ? [id] : [];
}

function readTerm(term: Filter): string {
  const isId = term.kind === "compare" && term.operator === "eq" && term.value !== null;
  if (!isId || term.path.toLowerCase() !== "value") throw unnamed();
  return String(term.value);
}

function unnamed() {
  return invalidFilter(
    `Members are chosen by id here: write members[value eq "id"], or several joined by "or".`,
  );
}
