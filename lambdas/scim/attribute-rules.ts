import { type Accepted, acceptedNames, acceptedOf, isAccepted } from "./accepted-attributes.ts";
import { findAttribute, printAttributePath, stepsOf } from "./attribute-path.ts";
import { isHidden } from "./attributes.ts";
import { invalidValue } from "./errors.ts";
import type { Filter } from "./filter/filter.ts";
import { matches } from "./filter/matches.ts";
import { isArray, isObject, type Json, type JsonObject } from "./json.ts";
import type { Names } from "./names.ts";
import type { Operation } from "./patch/read.ts";
import { findPath, type Path, printPath } from "./path.ts";
import type { ResourceType } from "./schema.ts";
import { withSchemas } from "./validate.ts";

/** What a tenant asks of its users' attributes beyond the schema. */
export interface AttributeSettings {
  /** Paths of which every user must have a value, as those of a PATCH: brackets may choose among several. */
  readonly requiredAttributes: readonly string[];
  /** Paths of what is kept; undefined for all. */
  readonly acceptedAttributes?: readonly string[] | undefined;
  /** What happens to the others. */
  readonly otherAttributes: "ignore" | "refuse";
}

/** A tenant's rules for resources of one type, as requests are read by them. */
export interface AttributeRules {
  /** What is kept of a resource that a client sends as a whole. @throws invalidValue */
  readonly accept: (given: JsonObject) => JsonObject;
  /** The operations that are about what is accepted. @throws invalidValue */
  readonly operations: (given: readonly Operation[]) => readonly Operation[];
  /** What operations that were accepted may change of `before`. @throws invalidValue */
  readonly change: (before: JsonObject, after: JsonObject) => JsonObject;
  /**
   * Refuses a resource without what is required, unless it was lacking `before`: who came in before
   * the rule must still be disabled. @throws invalidValue
   */
  readonly check: (after: JsonObject, before?: JsonObject) => void;
}

/** The rules of a tenant that has none. */
export const noAttributeRules: AttributeRules = {
  accept: (given) => given,
  operations: (given) => given,
  change: (_, after) => after,
  check: () => {},
};

/** Reads a tenant's settings for `type`; what it does not have is no rule. */
export function attributeRules(settings: AttributeSettings, type: ResourceType): AttributeRules {
  const { requiredAttributes, acceptedAttributes } = settings;
  if (requiredAttributes.length === 0 && !acceptedAttributes) return noAttributeRules;

  const check = (after: JsonObject, before?: JsonObject) =>
    checkHas(requiredAttributes, type, after, before);
  if (!acceptedAttributes) return { ...noAttributeRules, check };

  const names = acceptedNames(acceptedAttributes, type);
  const refuses = settings.otherAttributes === "refuse";
  const settle = ({ resource, others }: Accepted) => {
    if (refuses) refuseOthers(others);
    return withSchemas(resource, type);
  };
  return {
    accept: (given) => settle(acceptedOf(names, {}, given)),
    operations: (given) => {
      const read = given.map((operation) => readOperation(operation, names, type));
      if (refuses) refuseOthers(read.flatMap(({ others }) => others));
      return read.flatMap(({ kept }) => kept ?? []);
    },
    change: (before, after) => settle(acceptedOf(names, before, after)),
    check,
  };
}

interface ReadOperation {
  readonly kept: Operation | undefined;
  readonly others: readonly string[];
}

/**
 * What is left of an operation; what the type does not have is left for PATCH to refuse. To take away
 * what is not kept is no fault: a mapping that comes to nothing must not keep a leaver from being disabled.
 */
function readOperation(operation: Operation, names: Names, type: ResourceType): ReadOperation {
  const { op, path, value } = operation;
  if (path !== undefined) {
    const found = findPath(path, type);
    if (!found || isAccepted(names, stepsOf(found))) return { kept: operation, others: [] };
    const isGiven = op !== "remove" && !isNothing(value);
    return { kept: undefined, others: isGiven ? [printPath(found)] : [] };
  }
  if (!isObject(value)) return { kept: operation, others: [] };
  const members = Object.entries(value).map(([name, member]) => {
    const found = findAttribute(name, type);
    const isKept = !found || isAccepted(names, stepsOf(found));
    return { name, member, other: isKept ? undefined : printAttributePath(found) };
  });
  const kept = members.filter(({ other }) => other === undefined);
  if (kept.length === members.length) return { kept: operation, others: [] };
  const others = members.flatMap(({ member, other }) => (isNothing(member) ? [] : (other ?? [])));
  const left = Object.fromEntries(kept.map(({ name, member }) => [name, member]));
  return { kept: kept.length > 0 ? { ...operation, value: left } : undefined, others };
}

const isNothing = (value: Json | undefined): boolean =>
  value === undefined || value === null || value === "" || (isArray(value) && value.length === 0);

function refuseOthers(others: readonly string[]): void {
  if (others.length === 0) return;
  throw invalidValue(
    `${listed(others)} cannot be kept of a user of this tenant; take it out of the attribute mappings in Entra, or ask the operator of this service to accept it.`,
  );
}

function checkHas(
  paths: readonly string[],
  type: ResourceType,
  after: JsonObject,
  before: JsonObject | undefined,
): void {
  const missing = paths.filter((path) => {
    const found = findPath(path, type);
    // What is not kept, such as a password, cannot be asked for.
    if (!found || stepsOf(found).some(isHidden)) return false;
    const isThere = presenceOf(found);
    return !matches(isThere, after, type) && (!before || matches(isThere, before, type));
  });
  if (missing.length === 0) return;
  throw invalidValue(
    `A user of this tenant must have ${listed(missing)}; map an attribute to it in Entra that has a value for this user.`,
  );
}

/** Whether there is a value at a path, among those that its brackets choose if it has any. */
function presenceOf(found: Path): Filter {
  const { filter, subAttribute } = found;
  if (!filter) return { kind: "present", path: printPath(found) };
  const path = printPath({ ...found, subAttribute: undefined });
  if (!subAttribute) return { kind: "valuePath", path, filter };
  const isThere: Filter = { kind: "present", path: subAttribute.name };
  return { kind: "valuePath", path, filter: { kind: "and", operands: [filter, isThere] } };
}

const mostListed = 10;

function listed(paths: readonly string[]): string {
  const some = [...new Set(paths)];
  const more = some.length > mostListed ? ` and ${some.length - mostListed} more` : "";
  return `${some.slice(0, mostListed).join(", ")}${more}`;
}
