import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { parseCsv, readCsv } from "../../cli/csv-file.ts";
import { writeCsv } from "../../cli/csv-write.ts";

const folder = mkdtempSync(join(tmpdir(), "rollcall-csv-"));
const file = (name: string, content: string | Buffer) => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};
const cellsOf = (text: string) => parseCsv(text, "users.csv").rows.map(({ cells }) => cells);

test.each([
  ["commas", "a,b\n1,2\n"],
  ["semicolons, as spreadsheets of many countries save", "a;b\n1;2\n"],
  ["tabs", "a\tb\n1\t2"],
  ["a byte order mark and CRLF", "\ufeffa,b\r\n1,2\r\n"],
  ["empty lines and lines of empty cells", "a,b\n\n1,2\n,\n\n"],
  ["spaces around cells", "a , b\n 1,2 \n"],
  ["quotes around all", '"a","b"\n"1","2"\n'],
])("a file with %s is read", (_, text) => {
  const { headers, rows } = parseCsv(text, "users.csv");
  expect(headers).toEqual(["a", "b"]);
  expect(rows.map(({ cells }) => cells)).toEqual([["1", "2"]]);
});

test("quoted cells hold delimiters, quotes and line breaks, and lines are counted with them", () => {
  const text = 'name;"a, b; c"\r\n"Li; ""the""\nfirst";1\r\n\r\nBob;2\r\n';
  expect(parseCsv(text, "users.csv")).toEqual({
    headers: ["name", "a, b; c"],
    rows: [
      { line: 2, cells: ['Li; "the"\nfirst', "1"] },
      { line: 5, cells: ["Bob", "2"] },
    ],
  });
});

test("every line with too many or too few cells is named", () => {
  expect(() => cellsOf("a,b\n1,2\n3\n4,5,6\n")).toThrow(
    "users.csv has 2 columns, but line 3 has 1, line 4 has 3.",
  );
});

test.each([
  ['a,b\n1,2\n3,"x"y\n', "line 3 is not CSV"],
  ['a,b\n1,"2\n3,4\n', "line 3 is not CSV"],
  ["", "is empty"],
  ["a,b\n", "no rows"],
])("%j is refused", (text, reason) => {
  expect(() => cellsOf(text)).toThrow(reason);
});

test("a file that is not UTF-8, or is not there, is told with the way out", () => {
  expect(() => readCsv(file("latin.csv", Buffer.from("name\nJos\xe9\n", "latin1")))).toThrow(
    'save it as "CSV UTF-8"',
  );
  expect(() => readCsv(join(folder, "none.csv"))).toThrow("cannot be read");
});

test("a file is told from what it becomes when it is changed", () => {
  const path = file("users.csv", "a\n1\n");
  const { sha256 } = readCsv(path);
  expect(readCsv(path).sha256).toBe(sha256);
  file("users.csv", "a\n2\n");
  expect(readCsv(path).sha256).not.toBe(sha256);
});

test("what is written is read back as it was, whatever is in it", () => {
  const text = fc.string({ unit: "binary" }).map((one) => one.trim().replaceAll("\ufeff", ""));
  const record = fc.tuple(text, text, fc.constant("x"));
  fc.assert(
    fc.property(fc.array(record, { minLength: 1, maxLength: 5 }), (rows) => {
      const path = join(folder, "any.csv");
      writeCsv(path, ["a", "b", "c"], rows);
      expect(readCsv(path).rows.map(({ cells }) => cells)).toEqual(rows);
    }),
    { numRuns: 50 },
  );
  expect(readFileSync(join(folder, "any.csv"), "utf8").startsWith("\ufeff")).toBe(true);
});
