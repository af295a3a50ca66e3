import { invalidSyntax, invalidValue, ScimError } from "../errors.ts";
import { isObject, type Json, type JsonObject, quoted } from "../json.ts";
import { memberOf } from "../patch/read.ts";
import { decodeSegment } from "../path-segment.ts";

const bulkMethods = ["POST", "PUT", "PATCH", "DELETE"] as const;

export type BulkMethod = (typeof bulkMethods)[number];

/** Where an operation goes: to a resource type's endpoint, or to one resource of it. */
export interface Target {
  /** Such as `/Users`. */
  readonly endpoint: string;
  /** Which resource, or a reference to one that is created; empty for a POST. */
  readonly id: string;
}

/** One operation of a bulk request (RFC 7644, section 3.7). */
export interface BulkOperation {
  readonly kind: "operation";
  readonly method: BulkMethod;
  readonly bulkId: string | undefined;
  readonly target: Target;
  /** The version that the resource must have for the operation to be run. */
  readonly version: string | undefined;
  /** What a single request would have as its body; undefined for a DELETE. */
  readonly data: JsonObject | undefined;
}

/** An operation that cannot be run, with as much as could be read of it. */
export interface FaultyOperation {
  readonly kind: "faulty";
  readonly method: string | undefined;
  readonly bulkId: string | undefined;
  readonly target: Target | undefined;
  readonly error: ScimError;
}

export type GivenOperation = BulkOperation | FaultyOperation;

/** What an operation is read against. */
export interface Surroundings {
  /** Values that more than one operation has as its `bulkId`. */
  readonly repeated: ReadonlySet<Json>;
  /** May stand before a path. */
  readonly baseUrl: string;
}

/** Reads one operation. What is wrong with it is kept with it, since the others are to run. */
export function readOperation(given: Json, surroundings: Surroundings): GivenOperation {
  try {
    if (!isObject(given)) throw invalidSyntax("An operation must be a JSON object.");
    return readParts(given, surroundings);
  } catch (error) {
    if (!(error instanceof ScimError)) throw error;
    return { kind: "faulty", ...readLabels(isObject(given) ? given : {}, surroundings), error };
  }
}

function readParts(given: JsonObject, { repeated, baseUrl }: Surroundings): BulkOperation {
  const method = readMethod(memberOf(given, "method"));
  return {
    kind: "operation",
    method,
    bulkId: readBulkId(memberOf(given, "bulkId") ?? undefined, method, repeated),
    target: readTarget(memberOf(given, "path"), method, baseUrl),
    version: readVersion(memberOf(given, "version") ?? undefined),
    data: method === "DELETE" ? undefined : readData(memberOf(given, "data"), method),
  };
}

/** By what the client recognises its operation in the answer. */
function readLabels(given: JsonObject, { baseUrl }: Surroundings) {
  const text = (name: string) => {
    const value = memberOf(given, name);
    return typeof value === "string" && value !== "" ? value : undefined;
  };
  const [method, path] = [text("method")?.slice(0, 20).toUpperCase(), text("path")];
  return {
    method,
    bulkId: text("bulkId"),
    target: path === undefined ? undefined : targetOf(path, method, baseUrl),
  };
}

function readMethod(given: Json | undefined): BulkMethod {
  const upper = typeof given === "string" ? given.toUpperCase() : undefined;
  const method = bulkMethods.find((known) => known === upper);
  if (!method) throw invalidValue(`"method" must be one of ${bulkMethods.join(", ")}.`);
  return method;
}

function readBulkId(
  given: Json | undefined,
  method: BulkMethod,
  repeated: ReadonlySet<Json>,
): string | undefined {
  if (given === undefined && method !== "POST") return undefined;
  if (typeof given !== "string" || given === "")
    throw invalidValue(`"bulkId" must be text, and a POST must have one.`);
  if (repeated.has(given))
    throw invalidValue(`Several operations have the bulkId ${quoted(given)}; each needs its own.`);
  return given;
}

function readTarget(given: Json | undefined, method: BulkMethod, baseUrl: string): Target {
  const target = typeof given === "string" ? targetOf(given, method, baseUrl) : undefined;
  if (target) return target;
  const example = method === "POST" ? "/Users" : "/Users/{id}";
  throw invalidValue(`"path" must be a path such as ${example}, relative to this service's URL.`);
}

function targetOf(path: string, method: string | undefined, baseUrl: string): Target | undefined {
  const relative = path.startsWith(`${baseUrl}/`) ? path.slice(baseUrl.length) : path;
  if (!relative.startsWith("/")) return undefined;
  if (method === "POST") return { endpoint: relative, id: "" };

  const end = relative.lastIndexOf("/");
  const id = decodeSegment(relative.slice(end + 1));
  return end === 0 || id === "" ? undefined : { endpoint: relative.slice(0, end), id };
}

function readVersion(given: Json | undefined): string | undefined {
  if (given === undefined || typeof given === "string") return given;
  throw invalidValue(`"version" must be text, such as "W/\\"1\\"".`);
}

function readData(given: Json | undefined, method: BulkMethod): JsonObject {
  if (isObject(given)) return given;
  throw invalidSyntax(
    `"data" of a ${method} must be the JSON object that it would send by itself.`,
  );
}
