import { Presets, SingleBar } from "cli-progress";
import type { CommandContext } from "./command-context.ts";

export interface Progress {
  readonly add: (count: number) => void;
  readonly stop: () => void;
}

/** How far a command has come: a bar on a terminal, a line now and then elsewhere, nothing with --json. */
export function showProgress(
  { err, json }: Pick<CommandContext, "err" | "json">,
  total: number,
  done: number,
): Progress {
  if (json) return { add: () => undefined, stop: () => undefined };
  if (err.isTTY) return bar(total, done);
  return lines((text) => err.write(`${text}\n`), total, done);
}

function bar(total: number, done: number): Progress {
  const format = "{bar} {value}/{total} rows, {eta_formatted} left";
  const shown = new SingleBar(
    { format, stream: process.stderr, gracefulExit: false },
    Presets.rect,
  );
  shown.start(total, done);
  return { add: (count) => shown.increment(count), stop: () => shown.stop() };
}

/** Ten lines in all, however many rows there are. */
function lines(write: (text: string) => void, total: number, before: number): Progress {
  let done = before;
  const tenthOf = (count: number) => Math.floor((count * 10) / total);
  return {
    add: (count) => {
      if (tenthOf(done + count) > tenthOf(done)) write(`${done + count} of ${total} rows`);
      done += count;
    },
    stop: () => undefined,
  };
}
