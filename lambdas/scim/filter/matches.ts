import { findAttribute, stepsOf } from "../attribute-path.ts";
import { attributeNamed, isHidden, subAttributesOf } from "../attributes.ts";
import { invalidFilter } from "../errors.ts";
import { isArray, isObject, type Json, own, quoted } from "../json.ts";
import type { Attribute, ResourceType } from "../schema.ts";
import { comparer } from "./compare.ts";
import { type Filter, pathsIn } from "./filter.ts";

/** Says whether a value satisfies a filter. */
export type Matcher = (value: Json) => boolean;

/** From a path's text to the attributes on the way, or undefined where there is none such. */
type Resolve = (path: string) => readonly Attribute[] | undefined;

/** Is told each path that a type does not have, where such a path is not refused. */
type OnUnknown = (path: string) => void;

/**
 * Whether `resource` satisfies `filter` (RFC 7644, section 3.4.2.2).
 * @throws invalidFilter if the filter names what `type` does not have.
 */
export function matches(filter: Filter, resource: Json, type: ResourceType): boolean {
  return matcher(filter, type)(resource);
}

/**
 * Readies `filter` for many resources of `type`. With `onUnknown`, an attribute that the type does
 * not have counts as one without a value (RFC 7644, section 3.4.2.1).
 * @throws invalidFilter, whatever the resources are.
 */
export function matcher(filter: Filter, type: ResourceType, onUnknown?: OnUnknown): Matcher {
  const resolve = (path: string) => {
    const found = findAttribute(path, type);
    return found && stepsOf(found);
  };
  return build(filter, resolve, onUnknown);
}

/** Readies the filter in brackets behind `attribute` for the attribute's values. @throws invalidFilter */
export function elementMatcher(
  filter: Filter,
  attribute: Attribute,
  onUnknown?: OnUnknown,
): Matcher {
  checkShown([attribute], attribute.name);
  if (attribute.type === "complex") {
    return build(filter, (path) => relativeSteps(path, subAttributesOf(attribute)), onUnknown);
  }
  // The values of an attribute that is not complex are compared as `value`.
  const value = { ...attribute, name: "value", multiValued: false };
  const matches = build(filter, (path) => relativeSteps(path, [value]), onUnknown);
  return (element) => matches({ value: element });
}

function relativeSteps(path: string, attributes: readonly Attribute[]) {
  const attribute = attributeNamed(attributes, path);
  return attribute && [attribute];
}

function build(filter: Filter, resolve: Resolve, onUnknown?: OnUnknown): Matcher {
  if (onUnknown && "path" in filter && !resolve(filter.path)) return valueless(filter, onUnknown);
  switch (filter.kind) {
    case "and": {
      const operands = filter.operands.map((operand) => build(operand, resolve, onUnknown));
      return (value) => operands.every((matches) => matches(value));
    }
    case "or": {
      const operands = filter.operands.map((operand) => build(operand, resolve, onUnknown));
      return (value) => operands.some((matches) => matches(value));
    }
    case "not": {
      const matches = build(filter.operand, resolve, onUnknown);
      return (value) => !matches(value);
    }
    case "present": {
      const steps = resolved(filter.path, resolve);
      return (value) => someAt(steps, value, isPresent);
    }
    case "compare":
      return buildComparison(filter, resolved(filter.path, resolve));
    case "valuePath": {
      const steps = resolved(filter.path, resolve);
      // The conditions in the brackets must hold together, for one and the same value.
      const matches = elementMatcher(filter.filter, lastOf(steps), within(filter.path, onUnknown));
      return (value) => someAt(steps, value, (found) => found !== null && matches(found));
    }
  }
}

function within(outer: string, onUnknown: OnUnknown | undefined): OnUnknown | undefined {
  return onUnknown && ((path) => onUnknown(`${outer}.${path}`));
}

/** How a filter on an attribute that is not there comes out for every resource. */
function valueless(
  filter: Extract<Filter, { readonly path: string }>,
  onUnknown: OnUnknown,
): Matcher {
  onUnknown(filter.path);
  if (filter.kind === "valuePath")
    for (const path of pathsIn(filter.filter)) onUnknown(`${filter.path}.${path}`);
  if (filter.kind !== "compare") return () => false;
  const wanted = filter.value === null ? "eq" : "ne";
  return () => filter.operator === wanted;
}

function buildComparison(
  { operator, value, path }: Extract<Filter, { kind: "compare" }>,
  resolved: readonly Attribute[],
): Matcher {
  // Whether there is a value at all is a matter of the whole of it.
  const steps = value === null ? resolved : comparableSteps(resolved);
  const holds = comparer(lastOf(steps), operator, value, path);
  // One matching value of a multi-valued attribute is enough; no value at all counts as null.
  return (resource) => someAt(steps, resource, holds);
}

function resolved(path: string, resolve: Resolve): readonly Attribute[] {
  const steps = resolve(path);
  if (!steps) throw unknown(path);
  checkShown(steps, path);
  return steps;
}

/** What is never shown must not be guessed by filters either. */
function checkShown(steps: readonly Attribute[], path: string): void {
  if (steps.some(isHidden)) throw unknown(path);
}

function unknown(path: string) {
  return invalidFilter(`The filter names ${quoted(path)}, which cannot be filtered by here.`);
}

/** A complex attribute is compared by its `value`: `manager eq "x"` is `manager.value eq "x"`. */
function comparableSteps(steps: readonly Attribute[]): readonly Attribute[] {
  const value = attributeNamed(subAttributesOf(lastOf(steps)), "value");
  if (!value) return steps;
  checkShown([value], value.name);
  return [...steps, value];
}

/**
 * Whether `holds` is true of a value that `steps` lead to, of any of the values of a multi-valued
 * attribute on the way; null stands for what is not there.
 */
function someAt(steps: readonly Attribute[], start: Json, holds: Matcher, from = 0): boolean {
  let value = start;
  for (let at = from; at < steps.length; at++) {
    const name = steps[at]?.name ?? "";
    value = isObject(value) ? (own(value, name) ?? null) : null;
    if (isArray(value) && value.length > 0) {
      return value.some((one) => someAt(steps, one, holds, at + 1));
    }
  }
  return holds(isArray(value) ? null : value);
}

/** Whether there is anything in `value` (RFC 7644, section 3.4.2.2, `pr`). */
function isPresent(value: Json): boolean {
  if (isObject(value)) return Object.values(value).some(isPresent);
  return isArray(value) ? value.some(isPresent) : value !== null && value !== "";
}

function lastOf(steps: readonly Attribute[]): Attribute {
  const last = steps.at(-1);
  if (!last) throw invalidFilter("The filter names no attribute.");
  return last;
}
