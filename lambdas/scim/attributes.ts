import type { Attribute, ResourceType } from "./schema.ts";
import { commonAttributes } from "./schemas/common.ts";
import { attribute } from "./schemas/define.ts";

const namesOf = new WeakMap<readonly Attribute[], ReadonlyMap<string, Attribute>>();
const rootOf = new WeakMap<ResourceType, readonly Attribute[]>();

/** The attribute that a client means by `name`, whose case does not matter (RFC 7643, section 2.1). */
export function attributeNamed(
  attributes: readonly Attribute[],
  name: string,
): Attribute | undefined {
  let names = namesOf.get(attributes);
  if (!names) {
    names = new Map(attributes.map((attribute) => [attribute.name.toLowerCase(), attribute]));
    namesOf.set(attributes, names);
  }
  return names.get(name.toLowerCase());
}

/**
 * Everything that may stand in a resource of `type`: the common attributes, those of its
 * schema, and each extension as a complex attribute that has the extension's URN for a name.
 */
export function rootAttributes(type: ResourceType): readonly Attribute[] {
  let root = rootOf.get(type);
  if (!root) {
    const own = type.schema.attributes;
    const common = commonAttributes.filter(({ name }) => !attributeNamed(own, name));
    const extensions = type.extensions.map(({ schema, required }) =>
      attribute(schema.id, schema.description, { required, subAttributes: schema.attributes }),
    );
    root = [...common, ...own, ...extensions];
    rootOf.set(type, root);
  }
  return root;
}

/** Whether `attribute` stands for a whole extension: only then is its name a URN. */
export function isExtension(attribute: Attribute): boolean {
  return attribute.name.includes(":");
}

/** Whether the value of `attribute` is for no client's eyes (RFC 7643, section 7: `writeOnly` and `never`). */
export function isHidden({ mutability, returned }: Attribute): boolean {
  return mutability === "writeOnly" || returned === "never";
}

/** The sub-attributes of `attribute`, none if it is not complex. */
export function subAttributesOf(attribute: Attribute): readonly Attribute[] {
  return attribute.subAttributes ?? none;
}

const none: readonly Attribute[] = [];
