import { type Command, InvalidArgumentError } from "commander";
import type { CommandContext, ContextOf } from "./command-context.ts";
import { CommandError, exitCodes } from "./command-error.ts";
import { type Mapped, readMapping } from "./csv-columns.ts";
import { readCsv } from "./csv-file.ts";
import { sendRows } from "./csv-send.ts";
import { examples } from "./help.ts";
import { show } from "./output.ts";
import { readTenantId } from "./tenant-id.ts";
import { askImport } from "./user-import-ask.ts";
import { showProgress } from "./user-import-progress.ts";
import {
  countsOf,
  type Report,
  refusedOf,
  refusedPath,
  reportText,
  writeRefused,
} from "./user-import-report.ts";
import { readRows } from "./user-import-rows.ts";
import { freeSeats, seated } from "./user-import-seats.ts";
import { type Done, openState } from "./user-import-state.ts";
import { untilInterrupted } from "./user-import-stop.ts";

interface ImportOptions {
  readonly key: string;
  readonly map?: Mapped;
  readonly dryRun?: true;
  readonly batch: number;
  readonly state?: string;
  readonly restart?: true;
  readonly ignoreUnknownColumns?: true;
}

/** Adds `rollcall user import`. */
export function addImportCommand(user: Command, contextOf: ContextOf): void {
  user
    .command("import")
    .description("make users of a CSV file, or change those that are there")
    .argument("<tenant>", "the tenant's id", readTenantId)
    .argument("<file>", "the CSV file; its first line names attributes, such as userName, or email")
    .option("--key <attribute>", "by which a row's user is found", "userName")
    .option("--map <column=attribute>", "what a column stands for; can be repeated", readMapping)
    .option("--dry-run", "say what would happen and write nothing")
    .option("--batch <n>", "how many rows a message has, 1 to 100", readBatch, 100)
    .option("--state <file>", "where it is kept how far it came (default: beside the CSV)")
    .option("--restart", "begin anew, though an import of this file was cut off")
    .option("--ignore-unknown-columns", "leave columns out that cannot be imported")
    .action((tenant: string, file: string, options: ImportOptions) =>
      importUsers(contextOf(), tenant, file, options),
    )
    .addHelpText(
      "after",
      examples(
        "rollcall user import acme users.csv --dry-run",
        'rollcall user import acme users.csv --map "Staff No=externalId" --key externalId',
      ),
    );
}

async function importUsers(
  context: CommandContext,
  tenant: string,
  path: string,
  options: ImportOptions,
): Promise<void> {
  const { key, map = new Map(), batch, dryRun = false, ignoreUnknownColumns = false } = options;
  const file = readCsv(path);
  const admin = await context.admin();
  const imported = await readRows(admin, file, { tenant, key, map, ignoreUnknownColumns });
  const { rows, columns, doubled } = imported;

  const { functionName, region } = await context.deployment();
  const columnNames = columns.map(({ at, path: attribute }) => `${at} ${attribute}`);
  const deployment = `${region} ${functionName}`;
  const identity = { sha256: file.sha256, tenant, deployment, key, columns: columnNames };
  const statePath = options.state ?? `${path}.import-state`;
  const state = dryRun ? undefined : openState(statePath, identity, options.restart === true);
  if (state?.isOther)
    context.err.write(
      "An import was cut off that was of another file, tenant or column; this one begins anew.\n",
    );

  const done = new Map<number, Done>(state?.done.map((one) => [one.line, one]));
  if (done.size > 0) context.err.write(`Going on where it stopped, after ${done.size} rows.\n`);
  for (const [line, detail] of doubled) done.set(line, { line, outcome: "duplicateRow", detail });

  const progress = showProgress(context, rows.length, done.size);
  const onDone = (more: readonly Done[]) => {
    state?.keep(more);
    for (const one of more) done.set(one.line, one);
    progress.add(more.length);
  };
  const left = rows.filter(({ line }) => !done.has(line));
  const isWhole = await untilInterrupted((signal) =>
    sendRows({ batch, ask: askImport(admin, { tenant, key, dryRun }), onDone, signal }, left),
  ).finally(progress.stop);
  if (!isWhole && done.size < rows.length) throw cutOff(done.size, rows.length, dryRun);

  const told = dryRun ? seated(done, await freeSeats(admin, tenant)) : done;
  const refused = refusedOf(rows, told);
  if (refused.length > 0 && !dryRun) writeRefused(refusedPath(path), file.headers, refused);
  state?.remove();
  answer(context, { tenant, dryRun, counts: countsOf(told), refused, path: refusedPath(path) });
}

function answer(context: CommandContext, report: Report): void {
  const { refused, path, ...rest } = report;
  const lines = refused.map(({ line, outcome, detail }) => ({ line, outcome, detail }));
  const told = {
    ...rest,
    refused: lines,
    ...(refused.length > 0 && !rest.dryRun && { file: path }),
  };
  if (refused.length === 0)
    return show(context, { ok: true, ...told }, () => reportText(context.out, report));
  if (!context.json) show(context, told, () => reportText(context.out, report));
  throw new CommandError(
    exitCodes.refused,
    "rowsRefused",
    report.dryRun
      ? `${refused.length} rows would not be imported.`
      : `${refused.length} rows were not imported; they are in ${path}, with the reasons. Correct them there and import that file.`,
    told,
  );
}

const cutOff = (done: number, all: number, dryRun: boolean) =>
  new CommandError(
    exitCodes.failed,
    "interrupted",
    `Stopped after ${done} of ${all} rows.${dryRun ? "" : " The same command goes on where it stopped."}`,
  );

function readBatch(text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number >= 1 && number <= 100) return number;
  throw new InvalidArgumentError("It must be a whole number from 1 to 100.");
}
