import {
  appendFileSync,
  existsSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import * as z from "zod";
import { usageError } from "./command-error.ts";

/** What became of a line of the file. */
const doneShape = z.object({
  line: z.number(),
  outcome: z.string(),
  id: z.optional(z.string()),
  detail: z.optional(z.string()),
  /** How many seats it would take, of a dry run. */
  seats: z.optional(z.int()),
});
const linesShape = z.array(doneShape);

export type Done = z.infer<typeof doneShape>;

/** Which import a state is of: anything else than this very one is begun anew. */
export interface ImportIdentity {
  readonly sha256: string;
  readonly tenant: string;
  readonly deployment: string;
  readonly key: string;
  readonly columns: readonly string[];
}

export interface ImportState {
  /** What was done before this run. */
  readonly done: readonly Done[];
  /** Whether there was a state that is of another import. */
  readonly isOther: boolean;
  /** Notes what was done, so that it is known whenever the command ends. */
  readonly keep: (done: readonly Done[]) => void;
  readonly remove: () => void;
}

/**
 * The state of an import, beside its file: a line that says which import it is, and one for each
 * message. The last one may be torn where the command was killed; its rows are sent again.
 */
export function openState(path: string, identity: ImportIdentity, isAnew: boolean): ImportState {
  const header = JSON.stringify({ format: 1, ...identity });
  const [first, ...lines] = existsSync(path) ? readFileSync(path, "utf8").split("\n") : [];
  const isSame = first === header && !isAnew;
  const done = isSame ? lines.flatMap(readLine) : [];
  begin(path, `${[header, ...(isSame ? [JSON.stringify(done)] : [])].join("\n")}\n`);
  return {
    done,
    isOther: first !== undefined && first !== header && !isAnew,
    keep: (more) => appendFileSync(path, `${JSON.stringify(more)}\n`),
    remove: () => rmSync(path, { force: true }),
  };
}

/** Whole or not at all: what was done by earlier runs is in it. */
function begin(path: string, text: string): void {
  try {
    writeFileSync(`${path}.new`, text, { mode: 0o600 });
    renameSync(`${path}.new`, path);
  } catch (error) {
    throw usageError(`${path} cannot be written (${String(error)}); choose another by --state.`);
  }
}

function readLine(text: string): readonly Done[] {
  try {
    return linesShape.parse(JSON.parse(text));
  } catch {
    return [];
  }
}
