import type { Attribute, Schema } from "../scim/schema.ts";
import { attribute } from "../scim/schemas/define.ts";

const description = "Attributes that a client sends under a schema of its own.";

/** The schema of an extension that a client made up: its attributes are single strings. */
export function customSchema(urn: string, names: readonly string[]): Schema {
  const attributes = names.map((name) => attribute(name, "A custom attribute."));
  return { id: urn, name: urn, description, attributes };
}

/** Whether `extension` is one that customSchema made, as a schema or as the attribute that stands for it. */
export function isCustom(extension: Pick<Schema | Attribute, "description">): boolean {
  return extension.description === description;
}
