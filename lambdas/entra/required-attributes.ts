import type { Aimed } from "./departure.ts";

/** Microsoft's validator removes every attribute in turn; one that is required stays as it is. */
export function keepRequired(operation: Aimed): readonly Aimed[] {
  const { op, path } = operation;
  const isWhole = !path.filter && !path.subAttribute;
  return op === "remove" && isWhole && path.attribute.required ? [] : [operation];
}
