import { attributeNamed, isExtension, rootAttributes, subAttributesOf } from "./attributes.ts";
import { isObject, type Json, type JsonObject, own } from "./json.ts";
import type { Attribute, ResourceType } from "./schema.ts";

/** Where in a resource an attribute or sub-attribute is. */
export interface AttributePath {
  /** The extension that holds `attribute`, if it is not the resource itself. */
  readonly extension: Attribute | undefined;
  /** The attribute; for the URN of an extension alone, the extension as a whole. */
  readonly attribute: Attribute;
  readonly subAttribute: Attribute | undefined;
}

/**
 * The attribute that `text` names in the notation of RFC 7644, section 3.10, or
 * undefined if `type` has none such.
 */
export function findAttribute(text: string, type: ResourceType): AttributePath | undefined {
  if (!text.includes(":")) return within(rootAttributes(type), text, undefined);

  const root = rootAttributes(type);
  const whole = attributeNamed(root, text);
  if (whole) return { extension: undefined, attribute: whole, subAttribute: undefined };

  const urn = longestUrn(text, type);
  if (urn === undefined) return undefined;
  const rest = text.slice(urn.length + 1);
  const extension = attributeNamed(root, urn);
  return within(extension ? subAttributesOf(extension) : root, rest, extension);
}

/** The path as it is written, with names spelt as the schema spells them. */
export function printAttributePath({ extension, attribute, subAttribute }: AttributePath): string {
  const prefix = extension ? `${extension.name}:` : "";
  const suffix = subAttribute ? `.${subAttribute.name}` : "";
  return `${prefix}${attribute.name}${suffix}`;
}

/** What a resource holds at a path, as text: a number too may be one that nobody else has. Undefined where it is no single value. */
export function textAt(resource: JsonObject, path: AttributePath): string | undefined {
  const value = stepsOf(path).reduce<Json | undefined>(
    (held, step) => (isObject(held) ? own(held, step.name) : undefined),
    resource,
  );
  return typeof value === "string" || typeof value === "number" ? String(value) : undefined;
}

const uniqueOf = new WeakMap<ResourceType, readonly AttributePath[]>();

/**
 * The attributes of which no two resources of `type` may have the same value (RFC 7643, section 7),
 * save the `id`, which the service gives. A group's name is one only where its tenant wants that.
 */
export function uniqueAttributes(type: ResourceType): readonly AttributePath[] {
  const known = uniqueOf.get(type);
  if (known) return known;
  const isUnique = ({ name, uniqueness }: Attribute) => uniqueness !== "none" && name !== "id";
  const path = (attribute: Attribute, extension?: Attribute): AttributePath => ({
    extension,
    attribute,
    subAttribute: undefined,
  });
  const root = rootAttributes(type);
  const found = [
    ...root.filter(isUnique).map((attribute) => path(attribute)),
    ...root.filter(isExtension).flatMap((extension) =>
      subAttributesOf(extension)
        .filter(isUnique)
        .map((attribute) => path(attribute, extension)),
    ),
  ];
  uniqueOf.set(type, found);
  return found;
}

/** The attributes to pass through, from the resource down. */
export function stepsOf({ extension, attribute, subAttribute }: AttributePath) {
  return [extension, attribute, subAttribute].filter((step) => step !== undefined);
}

/** The dot in `2.0` is part of the URN, so the URN is matched before the path is split at dots. */
function longestUrn(text: string, type: ResourceType): string | undefined {
  const lower = text.toLowerCase();
  return [type.schema, ...type.extensions.map(({ schema }) => schema)]
    .map(({ id }) => id)
    .filter((id) => lower.startsWith(`${id.toLowerCase()}:`))
    .toSorted((a, b) => b.length - a.length)[0];
}

function within(
  attributes: readonly Attribute[],
  text: string,
  extension: Attribute | undefined,
): AttributePath | undefined {
  if (text.includes(":")) return undefined;
  const [name = "", subName, ...more] = text.split(".", 3);
  const attribute = attributeNamed(attributes, name);
  if (!attribute || more.length > 0) return undefined;
  if (subName === undefined) return { extension, attribute, subAttribute: undefined };

  const subAttribute = attributeNamed(subAttributesOf(attribute), subName);
  return subAttribute && { extension, attribute, subAttribute };
}
