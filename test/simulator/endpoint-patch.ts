import { isRecord, parseJson, recordsIn } from "../../simulator/json.ts";
import type { Flaw } from "./endpoint.ts";

/** A resource as the small endpoint keeps it. */
export type Stored = Record<string, unknown>;

/** A value as a record; an empty one for anything else. */
export const inside = (value: unknown): Stored => (isRecord(value) ? value : {});

const enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

/** Applies one PATCH operation in place, in every form that the simulator sends. */
export function applyOperation(resource: Stored, operation: Stored, flaw: Flaw | undefined): void {
  const { path, value } = operation;
  const op = String(operation["op"]).toLowerCase();
  if (path === undefined) {
    for (const [key, one] of Object.entries(inside(value))) {
      applyOperation(resource, { op, path: key, value: one }, flaw);
    }
    return;
  }
  const [, target = ""] =
    /^(?:urn:ietf:params:scim:schemas:core:2.0:User:)?(.*)$/u.exec(
      typeof path === "string" ? path : "",
    ) ?? [];
  if (target.startsWith("members")) return changeMembers(resource, op, target, value, flaw);
  if (/manager/u.test(target)) return setManager(resource, op, value, flaw);
  const old = op === "add" && target === "roles" ? recordsIn(resource["roles"]) : [];
  setValue(resource, target, op === "remove" ? undefined : value, flaw);
  if (old.length > 0) resource["roles"] = [...old, ...recordsIn(resource["roles"])];
}

function changeMembers(group: Stored, op: string, path: string, value: unknown, flaw?: Flaw): void {
  const old = recordsIn(group["members"]).map((member) => String(member["value"]));
  const listed = Array.isArray(value) ? value : value === undefined ? [] : [{ value }];
  const filtered = /value eq "(.*)"/u.exec(path)?.[1];
  const ids = filtered ? [filtered] : listed.map((one) => String(inside(one)["value"]));

  const after = () => {
    if (op === "add") return [...old, ...ids];
    if (op === "replace") return ids;
    if (ids.length === 0 || (flaw?.startsWith("empties") && !filtered)) return [];
    return old.filter((id) => !ids.includes(id));
  };
  group["members"] = [...new Set(after())].map((id) => ({ value: id }));
}

function setManager(user: Stored, op: string, value: unknown, flaw?: Flaw): void {
  const [first] = Array.isArray(value) ? value : [value];
  const id = typeof first === "string" ? first : inside(first)["value"];
  const extension = { ...inside(user[enterprise]) };
  delete extension["manager"];
  const isSet = op !== "remove" && id && flaw !== "loses the manager";
  user[enterprise] = isSet ? { ...extension, manager: { value: id } } : extension;
}

function setValue(resource: Stored, path: string, value: unknown, flaw?: Flaw): void {
  if (path.startsWith(enterprise)) {
    const extension = { ...inside(resource[enterprise]) };
    resource[enterprise] = extension;
    if (path !== enterprise) return assign(extension, path.slice(enterprise.length + 1), value);
    const { manager, ...rest } = inside(value);
    Object.assign(extension, rest);
    if (manager) setManager(resource, "add", manager, flaw);
    return;
  }

  const element = /^(\w+)\[(\w+) eq "?([^"]*)"?\]\.(\w+)$/u.exec(path);
  if (element) return setElement(resource, element, value);
  const [name = "", sub] = path.split(".");
  if (sub || isRecord(value)) {
    const complex = { ...inside(resource[name]) };
    resource[name] = complex;
    if (sub) assign(complex, sub, value);
    else Object.assign(complex, value);
    return;
  }
  if (flaw?.startsWith("drops the last") && name === "title")
    return assign(resource, name, String(value).slice(0, -1));
  assign(resource, name, typed(name, value, flaw));
}

function setElement(resource: Stored, match: RegExpExecArray, value: unknown): void {
  const [, name = "", by = "", wanted = "", sub = ""] = match;
  const elements = [...recordsIn(resource[name])];
  const isHit = (one: Stored) => String(one[by]).toLowerCase() === wanted.toLowerCase();
  const found = elements.find(isHit) ?? { [by]: by === "primary" ? true : wanted };
  const changed = { ...found };
  assign(changed, `${sub.charAt(0).toLowerCase()}${sub.slice(1)}`, value);
  resource[name] = [...elements.filter((one) => !isHit(one)), changed];
}

function typed(name: string, value: unknown, flaw?: Flaw): unknown {
  if (name === "active" && typeof value === "string" && flaw !== "keeps booleans as text") {
    return value.toLowerCase() === "true";
  }
  if (name === "roles" && Array.isArray(value)) return value.map((role) => aRole(inside(role)));
  return value;
}

/** A role may come as JSON inside its value, and its `primary` as text. */
function aRole(role: Stored): Stored {
  const text = String(role["value"]);
  const inner = text.startsWith("{") ? inside(parseJson(text)) : {};
  const { primary: given } = role;
  const primary = given === undefined ? {} : { primary: given === true || given === "True" };
  return { ...role, ...inner, ...primary };
}

function assign(holder: Stored, name: string, value: unknown): void {
  if (value === undefined || value === null || value === "") delete holder[name];
  else holder[name] = value;
}
