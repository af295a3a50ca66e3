import type { Attribute } from "../schema.ts";

type Given = Partial<Omit<Attribute, "name" | "description">>;

/** An attribute with the defaults of RFC 7643, section 2.2, save for what is `given`. */
export function attribute(name: string, description: string, given: Given = {}): Attribute {
  return {
    name,
    type: given.subAttributes ? "complex" : "string",
    multiValued: false,
    description,
    required: false,
    caseExact: false,
    mutability: "readWrite",
    returned: "default",
    uniqueness: "none",
    ...given,
  };
}

/** The sub-attribute `primary`, which at most one value of an attribute may have as true (RFC 7643, section 2.4). */
export const primary = attribute(
  "primary",
  "Whether this is the preferred value; true for one value at most.",
  {
    type: "boolean",
  },
);

/** A multi-valued attribute with the sub-attributes of RFC 7643, section 2.4. */
export function values(
  name: string,
  description: string,
  { value = {}, types }: { value?: Given; types?: readonly string[] } = {},
): Attribute {
  return attribute(name, description, {
    multiValued: true,
    subAttributes: [
      attribute("value", "The value itself.", value),
      attribute("display", "The value as people read it."),
      attribute("type", "What the value is for.", types ? { canonicalValues: types } : {}),
      primary,
    ],
  });
}
