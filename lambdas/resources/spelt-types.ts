import { attributeNamed } from "../scim/attributes.ts";
import { tooMany } from "../scim/errors.ts";
import { isObject, type JsonObject } from "../scim/json.ts";
import type { ResourceType } from "../scim/schema.ts";
import type { Stored } from "../scim/stored.ts";

/** A query is readied for each type of its own; more would take longer than the request may. */
const mostTypes = 200;

/**
 * What resources are of for a query that names what no schema declares: `asked` has that as the
 * query spells it, each resource may spell it otherwise. One type is made for all that spell it
 * the same; undefined where the query names nothing of the kind.
 */
export function typesBySpelling(
  declared: ResourceType,
  asked: ResourceType,
  make: (resource: JsonObject) => ResourceType,
): ((stored: Stored) => ResourceType) | undefined {
  if (asked === declared) return undefined;
  const made = new Map<string, ResourceType>();
  return ({ resource }) => {
    const held = askedOf(resource, declared, asked);
    const key = JSON.stringify(Object.entries(held).map(([urn, of]) => [urn, Object.keys(of)]));
    const type = made.get(key) ?? make(held);
    made.set(key, type);
    if (made.size > mostTypes)
      throw tooMany("What this asks for is spelt in too many ways; ask for a declared attribute.");
    return type;
  };
}

/** The part of a resource that holds what is asked for beside the declared, in an order of its own. */
function askedOf(
  resource: JsonObject,
  declared: ResourceType,
  asked: ResourceType,
): Readonly<Record<string, JsonObject>> {
  const added = asked.extensions.slice(declared.extensions.length).map(({ schema }) => schema);
  const parts = Object.entries(resource).flatMap(([name, held]) => {
    const schema = added.find(({ id }) => id.toLowerCase() === name.toLowerCase());
    if (!schema || !isObject(held)) return [];
    const named = Object.entries(held).filter(([one]) => attributeNamed(schema.attributes, one));
    return named.length > 0 ? [[name, Object.fromEntries(named.toSorted(byName))] as const] : [];
  });
  return Object.fromEntries(parts.toSorted(byName));
}

const byName = ([one]: readonly [string, unknown], [other]: readonly [string, unknown]) =>
  one < other ? -1 : 1;
