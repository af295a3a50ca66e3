import { writeFileSync } from "node:fs";

/** Writes a CSV file that spreadsheets open as what it is: UTF-8, with the mark that they know it by. */
export function writeCsv(
  path: string,
  headers: readonly string[],
  rows: readonly (readonly string[])[],
): void {
  const lines = [headers, ...rows].map((cells) => cells.map(quotedCell).join(","));
  writeFileSync(path, `\ufeff${lines.join("\r\n")}\r\n`, { mode: 0o600 });
}

const quotedCell = (text: string) =>
  /[",;\t\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
