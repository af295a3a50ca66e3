import { userUrn } from "./bodies-create.ts";
import { flagOperations } from "./bodies-flag.ts";
import { managerPath } from "./bodies-plain.ts";
import type { Change } from "./diff.ts";
import type { Json, JsonObject } from "./json.ts";
import { type MemberChange, type Operation, patchBody } from "./operations.ts";
import { hashOf } from "./random.ts";
import type { Target } from "./target.ts";

/**
 * The forms of the SCIM Validator and the gallery's test run: like the flagged ones, with extras.
 * `turn` picks among the forms that were seen for one and the same change.
 */
export function validatorOperations(
  changes: readonly Change[],
  turn: number,
): readonly Operation[] {
  if (turn % 5 === 4) return flagOperations(changes);
  return changes.flatMap((change, at) => validatorOperation(change, turn + at));
}

/** The envelope with members that Microsoft's own tests carry and nobody has to understand. */
export const validatorBody = (operations: readonly Operation[]): JsonObject => ({
  ...patchBody(operations.map((operation) => ({ name: "testOperation", ...operation }))),
  id: "b3f5a2d0-0000-4000-8000-000000000000",
});

function validatorOperation(change: Change, turn: number): readonly Operation[] {
  switch (change.kind) {
    case "value":
      return valueOperations(change.op, change.target, change.value, turn);
    case "active":
      return [{ op: change.op, path: "active", value: booleanForm(change.value, turn) }];
    case "manager":
      return [managerOperation(change.op, change.id, turn)];
    case "roles":
      return flagOperations([change]);
  }
}

function valueOperations(
  op: "add" | "replace",
  target: Target,
  value: string,
  turn: number,
): readonly Operation[] {
  const { path } = target;
  if (value === "") return [clearing(op, path, turn)];
  // One attribute removed, added and replaced within one request: the last one counts.
  if (turn % 7 === 0 && path !== "userName") {
    const before = { op: "add", path, value: "upd-before" };
    return [{ op: "remove", path }, before, { op: "replace", path, value }];
  }
  return [setting(op, target, value, turn)];
}

/** The tests clear with "" and then once more with null; both at once occurs as well. */
function clearing(op: "add" | "replace", path: string, turn: number): Operation {
  if (turn % 3 === 0) return { op: "remove", path };
  return { op, path, value: turn % 3 === 1 ? "" : null };
}

function setting(op: "add" | "replace", target: Target, value: string, turn: number): Operation {
  switch (target.kind) {
    case "simple":
      return turn % 2 === 0
        ? { op, path: `${userUrn}:${target.attribute}`, value }
        : { op, value: { [target.attribute]: value } };
    case "sub":
      return turn % 2 === 0
        ? { op, path: target.path, value }
        : { op, value: { [target.attribute]: { [target.sub]: value } } };
    case "extension":
      return turn % 2 === 0
        ? { op, path: target.path, value }
        : { op, value: { [target.path]: value } };
    case "element":
      return { op, path: elementPath(target, turn), value };
  }
}

/** Microsoft's own table writes `].Value`, and `primary eq true` occurs without quotes. */
function elementPath(target: Target & { kind: "element" }, turn: number): string {
  if (target.filterBy === "primary" && turn % 2 === 0) {
    return `${target.attribute}[primary eq true].${target.sub}`;
  }
  if (turn % 3 !== 0) return target.path;
  const capital = `${target.sub.charAt(0).toUpperCase()}${target.sub.slice(1)}`;
  return `${target.attribute}[${target.filterBy} eq "${target.filterValue}"].${capital}`;
}

function booleanForm(value: boolean, turn: number): Json {
  const text = String(value);
  return [value, text, `${text.charAt(0).toUpperCase()}${text.slice(1)}`][turn % 3] ?? value;
}

function managerOperation(op: Change["op"], id: string, turn: number): Operation {
  if (op === "remove") {
    const empty = turn % 2 === 0 ? "" : { value: "" };
    return { op: "replace", path: managerPath, value: empty };
  }
  return { op, path: managerPath, value: turn % 2 === 0 ? id : { value: id } };
}

/**
 * `replace members` states the whole list; Microsoft's collection adds with extra members, or with
 * a bare text for the value.
 */
export function validatorMembers(
  change: MemberChange,
  after: ReadonlySet<string>,
): readonly Operation[] {
  if (change.kind === "remove") return removal(change.ids, after);
  const turn = hashOf(change.ids[0] ?? "") % 3;
  if (turn === 0) {
    const value = [...after].map((id) => ({ value: id }));
    return [{ op: "replace", path: "members", value }];
  }
  if (turn === 1) return change.ids.map((value) => ({ op: "add", path: "members", value }));
  const value = change.ids.map((id) => ({ displayName: "new User", value: id, $ref: null }));
  return [{ op: "add", path: "members", value }];
}

function removal(ids: readonly string[], after: ReadonlySet<string>): readonly Operation[] {
  if (after.size === 0) return [{ op: "remove", path: "members" }];
  return ids.map((id) => ({ op: "remove", path: `members[value eq "${id}"]` }));
}
