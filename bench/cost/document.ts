import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** The document that holds the figures. */
export const documentPath = join(import.meta.dirname, "../../docs/cost.md");

const begin = "<!-- measured: written by bench/cost/main.ts -->\n\n";
const end = "\n\n<!-- /measured -->";

/** The figures that the document holds. @throws where it has no place for them. */
export function readFigures(): string {
  const { before, after, text } = parts();
  return text.slice(before.length, text.length - after.length);
}

/** Writes the figures into the document, in place of those that are there. */
export function writeFigures(figures: string): void {
  const { before, after } = parts();
  writeFileSync(documentPath, `${before}${figures}${after}`);
}

function parts() {
  const text = readFileSync(documentPath, "utf8");
  const from = text.indexOf(begin);
  const to = text.indexOf(end);
  if (from < 0 || to < from) throw new Error("docs/cost.md has lost the marks around its figures.");
  return { text, before: text.slice(0, from + begin.length), after: text.slice(to) };
}
