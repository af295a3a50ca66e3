import { roleObject } from "./bodies-create.ts";
import { managerPath } from "./bodies-plain.ts";
import type { Change } from "./diff.ts";
import type { Json } from "./json.ts";
import type { GroupFields, MemberChange, Operation } from "./operations.ts";
import { hashOf } from "./random.ts";

/**
 * With `?aadOptscim062020`: lower-case, real booleans; what has a filter in its path keeps an
 * operation of its own, all the rest is one map without a path for each kind of operation.
 */
export function flagOperations(changes: readonly Change[]): readonly Operation[] {
  const single = changes.filter((change) => isFiltered(change) || isAlone(change));
  const mapped = changes.filter((change) => !isFiltered(change) && !isAlone(change));
  return [
    ...single.map(flagOperation),
    ...together(mapped.filter(({ op }) => op === "add")),
    ...together(mapped.filter(({ op }) => op === "replace")),
  ];
}

const isFiltered = (change: Change): boolean =>
  change.kind === "value" && change.target.kind === "element";
const isAlone = (change: Change): boolean => change.kind === "roles" || change.op === "remove";

/** A lone add and a lone `active` keep their path; a lone replace is a map like several. */
function together(changes: readonly Change[]): readonly Operation[] {
  const [first] = changes;
  if (!first) return [];
  if (changes.length === 1 && (first.op === "add" || first.kind === "active")) {
    return [flagOperation(first)];
  }
  const value = Object.fromEntries(changes.map((change) => [pathOf(change), valueOf(change)]));
  return [{ op: first.op, value }];
}

function flagOperation(change: Change): Operation {
  if (change.kind === "manager" && change.op === "remove") {
    const prefix = hashOf(change.id) % 2 === 0 ? "manager" : managerPath;
    return { op: "remove", path: `${prefix}[value eq "${change.id}"]` };
  }
  return { op: change.op, path: pathOf(change), value: valueOf(change) };
}

function pathOf(change: Change): string {
  switch (change.kind) {
    case "value":
      return change.target.path;
    case "manager":
      return managerPath;
    case "active":
    case "roles":
      return change.kind;
  }
}

function valueOf(change: Change): Json {
  switch (change.kind) {
    case "value":
    case "active":
      return change.value;
    case "manager":
      return change.id;
    case "roles":
      return change.roles.map(roleObject);
  }
}

/** A removal names each member in a filter, so it is one operation a member. */
export function flagMembers(change: MemberChange, asOne: boolean): readonly Operation[] {
  if (change.kind === "remove") {
    return change.ids.map((id) => ({ op: "remove", path: `members[value eq "${id}"]` }));
  }
  const batches = asOne ? [change.ids] : change.ids.map((id) => [id]);
  return batches.map((ids) => ({
    op: "add",
    path: "members",
    value: ids.map((value) => ({ value })),
  }));
}

export const flagGroup = (fields: GroupFields): readonly Operation[] => [
  { op: "replace", value: { ...fields } },
];
