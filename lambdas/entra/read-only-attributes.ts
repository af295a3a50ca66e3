import type { Aimed } from "./departure.ts";

/** What only the service sets is left out of a PATCH: the rest of it must not fail with a mapping of the `id`. */
export function dropReadOnly(operation: Aimed): readonly Aimed[] {
  const { attribute, subAttribute } = operation.path;
  const isReadOnly = [attribute, subAttribute].some((one) => one?.mutability === "readOnly");
  return isReadOnly ? [] : [operation];
}
