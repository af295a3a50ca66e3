import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { readDocuments } from "../../lambdas/scim/schemas/read-documents.ts";

const folder = join(import.meta.dirname, "../fixtures/schemas");

/** The resource types of a deployment that adds one with an attribute of each kind, and extends users. */
export const deploymentTypes = readDocuments(
  readdirSync(folder).map((file) => ({
    file,
    content: JSON.parse(readFileSync(join(folder, file), "utf8")),
  })),
);

export const deviceUrn = "urn:example:params:scim:schemas:2.0:Device";
export const warrantyUrn = "urn:example:params:scim:schemas:extension:2.0:Warranty";
export const badgeUrn = "urn:example:params:scim:schemas:extension:2.0:Badge";
