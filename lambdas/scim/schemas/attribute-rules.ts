import type { Attribute } from "../schema.ts";

/** What characteristics may not be together, and why. */
interface Rule {
  readonly breaks: (attribute: Attribute, parent: Attribute | undefined) => boolean;
  readonly fault: string;
}

/** Whatever is wrong with `attribute` as a whole; `parent` is the attribute that it is a sub-attribute of. */
export function faultsOf(attribute: Attribute, parent: Attribute | undefined): readonly string[] {
  return rules.filter(({ breaks }) => breaks(attribute, parent)).map(({ fault }) => fault);
}

const isComplex = ({ type }: Attribute) => type === "complex";
const isUnique = ({ uniqueness }: Attribute) => uniqueness !== "none";

const ofTypes: readonly Rule[] = [
  {
    breaks: (attribute, parent) =>
      parent !== undefined && (isComplex(attribute) || attribute.subAttributes !== undefined),
    fault:
      "a sub-attribute cannot be complex (RFC 7643, section 2.3.8); make it several simple ones",
  },
  {
    breaks: (attribute, parent) => !parent && isComplex(attribute) && !attribute.subAttributes,
    fault: `a complex attribute needs "subAttributes", a list of at least one`,
  },
  {
    breaks: (attribute, parent) =>
      !parent && !isComplex(attribute) && attribute.subAttributes !== undefined,
    fault: `only a complex attribute has "subAttributes"; add "type": "complex"`,
  },
  {
    breaks: ({ type, canonicalValues }) => canonicalValues !== undefined && type !== "string",
    fault: `only a string has "canonicalValues"; remove them, or write "type": "string"`,
  },
  {
    breaks: ({ canonicalValues = [], caseExact }) => hasSame(canonicalValues, caseExact),
    fault: `"canonicalValues" has a value twice; remove one`,
  },
  {
    breaks: ({ type, referenceTypes }) => type === "reference" && !referenceTypes,
    fault: `a reference needs "referenceTypes": names of resource types, "external" or "uri"`,
  },
  {
    breaks: ({ type, referenceTypes }) => type !== "reference" && referenceTypes !== undefined,
    fault: `only a reference has "referenceTypes"; remove them, or write "type": "reference"`,
  },
  {
    breaks: ({ name, type }, parent) =>
      parent !== undefined && name === "$ref" && type !== "reference",
    fault: `"$ref" is a reference (RFC 7643, section 2.4); write "type": "reference"`,
  },
  {
    breaks: ({ name, type, multiValued }, parent) =>
      parent?.multiValued === true &&
      name.toLowerCase() === "primary" &&
      (type !== "boolean" || multiValued),
    fault: `"primary" marks the preferred value (RFC 7643, section 2.4); write "type": "boolean", or rename it`,
  },
];

const ofMutability: readonly Rule[] = [
  {
    breaks: ({ required, mutability }, parent) =>
      required && (mutability === "readOnly" || parent?.mutability === "readOnly"),
    fault: "it is required and readOnly, so that nobody could ever send it; change one of the two",
  },
  {
    breaks: ({ mutability, returned }) => mutability === "writeOnly" && returned !== "never",
    fault: `what is writeOnly is never shown (RFC 7643, section 7); add "returned": "never"`,
  },
  {
    breaks: ({ mutability, returned }) => mutability === "readOnly" && returned === "never",
    fault:
      "it is readOnly and returned never, so that it could be neither written nor read; change one of the two",
  },
  {
    breaks: ({ returned }, parent) =>
      parent?.returned === "never" && (returned === "always" || returned === "request"),
    fault: `the attribute that it belongs to is returned never, and it with it; write "returned": "never"`,
  },
];

const ofUniqueness: readonly Rule[] = [
  {
    breaks: ({ uniqueness }) => uniqueness === "global",
    fault: `"global" would be unique beyond this deployment, which nobody here can see to; write "server": unique among the resources of this type in one tenant`,
  },
  {
    breaks: (attribute, parent) => isUnique(attribute) && parent !== undefined,
    fault: `values of a sub-attribute are not kept unique; write "uniqueness": "none"`,
  },
  {
    breaks: (attribute, parent) =>
      isUnique(attribute) && !parent && (attribute.multiValued || isComplex(attribute)),
    fault: `only an attribute with one simple value can be unique; write "uniqueness": "none"`,
  },
  {
    breaks: (attribute) => isUnique(attribute) && attribute.type === "boolean",
    fault: `if a boolean were unique, there could be two resources; write "uniqueness": "none"`,
  },
  {
    breaks: (attribute) => isUnique(attribute) && attribute.mutability === "writeOnly",
    fault: `what is writeOnly is not kept and so cannot be unique; write "uniqueness": "none"`,
  },
];

const rules = [...ofTypes, ...ofMutability, ...ofUniqueness];

function hasSame(values: readonly string[], caseExact: boolean): boolean {
  const folded = caseExact ? values : values.map((value) => value.toLowerCase());
  return new Set(folded).size < values.length;
}
