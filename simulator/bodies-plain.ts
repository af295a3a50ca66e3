import { roleObject } from "./bodies-create.ts";
import type { Change } from "./diff.ts";
import { enterpriseUrn } from "./mapping.ts";
import type { GroupFields, MemberChange, Operation } from "./operations.ts";
import { hashOf } from "./random.ts";

export const managerPath = `${enterpriseUrn}:manager`;

/** Without the flag: capitalised, one operation an attribute, booleans as text. */
export const plainOperations = (changes: readonly Change[]): readonly Operation[] =>
  changes.map(plainOperation);

function plainOperation(change: Change): Operation {
  const op = change.op === "add" ? "Add" : "Replace";
  switch (change.kind) {
    case "value":
      return { op, path: change.target.path, value: change.value };
    case "active":
      return { op, path: "active", value: change.value ? "True" : "False" };
    case "roles":
      return change.op === "add"
        ? { op, path: "roles", value: change.roles.map(roleAsText) }
        : { op: "replace", path: "roles", value: change.roles.map(roleObject) };
    case "manager":
      return change.op === "remove"
        ? removeManager(change.id)
        : { op, path: managerPath, value: change.id };
  }
}

/** No source gives the unflagged form, so both candidates occur. */
const removeManager = (id: string): Operation =>
  hashOf(id) % 2 === 0
    ? { op: "Replace", path: managerPath, value: "" }
    : { op: "Remove", path: managerPath, value: id };

/** The role as JSON inside a string, as the complex expression sends it without the flag. */
const roleAsText = (role: string) => ({
  value: JSON.stringify({ id: roleId(role), value: role, displayName: role }),
});

function roleId(role: string): string {
  const hex = hashOf(role).toString(16).padStart(8, "0");
  return `${hex}-ecfe-589f-9d2f-6325724a46ee`;
}

/** `asOne`: all members in one operation, otherwise one operation each. */
export function plainMembers(change: MemberChange, asOne: boolean): readonly Operation[] {
  const batches = asOne ? [change.ids] : change.ids.map((id) => [id]);
  return batches.map((ids, at) => ({
    op: change.kind === "add" ? "Add" : "Remove",
    path: "members",
    value: ids.map((id) => memberValue(change, id, at)),
  }));
}

const memberValue = (change: MemberChange, id: string, at: number) =>
  change.kind === "remove" && (hashOf(id) + at) % 2 === 0
    ? { value: id }
    : { $ref: null, value: id };

export const plainGroup = (fields: GroupFields): readonly Operation[] =>
  Object.entries(fields).map(([path, value]) => ({ op: "Replace", path, value }));
