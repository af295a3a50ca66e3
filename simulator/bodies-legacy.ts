import { plainOperations } from "./bodies-plain.ts";
import type { Change } from "./diff.ts";
import type { Operation } from "./operations.ts";

/** The oldest job's manager: at the top level, as a list with a `$ref` into the endpoint. */
export const legacyOperations =
  (baseUrl: string) =>
  (changes: readonly Change[]): readonly Operation[] =>
    changes.flatMap((change) =>
      change.kind === "manager" && change.op !== "remove"
        ? [legacyManager(baseUrl, change.op, change.id)]
        : plainOperations([change]),
    );

const legacyManager = (baseUrl: string, op: "add" | "replace", id: string): Operation => ({
  op: op === "add" ? "Add" : "Replace",
  path: "manager",
  value: [{ $ref: `${baseUrl}/Users/${id}`, value: id }],
});
