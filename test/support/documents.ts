import { SchemasError } from "../../lambdas/scim/schemas/faults.ts";
import { type Document, readDocuments } from "../../lambdas/scim/schemas/read-documents.ts";
import { resourceTypeUrn, schemaUrn } from "../../lambdas/scim/urns.ts";

export const thingUrn = "urn:example:2.0:Thing";

/** A valid Schema, but for what is given. */
export const aSchema = (more: object = {}, file = "schema.json"): Document => ({
  file,
  content: {
    schemas: [schemaUrn],
    id: thingUrn,
    name: "Thing",
    attributes: [{ name: "size" }],
    ...more,
  },
});

/** A valid ResourceType that uses the schema above, but for what is given. */
export const aType = (more: object = {}, file = "type.json"): Document => ({
  file,
  content: {
    schemas: [resourceTypeUrn],
    name: "Thing",
    endpoint: "/Things",
    schema: thingUrn,
    ...more,
  },
});

/** What is found to be wrong with the documents. */
export function faultsIn(...documents: readonly Document[]): readonly string[] {
  try {
    readDocuments(documents);
    return [];
  } catch (error) {
    if (error instanceof SchemasError) return error.faults;
    throw error;
  }
}
