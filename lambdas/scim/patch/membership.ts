import { findAttribute } from "../attribute-path.ts";
import { invalidValue, mutability } from "../errors.ts";
import { isArray, isObject, type Json, type JsonObject } from "../json.ts";
import { type Path, parsePath } from "../path.ts";
import type { ResourceType } from "../schema.ts";
import { membersNamedBy } from "./member-filter.ts";
import { memberOf, type Operation } from "./read.ts";

/** What a PATCH does to a group's members: which it adds and removes, or which there are afterwards. */
export type MembershipChange =
  | { readonly kind: "update"; readonly add: readonly string[]; readonly remove: readonly string[] }
  | { readonly kind: "replace"; readonly members: readonly string[] };

/** What one operation does. A `replace` with no members is what empties a group. */
interface Step {
  readonly kind: "add" | "remove" | "replace";
  readonly members: readonly string[];
}

/**
 * Splits `operations` on a group into those on its attributes and one change to its members,
 * which has each member in the state that the last operation on it asked for. So a group's
 * members need not be read to change some of them. @throws invalidPath, invalidFilter,
 * invalidValue, mutability
 */
export function splitMembership(
  operations: readonly Operation[],
  type: ResourceType,
): {
  readonly attributes: readonly Operation[];
  readonly membership: MembershipChange | undefined;
} {
  const attributes: Operation[] = [];
  const steps: Step[] = [];
  for (const operation of operations) {
    const { rest, step } = split(operation, type);
    if (rest) attributes.push(rest);
    if (step) steps.push(step);
  }
  return { attributes, membership: fold(steps) };
}

/**
 * The members that operations choose by a filter and must find (RFC 7644, section 3.5.2.3), save
 * those that the same request adds before. None of operations that may miss.
 */
export function memberTargets(
  operations: readonly Operation[],
  type: ResourceType,
): readonly string[] {
  // Few requests have one; the members of the others are not gone through twice.
  if (!operations.some(mustFind)) return [];
  const added = new Set<string>();
  const targets: string[] = [];
  for (const operation of operations) {
    targets.push(...targetsOf(operation, type).filter((id) => !added.has(id)));
    const { step } = split(operation, type);
    if (step && step.kind !== "remove") for (const id of step.members) added.add(id);
  }
  return targets;
}

const mustFind = ({ op, path, mayMiss }: Operation): boolean =>
  !mayMiss && op !== "add" && path?.includes("[") === true;

function targetsOf(operation: Operation, type: ResourceType): readonly string[] {
  if (!mustFind(operation)) return [];
  const { extension, attribute, filter } = parsePath(operation.path ?? "", type);
  return filter && !extension && isMembers(attribute.name) ? membersNamedBy(filter) : [];
}

/** A group's body without its members, and those; undefined if it says nothing of members. */
interface Members<Body> {
  readonly resource: Body;
  readonly members: readonly string[] | undefined;
}

/**
 * Takes the members out of a group that is created or replaced. Do so before readResource, which
 * allows fewer values than a group may have members. @throws invalidValue
 */
export function readMembers(body: JsonObject): Members<JsonObject>;
export function readMembers(body: Json | undefined): Members<Json | undefined>;
export function readMembers(body: Json | undefined): Members<Json | undefined> {
  const members = isObject(body) ? memberOf(body, "members") : undefined;
  if (!isObject(body) || members === undefined) return { resource: body, members: undefined };

  const rest = Object.entries(body).filter(([name]) => !isMembers(name));
  if (Object.keys(body).length - rest.length > 1) throw givenTwice();
  return { resource: Object.fromEntries(rest), members: [...new Set(readIds(members))] };
}

function split(
  operation: Operation,
  type: ResourceType,
): { readonly rest: Operation | undefined; readonly step: Step | undefined } {
  if (operation.path === undefined) return splitMap(operation, type);
  const path = parsePath(operation.path, type);
  if (path.extension || !isMembers(path.attribute.name))
    return { rest: operation, step: undefined };
  return { rest: undefined, step: readStep(operation, path) };
}

/** A path-less operation may name members among other attributes. */
function splitMap(operation: Operation, type: ResourceType) {
  const { op, value } = operation;
  if (op === "remove" || !isObject(value)) return { rest: operation, step: undefined };
  const namesMembers = (name: string) => {
    const found = findAttribute(name, type);
    return found !== undefined && !found.extension && isMembers(found.attribute.name);
  };
  const names = Object.keys(value).filter(namesMembers);
  if (names.length === 0) return { rest: operation, step: undefined };
  if (names.length > 1) throw givenTwice();

  const others = Object.entries(value).filter(([name]) => !names.includes(name));
  const rest = others.length > 0 ? { op, value: Object.fromEntries(others) } : undefined;
  const members = names.flatMap((name) => readIds(value[name] ?? null));
  return { rest, step: { kind: op, members } };
}

const givenTwice = () => invalidValue("members is given twice, in different case; give it once.");

function readStep({ op, value = null }: Operation, path: Path): Step | undefined {
  if (path.subAttribute) throw unchangeable(path.subAttribute.name);
  if (path.filter) {
    const members = membersNamedBy(path.filter);
    if (op === "remove") return { kind: "remove", members };
    checkSameMember(value, members);
    // To replace a member by itself changes nothing, whether it is there or not.
    return op === "add" ? { kind: "add", members } : undefined;
  }
  // Entra lists in a remove whom to remove; only a remove that lists nobody empties the group.
  if (op === "remove" && (value === null || value === "")) return { kind: "replace", members: [] };
  return { kind: op, members: readIds(value) };
}

/** Of a member only who it is is kept; how it is shown is not the group's to say. */
const unchangeable = (subAttribute: string) =>
  mutability(`members.${subAttribute} cannot be changed; remove the member and add another.`);

function checkSameMember(value: Json, members: readonly string[]): void {
  const given = isObject(value) ? memberOf(value, "value") : undefined;
  if (given === undefined || members.every((member) => member === given)) return;
  throw unchangeable("value");
}

/** Accepts what clients send: a list or a single one, of objects with a `value` or of bare ids. */
function readIds(value: Json): readonly string[] {
  if (value === null) return [];
  return isArray(value) ? value.map(readId) : [readId(value, 0)];
}

function readId(member: Json, index: number): string {
  const id = isObject(member) ? memberOf(member, "value") : member;
  if (typeof id === "string" && id !== "") return id;
  throw invalidValue(`members[${index}] must be an object whose value is the member's id.`);
}

function fold(steps: readonly Step[]): MembershipChange | undefined {
  const lastReplace = steps.findLastIndex(({ kind }) => kind === "replace");
  const isMember = new Map<string, boolean>();
  for (const { kind, members } of steps.slice(Math.max(lastReplace, 0))) {
    for (const member of members) isMember.set(member, kind !== "remove");
  }

  const ids = [...isMember.keys()];
  const add = ids.filter((id) => isMember.get(id));
  if (lastReplace >= 0) return { kind: "replace", members: add };
  return ids.length > 0
    ? { kind: "update", add, remove: ids.filter((id) => !isMember.get(id)) }
    : undefined;
}

function isMembers(name: string): boolean {
  return name.toLowerCase() === "members";
}
