import { expect, test } from "@jest/globals";
import { readRows } from "../../cli/user-import-rows.ts";

test("of thousands of lines with the same filler as their key, each names only a few others", async () => {
  const rows = Array.from({ length: 10_000 }, (_, at) => ({ line: at + 2, cells: ["N/A"] }));
  const reading = { tenant: "a", key: "externalId", map: new Map(), ignoreUnknownColumns: false };
  const { doubled } = await readRows(
    async () => ({ ok: true, faults: [] }),
    { headers: ["externalId"], rows, sha256: "" },
    reading,
  );
  expect(doubled.size).toBe(10_000);
  expect(doubled.get(2)).toBe(
    "Lines 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 and 9990 more have the same externalId; only one may.",
  );
});
