import type { Change } from "./diff.ts";
import { filledText, isRecord, parseJson, recordsIn } from "./json.ts";
import type { RoleMapping } from "./mapping.ts";

/**
 * The mappings that send sets of roles: the complex one only ever adds what is missing, the
 * assertive one states the whole set as soon as it differs.
 */
export function diffRoles(
  mapping: RoleMapping,
  wanted: readonly string[],
  found: Record<string, unknown>,
): readonly Change[] {
  const present = rolesIn(found);
  const missing = wanted.filter((role) => !present.has(role));
  switch (mapping) {
    case "none":
    case "single":
      return [];
    case "complex":
      return missing.length === 0 ? [] : [{ kind: "roles", op: "add", roles: missing }];
    case "assertive": {
      const isEqual = missing.length === 0 && present.size === new Set(wanted).size;
      return isEqual ? [] : [{ kind: "roles", op: "replace", roles: wanted }];
    }
  }
}

/** The values of the roles; one that was kept as JSON inside its text still counts as that role. */
export const rolesIn = (resource: Record<string, unknown>): ReadonlySet<string> =>
  new Set(recordsIn(resource["roles"]).flatMap(({ value }) => roleValue(value)));

function roleValue(value: unknown): readonly string[] {
  const text = filledText(value);
  if (text === undefined) return [];
  const inner = parseJson(text);
  const role = isRecord(inner) ? filledText(inner["value"]) : undefined;
  return [role ?? text];
}
