import { findAttribute, stepsOf } from "./attribute-path.ts";
import { isExtension, rootAttributes, subAttributesOf } from "./attributes.ts";
import { inOrder, saySame } from "./equal.ts";
import { isArray, isObject, type Json, type JsonObject, own } from "./json.ts";
import { type Names, namesIn, withName } from "./names.ts";
import type { Attribute, ResourceType } from "./schema.ts";

/** By these every user is known; without them it could be neither made nor found nor disabled. */
const always = ["schemas", "id", "externalId", "meta", "userName", "active"];

/** By these the values of one attribute are told apart: without them a client could not change the one that it means. */
const tellingApart = ["type", "primary"];

/**
 * What is accepted of a resource where only `paths` are: those that `type` has, what every user has,
 * and what the schema requires of what is accepted.
 */
export function acceptedNames(paths: readonly string[], type: ResourceType): Names {
  const named = paths.reduce<Names>((names, path) => {
    const found = findAttribute(path, type);
    return found
      ? withName(
          names,
          stepsOf(found).map(({ name }) => name),
        )
      : names;
  }, {});
  return withNeeded(named, rootAttributes(type), ({ name }) => always.includes(name));
}

function withNeeded(
  names: Names,
  attributes: readonly Attribute[],
  isNeeded: (attribute: Attribute) => boolean,
): Names {
  if (names === "all") return names;
  const all = attributes.flatMap((attribute): readonly (readonly [string, Names])[] => {
    const named = namesIn(names, attribute.name);
    if (named === undefined && !attribute.required && !isNeeded(attribute)) return [];
    const start = named ?? (isExtension(attribute) ? {} : "all");
    const isApart = ({ name }: Attribute) => attribute.multiValued && tellingApart.includes(name);
    return [[attribute.name, withNeeded(start, subAttributesOf(attribute), isApart)]];
  });
  return Object.fromEntries(all);
}

/** Whether anything of what `steps` lead to is accepted. */
export function isAccepted(names: Names, steps: readonly Attribute[]): boolean {
  let at: Names | undefined = names;
  for (const { name } of steps) {
    if (at === "all") return true;
    at = namesIn(at, name);
    if (at === undefined) return false;
  }
  return true;
}

/** A resource with what is accepted of it, and the paths of what is not. */
export interface Accepted {
  readonly resource: JsonObject;
  readonly others: readonly string[];
}

/**
 * What is accepted of `after`, that a client has made of `before`. What is not accepted stays as it
 * was: it may be of a time before there was a rule.
 */
export function acceptedOf(names: Names, before: JsonObject, after: JsonObject): Accepted {
  const others = new Set<string>();
  const resource = membersOf(names, before, after, (name, inner) => {
    // A path goes on behind an extension's URN with a colon.
    const at = inner === undefined ? name : `${name}${name.includes(":") ? ":" : "."}${inner}`;
    others.add(at);
  });
  return { resource, others: [...others] };
}

/** Is told what is not accepted: a member, and what of it where it is in part. */
type OnOther = (name: string, inner?: string) => void;

function membersOf(
  names: Names,
  before: JsonObject,
  after: JsonObject,
  onOther: OnOther,
): JsonObject {
  if (names === "all") return after;
  const members = [...new Set([...Object.keys(after), ...Object.keys(before)])].flatMap(
    (name): readonly (readonly [string, Json])[] => {
      const accepted = namesIn(names, name);
      const value = own(after, name);
      const held = own(before, name);
      if (accepted === undefined && value !== undefined && !saySame(value, held)) onOther(name);
      const kept =
        accepted === undefined
          ? held
          : valueOf(accepted, held, value, (inner, more) =>
              onOther(name, more === undefined ? inner : `${inner}.${more}`),
            );
      return kept === undefined ? [] : [[name, kept]];
    },
  );
  return Object.fromEntries(members);
}

function valueOf(
  names: Names,
  before: Json | undefined,
  after: Json | undefined,
  onOther: OnOther,
): Json | undefined {
  if (names === "all") return after;
  if (isArray(after)) {
    const held = new Set(isArray(before) ? before.map(inOrder) : []);
    const values = after.map((value) =>
      held.has(inOrder(value)) ? value : valueOf(names, undefined, value, onOther),
    );
    const kept = values.filter((value) => value !== undefined);
    // Values that differ only in what is not kept are one: else one that is sent again is added again.
    const single = [...new Map(kept.map((value) => [inOrder(value), value])).values()];
    return single.length > 0 ? single : undefined;
  }
  if (after !== undefined && !isObject(after)) return after;
  if (isArray(before)) return undefined;
  const members = membersOf(names, isObject(before) ? before : {}, after ?? {}, onOther);
  return Object.keys(members).length > 0 ? members : undefined;
}
