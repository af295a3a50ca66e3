import * as z from "zod";
import type { Admin } from "./admin-function.ts";
import type { ImportedRow } from "./user-import-rows.ts";
import type { Done } from "./user-import-state.ts";

const answerShape = z.object({
  results: z.array(
    z.object({
      row: z.int(),
      outcome: z.string(),
      id: z.optional(z.string()),
      detail: z.optional(z.string()),
      seats: z.optional(z.int()),
    }),
  ),
});

/** Sends rows to be imported, and gives what came of each that was reached. */
export const askImport =
  (
    admin: Admin,
    over: { readonly tenant: string; readonly key: string; readonly dryRun: boolean },
  ) =>
  async (rows: readonly ImportedRow[]): Promise<readonly Done[]> => {
    const values = rows.map((row) => row.values);
    const answer = await admin({ action: "user.import", ...over, rows: values });
    return answerShape.parse(answer).results.flatMap(({ row, ...result }) => {
      const line = rows[row]?.line;
      return line === undefined || result.outcome === "notReached" ? [] : [{ line, ...result }];
    });
  };
