import { readdirSync, readFileSync } from "node:fs";
import { join, posix, resolve } from "node:path";
import { SchemasError } from "../lambdas/scim/schemas/faults.ts";
import { type Document, readDocuments } from "../lambdas/scim/schemas/read-documents.ts";
import { DeploymentError } from "./deployment-error.ts";
import { defaultSchemas } from "./settings.ts";

/** The documents of a deployment, and what they make of it. */
export interface DeploymentSchemas {
  /** Each with the name of its file alone, so that where the folder lies makes no difference. */
  readonly documents: readonly Document[];
  /** The endpoints of the resource types that they add, such as `/Devices`. */
  readonly endpoints: readonly `/${string}`[];
}

const repository = join(import.meta.dirname, "..");

/**
 * Reads and checks the documents of a folder, which is relative to the repository. Only the
 * default one may be missing: under another name that would be a typo that takes resource types
 * away. @throws DeploymentError that lists every fault
 */
export function readDeploymentSchemas(folder: string): DeploymentSchemas {
  const path = resolve(repository, folder);
  const names = namesIn(path, folder);
  const faults: string[] = [];
  const documents = names.flatMap((name) => {
    try {
      return [{ file: name, content: readJson(join(path, name)) }];
    } catch (error) {
      const file = posix.join(folder, name);
      faults.push(`${file}: ${error instanceof Error ? error.message : String(error)}`);
      return [];
    }
  });
  // What refers to a file that cannot be read would only seem to be wrong.
  if (faults.length > 0) throw asDeploymentError(new SchemasError(faults));
  return { documents, endpoints: endpointsOf(documents, folder) };
}

function endpointsOf(
  documents: readonly Document[],
  folder: string,
): DeploymentSchemas["endpoints"] {
  const placed = documents.map(({ file, content }) => ({
    file: posix.join(folder, file),
    content,
  }));
  try {
    return readDocuments(placed).others.map(
      ({ endpoint }): `/${string}` => `/${endpoint.slice(1)}`,
    );
  } catch (error) {
    throw asDeploymentError(error);
  }
}

function namesIn(path: string, folder: string): readonly string[] {
  try {
    const names = readdirSync(path);
    return names.filter((name) => name.endsWith(".json") && !name.startsWith(".")).toSorted();
  } catch (error) {
    const isMissing = error instanceof Error && "code" in error && error.code === "ENOENT";
    if (isMissing && folder === defaultSchemas) return [];
    const why = isMissing ? "there is no such folder" : "it cannot be read as a folder";
    throw new DeploymentError(
      `The setting schemas is "${folder}", and ${why}: ${path}. Name one that there is, or leave the setting out.`,
    );
  }
}

function readJson(path: string): unknown {
  // Some editors begin a file with a mark that JSON does not know.
  return JSON.parse(readFileSync(path, "utf8").replace(/^\uFEFF/, ""));
}

function asDeploymentError(error: unknown): unknown {
  return error instanceof SchemasError ? new DeploymentError(error.message) : error;
}
