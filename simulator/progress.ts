import { SingleBar } from "cli-progress";

export interface Phase {
  readonly step: () => void;
  readonly end: () => void;
}

/** Where a run shows how far it is. */
export interface Reporter {
  readonly phase: (name: string, total: number) => Phase;
  readonly note: (text: string) => void;
}

export const silentReporter: Reporter = {
  phase: () => ({ step: () => {}, end: () => {} }),
  note: () => {},
};

/** A bar for each phase on a terminal, a plain line for each anywhere else. */
export const reporterFor = (stream: NodeJS.WriteStream): Reporter =>
  stream.isTTY ? barReporter(stream) : lineReporter(stream);

const barReporter = (stream: NodeJS.WriteStream): Reporter => ({
  phase: (name, total) => {
    const format = `${name.padEnd(26)} {bar} {value}/{total} {duration_formatted}`;
    const bar = new SingleBar({ format, stream, barsize: 30, hideCursor: true });
    bar.start(total, 0);
    return { step: () => bar.increment(), end: () => bar.stop() };
  },
  note: (text) => void stream.write(`${text}\n`),
});

const lineReporter = (stream: NodeJS.WriteStream): Reporter => ({
  phase: (name, total) => {
    const begin = performance.now();
    let done = 0;
    return {
      step: () => void (done += 1),
      end: () => {
        const seconds = ((performance.now() - begin) / 1000).toFixed(1);
        stream.write(`${name.padEnd(26)} ${done}/${total}  ${seconds} s\n`);
      },
    };
  },
  note: (text) => void stream.write(`${text}\n`),
});
