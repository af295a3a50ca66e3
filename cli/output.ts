import { styleText } from "node:util";
import Table from "cli-table3";
import type { CommandContext, TextStream } from "./command-context.ts";

/** Prints an answer: as it is with `--json`, for a script, or else as text for a person. */
export function show(
  { json, out }: Pick<CommandContext, "json" | "out">,
  answer: unknown,
  forPeople: () => string,
): void {
  out.write(json ? `${JSON.stringify(answer, null, 2)}\n` : `${forPeople()}\n`);
}

/**
 * A table without borders, whose cells can be copied. On a terminal it is as wide as that at most,
 * and long cells are wrapped; elsewhere nothing is.
 */
export function table(
  out: TextStream,
  head: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  const widths = fitting(
    head.map((_, at) => Math.max(...[head, ...rows].map((row) => row[at]?.length ?? 0))),
    // A terminal that does not tell how wide it is says 0.
    out.isTTY ? out.columns || 80 : Number.POSITIVE_INFINITY,
  );
  const drawn = new Table({
    head: head.map((text) => bold(out, text)),
    colWidths: widths.map((width, at) => width + (at < widths.length - 1 ? gap : 0)),
    wordWrap: true,
    wrapOnWordBoundary: false,
    style: { head: [], border: [], "padding-left": 0, "padding-right": 0 },
    chars: noBorders,
  });
  drawn.push(...rows.map((row) => row.map(printable)));
  return drawn
    .toString()
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n");
}

/** Names and their values, one a line. */
export function facts(out: TextStream, pairs: readonly (readonly [string, string])[]): string {
  const width = Math.max(...pairs.map(([name]) => name.length));
  return pairs
    .map(
      ([name, value]) =>
        `${bold(out, name)}${" ".repeat(width - name.length + gap)}${printable(value)}`,
    )
    .join("\n");
}

/** A customer's data may hold what a terminal would take for commands. */
export const printable = (text: string): string =>
  text.replace(/[^\P{Cc}\n]|[\u202A-\u202E\u2066-\u2069]/gu, "\uFFFD");

/** Only a terminal is sent colours, and none where NO_COLOR asks for none. */
const bold = (out: TextStream, text: string) =>
  out.isTTY && !process.env["NO_COLOR"] ? styleText("bold", text, { validateStream: false }) : text;

const gap = 2;

/** Takes from the widest column until all fit together; none gets narrower than a short word. */
function fitting(natural: readonly number[], room: number): readonly number[] {
  const widths = [...natural];
  const total = () => widths.reduce((sum, width) => sum + width + gap, -gap);
  while (total() > room) {
    const widest = widths.indexOf(Math.max(...widths));
    if ((widths[widest] ?? 0) <= 8) break;
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
  return widths;
}

const noBorders = {
  top: "",
  "top-mid": "",
  "top-left": "",
  "top-right": "",
  bottom: "",
  "bottom-mid": "",
  "bottom-left": "",
  "bottom-right": "",
  left: "",
  "left-mid": "",
  mid: "",
  "mid-mid": "",
  right: "",
  "right-mid": "",
  middle: "",
};
