import { invalidPath, invalidSyntax, invalidValue, tooLarge } from "../errors.ts";
import { isArray, isObject, type Json, type JsonObject, quoted } from "../json.ts";
import { patchOpUrn } from "../urns.ts";

/** One operation of a PatchOp (RFC 7644, section 3.5.2). */
export interface Operation {
  readonly op: "add" | "replace" | "remove";
  readonly path?: string | undefined;
  readonly value?: Json | undefined;
  /** A remove that finds nothing to remove is no fault: not in the RFC, but for clients that repeat one. */
  readonly mayMiss?: boolean | undefined;
}

/** As many as a request of the largest size has, of the shortest that are in use. */
const maxOperations = 10_000;

/** Reads the body of a PATCH: its operations, in order. @throws invalidSyntax, invalidPath, invalidValue; 413 */
export function readPatchOp(body: Json | undefined): readonly Operation[] {
  const operations = readOperations(body);
  if (operations.length === 0) throw invalidSyntax(`"Operations" is empty; send one at least.`);
  return operations;
}

/** The same, where a change of nothing is as good as any. */
export function readOperations(body: Json | undefined): readonly Operation[] {
  if (!isObject(body)) throw invalidSyntax("The body must be a JSON object that is a PatchOp.");
  if (!listsSchema(body, patchOpUrn))
    throw invalidSyntax(`"schemas" must be a list that has "${patchOpUrn}".`);

  const operations = memberOf(body, "Operations");
  if (!isArray(operations)) throw invalidSyntax(`"Operations" must be a list of operations.`);
  if (operations.length > maxOperations) {
    throw tooLarge(`A PATCH has at most ${maxOperations} operations; send several.`);
  }
  return operations.map(readOperation);
}

/** What `object` holds under `name`, whose case does not matter. */
export function memberOf(object: JsonObject, name: string): Json | undefined {
  if (Object.hasOwn(object, name)) return object[name];
  const wanted = name.toLowerCase();
  return Object.entries(object).find(([key]) => key.toLowerCase() === wanted)?.[1];
}

/** Whether the `schemas` of a message list `urn`, in whatever case. */
export function listsSchema(message: JsonObject, urn: string): boolean {
  const schemas = memberOf(message, "schemas");
  const isIt = (one: Json) => typeof one === "string" && one.toLowerCase() === urn.toLowerCase();
  return isArray(schemas) && schemas.some(isIt);
}

function readOperation(operation: Json, index: number): Operation {
  const at = `Operation ${index + 1}`;
  if (!isObject(operation)) throw invalidSyntax(`${at} must be an object.`);

  const op = readOp(memberOf(operation, "op"), at);
  const path = readPath(memberOf(operation, "path"), at);
  const value = memberOf(operation, "value");
  if (op !== "remove" && value === undefined) {
    throw invalidValue(`${at} is to ${op} a value and has none.`);
  }
  if (op !== "remove" && path === undefined && !isObject(value)) {
    throw invalidValue(`${at} has no path, so its value must be an object of attributes.`);
  }
  return { op, path, value };
}

function readOp(op: Json | undefined, at: string): Operation["op"] {
  const lower = typeof op === "string" ? op.toLowerCase() : undefined;
  if (lower === "add" || lower === "replace" || lower === "remove") return lower;
  const given = typeof op === "string" ? ` ${quoted(op)}` : "";
  throw invalidSyntax(`${at} has the op${given}; it must be "add", "replace" or "remove".`);
}

function readPath(path: Json | undefined, at: string): string | undefined {
  if (path === undefined || path === null) return undefined;
  if (typeof path !== "string" || path === "") {
    throw invalidPath(`${at} has a path that is not text; leave it out or name an attribute.`);
  }
  return path;
}
