import { filledText, isRecord } from "./json.ts";
import { enterpriseUrn, type Mapping } from "./mapping.ts";
import { readTarget, type Target } from "./target.ts";

/** One attribute that Entra wants to be otherwise, before it has any form on the wire. */
export type Change =
  | {
      readonly kind: "value";
      readonly op: "add" | "replace";
      readonly target: Target;
      /** "" unassigns. */
      readonly value: string;
    }
  | { readonly kind: "active"; readonly op: "add" | "replace"; readonly value: boolean }
  | { readonly kind: "manager"; readonly op: "add" | "replace" | "remove"; readonly id: string }
  | {
      readonly kind: "roles";
      /** The complex mapping only ever adds, the assertive one states the whole set. */
      readonly op: "add" | "replace";
      readonly roles: readonly string[];
    };

export interface Wanted {
  /** By target path; what the source lacks is `undefined`, an empty expression "". */
  readonly values: ReadonlyMap<string, string | undefined>;
  readonly active: boolean;
}

/**
 * What Entra sends after having read `found`: missing or empty there is an Add, different a
 * Replace, equal nothing. What the source lacks is never sent.
 */
export function diffUser(
  mappings: readonly Mapping[],
  wanted: Wanted,
  found: Record<string, unknown>,
): readonly Change[] {
  const values = mappings.flatMap(({ target }) =>
    diffValue(target, wanted.values.get(target.path), readTarget(found, target)),
  );
  return [...values, ...diffActive(wanted.active, found["active"])];
}

export function diffValue(target: Target, wanted: string | undefined, found: unknown): Change[] {
  const isMissing = found === undefined || found === null || found === "";
  if (wanted === undefined || (wanted === "" && isMissing) || wanted === found) return [];
  return [{ kind: "value", op: isMissing ? "add" : "replace", target, value: wanted }];
}

export function diffActive(wanted: boolean, found: unknown): Change[] {
  if (found === undefined || found === null) return [{ kind: "active", op: "add", value: wanted }];
  // An endpoint that keeps the text is found out by the comparison, not by a write in every cycle.
  const isText = typeof found === "string";
  const isEqual = isText ? found.toLowerCase() === String(wanted) : found === wanted;
  return isEqual ? [] : [{ kind: "active", op: "replace", value: wanted }];
}

/** `wanted` is the manager's id at the endpoint. */
export function diffManager(wanted: string | undefined, found: string | undefined): Change[] {
  if (wanted === found) return [];
  if (wanted === undefined) return [{ kind: "manager", op: "remove", id: found ?? "" }];
  return [{ kind: "manager", op: found === undefined ? "add" : "replace", id: wanted }];
}

/** The manager's id as Entra reads it: under the enterprise URN, anywhere else it is not seen. */
export function managerIn(resource: Record<string, unknown>): string | undefined {
  const extension = resource[enterpriseUrn];
  const manager = isRecord(extension) ? extension["manager"] : undefined;
  return isRecord(manager) ? filledText(manager["value"]) : undefined;
}

/** Which of the changes an updated resource does not show. */
export const ignoredChanges = (
  changes: readonly Change[],
  updated: Record<string, unknown>,
): readonly string[] =>
  changes.flatMap((change) => {
    switch (change.kind) {
      case "value": {
        const got = readTarget(updated, change.target) ?? "";
        return got === change.value ? [] : [`${change.target.path}: sent ${change.value}`];
      }
      case "active":
        return diffActive(change.value, updated["active"]).length === 0 ? [] : ["active"];
      case "manager": {
        const wanted = change.op === "remove" ? undefined : change.id;
        return managerIn(updated) === wanted ? [] : [`manager: sent ${change.op} ${change.id}`];
      }
      case "roles":
        return [];
    }
  });
