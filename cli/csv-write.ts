import { writeFileSync } from "node:fs";
import { CommandError, exitCodes } from "./command-error.ts";

/**
 * Writes a CSV file that spreadsheets open as what it is: UTF-8, with the mark that they know it by.
 * @throws CommandError where it cannot be written.
 */
export function writeCsv(
  path: string,
  headers: readonly string[],
  rows: readonly (readonly string[])[],
): void {
  const lines = [headers, ...rows].map((cells) => cells.map(quotedCell).join(","));
  try {
    writeFileSync(path, `\ufeff${lines.join("\r\n")}\r\n`, { mode: 0o600 });
  } catch (error) {
    const why = `${path} cannot be written: ${String(error)}.`;
    throw new CommandError(exitCodes.failed, "notWritten", `${why} Mend that, and try again.`);
  }
}

const quotedCell = (text: string) =>
  /[",;\t\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
