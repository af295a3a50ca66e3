import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { writeMatchReport } from "../../cli/user-match-report.ts";

test("a name that a spreadsheet would work out is text in the report", () => {
  const path = join(mkdtempSync(join(tmpdir(), "rollcall-report-")), "report.csv");
  const here = '=HYPERLINK("http://example.org","x")';
  const verdicts = [{ line: 2, key: "a@example.com", outcome: "matched", id: "1", here }];
  const missed = [{ id: "2", userName: "@SUM(1)", emails: [] }];
  writeMatchReport(path, { tenant: "acme", on: "emails.value", verdicts, missed });
  const text = readFileSync(path, "utf8");
  expect(text).toContain(`"'=HYPERLINK(""http`);
  expect(text).toContain(",'@SUM(1),");
});
