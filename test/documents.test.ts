import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";

const root = join(import.meta.dirname, "..");
const read = (name: string) => readFileSync(join(root, name), "utf8");

const sources = globSync("{lambdas,lib}/**/*.ts", { cwd: root }).map(read).join("\n");

/** What the tables of the page quote of answers: in italics, in the first column. */
const quoted = read("docs/connect-entra.md")
  .split("\n")
  .filter((line) => line.startsWith("| "))
  .map((line) => line.split("|")[1] ?? "")
  .flatMap((cell) => [...cell.matchAll(/\*([^*]+)\*/g)].map(([, text = ""]) => text));

test.each(quoted)("the administrator's page quotes an answer that there is: %s", (text) => {
  expect(sources.includes(text)).toBe(true);
});

test("the page quotes more than a few", () => {
  expect(quoted.length).toBeGreaterThan(15);
});
