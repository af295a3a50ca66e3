import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ResourceTypes } from "./scim/resource-types.ts";
import { readDocuments } from "./scim/schemas/read-documents.ts";

/**
 * The resource types of this deployment, from the documents that `lib/` put beside the bundle.
 * Read once, at a function's start: what is wrong with them fails there and not in a request,
 * and has failed `cdk synth` before.
 */
export function readDeploymentTypes(folder: string = import.meta.dirname): ResourceTypes {
  // What is in it is of `lib/` and was checked as it is here: a list of { file, content }.
  return readDocuments(JSON.parse(readFileSync(join(folder, "schemas.json"), "utf8")));
}
