import { isArray, isObject, type Json, type JsonObject } from "../json.ts";
import type { BulkOperation } from "./operation.ts";

const prefix = "bulkId:";

/** What takes the place of a reference to `bulkId`; where it is undefined, the value that refers is left out. */
export type Resolve = (bulkId: string) => string | undefined;

/** The bulkIds that an operation refers to, in its path or its data (RFC 7644, section 3.7.2). */
export function referencesIn(operation: BulkOperation): ReadonlySet<string> {
  const found = new Set<string>();
  resolveReferences(operation, (bulkId) => {
    found.add(bulkId);
    return bulkId;
  });
  return found;
}

/**
 * The operation with what `resolve` gives for each reference. With a reference that it leaves out
 * goes what is nothing without it: the member of a group, the manager of a user.
 */
export function resolveReferences(operation: BulkOperation, resolve: Resolve): BulkOperation {
  const { method, target, data } = operation;
  const resolved = data && mapMembers(data, (value, name) => resolveMember(value, name, resolve));
  return {
    ...operation,
    target: { ...target, id: resolveText(target.id, resolve) ?? target.id },
    data: resolved && method === "PATCH" ? resolvePaths(resolved, resolve) : resolved,
  };
}

function resolveValue(value: Json, resolve: Resolve): Json | undefined {
  if (typeof value === "string") return resolveText(value, resolve);
  if (isArray(value))
    return value.map((one) => resolveValue(one, resolve)).filter((one) => one !== undefined);
  if (!isObject(value)) return value;

  const resolved = mapMembers(value, (member, name) => resolveMember(member, name, resolve));
  const isKept = (name: string) => !namesResource(name) || Object.hasOwn(resolved, name);
  return Object.keys(value).every(isKept) ? resolved : undefined;
}

function resolveMember(value: Json, name: string, resolve: Resolve): Json | undefined {
  if (name.toLowerCase() !== "$ref" || typeof value !== "string")
    return resolveValue(value, resolve);

  // An address ends in a reference: ../Users/bulkId:qwerty.
  const start = value.lastIndexOf("/") + 1;
  const id = resolveText(value.slice(start), resolve);
  return id === undefined ? undefined : `${value.slice(0, start)}${id}`;
}

const namesResource = (name: string) => /^(value|\$ref)$/i.test(name);

function resolveText(text: string, resolve: Resolve): string | undefined {
  return text.startsWith(prefix) ? resolve(text.slice(prefix.length)) : text;
}

/** A PATCH also refers within its paths: `members[value eq "bulkId:qwerty"]`. */
function resolvePaths(patchOp: JsonObject, resolve: Resolve): JsonObject {
  return mapMembers(patchOp, (operations, name) => {
    if (name.toLowerCase() !== "operations" || !isArray(operations)) return operations;
    return operations.map((operation) =>
      isObject(operation) ? resolvePath(operation, resolve) : operation,
    );
  });
}

const resolvePath = (operation: JsonObject, resolve: Resolve) =>
  mapMembers(operation, (value, name) =>
    name.toLowerCase() === "path" && typeof value === "string"
      ? value.replace(jsonString, (string) => resolveQuoted(string, resolve))
      : value,
  );

/** Matches from every quote, be it to the end of a text that lacks the closing one: so each character is read once. */
const jsonString = /"(?:[^"\\]|\\.)*(?:"|\\?$)/gs;

function resolveQuoted(string: string, resolve: Resolve): string {
  if (!string.startsWith(`"${prefix}`)) return string;
  try {
    const text = String(JSON.parse(string));
    return JSON.stringify(resolveText(text, resolve) ?? text);
  } catch {
    return string; // Malformed, which whoever reads the path says better.
  }
}

function mapMembers(
  object: JsonObject,
  change: (value: Json, name: string) => Json | undefined,
): JsonObject {
  const members = Object.entries(object).flatMap(([name, value]) => {
    const changed = change(value, name);
    return changed === undefined ? [] : [[name, changed] as const];
  });
  return Object.fromEntries(members);
}
