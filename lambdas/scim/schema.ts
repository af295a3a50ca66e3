/** What the characteristics of an attribute may be that have words of their own (RFC 7643, sections 2.3 and 7). */
export const characteristicWords = {
  type: ["string", "boolean", "decimal", "integer", "dateTime", "binary", "reference", "complex"],
  mutability: ["readOnly", "readWrite", "immutable", "writeOnly"],
  returned: ["always", "never", "default", "request"],
  uniqueness: ["none", "server", "global"],
} as const;

type Word<Characteristic extends keyof typeof characteristicWords> =
  (typeof characteristicWords)[Characteristic][number];

/** The data types of RFC 7643, section 2.3. */
export type AttributeType = Word<"type">;

/** One attribute with every characteristic of RFC 7643, section 7. */
export interface Attribute {
  readonly name: string;
  readonly type: AttributeType;
  readonly multiValued: boolean;
  readonly description: string;
  readonly required: boolean;
  readonly caseExact: boolean;
  readonly mutability: Word<"mutability">;
  readonly returned: Word<"returned">;
  readonly uniqueness: Word<"uniqueness">;
  readonly canonicalValues?: readonly string[];
  readonly referenceTypes?: readonly string[];
  readonly subAttributes?: readonly Attribute[];
}

/** A schema as RFC 7643, section 7 defines it. */
export interface Schema {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly attributes: readonly Attribute[];
}

/** A resource type with its schema and its extensions (RFC 7643, section 6). */
export interface ResourceType {
  readonly name: string;
  readonly endpoint: string;
  readonly description: string;
  readonly schema: Schema;
  readonly extensions: readonly { readonly schema: Schema; readonly required: boolean }[];
}
