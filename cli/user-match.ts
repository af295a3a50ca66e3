import { type Command, Option } from "commander";
import type { Admin } from "./admin-function.ts";
import type { CommandContext, ContextOf } from "./command-context.ts";
import { CommandError, exitCodes } from "./command-error.ts";
import { type Mapped, readMapping } from "./csv-columns.ts";
import { readCsv } from "./csv-file.ts";
import { sendRows } from "./csv-send.ts";
import { examples } from "./help.ts";
import { show } from "./output.ts";
import { list } from "./pages.ts";
import { readTenantId } from "./tenant-id.ts";
import { showProgress } from "./user-import-progress.ts";
import { matchCounts, matchText, troublesIn, writeMatchReport } from "./user-match-report.ts";
import { type MatchedOn, matchedOn, syncedRows } from "./user-match-rows.ts";
import { askMatch, type Existing, type Verdict, wholeVerdicts } from "./user-match-verdicts.ts";

interface MatchOptions {
  readonly on: MatchedOn;
  readonly map?: Mapped;
  readonly output?: string;
}

/** Adds `rollcall user match`. */
export function addMatchCommand(user: Command, contextOf: ContextOf): void {
  user
    .command("match")
    .description("tell what a sync from Entra would link, create, or have twice; writes nothing")
    .argument("<tenant>", "the tenant's id", readTenantId)
    .argument("<file>", "what Entra's admin center gives by Download users, or any such CSV file")
    .addOption(
      new Option("--on <attribute>", "what Entra matches by")
        .choices(matchedOn)
        .default("userName"),
    )
    .option(
      "--map <column=attribute>",
      "which column holds userName, externalId or email; can be repeated",
      readMapping,
    )
    .option("--output <file>", "write every user of the report there, as CSV")
    .action((tenant: string, file: string, options: MatchOptions) =>
      matchUsers(contextOf(), tenant, file, options),
    )
    .addHelpText(
      "after",
      examples(
        "rollcall user match acme entra-users.csv",
        "rollcall user match acme entra-users.csv --on externalId --map mailNickname=externalId --output report.csv",
      ),
    );
}

const batch = 500;

async function matchUsers(
  context: CommandContext,
  tenant: string,
  path: string,
  { on, map = new Map(), output }: MatchOptions,
): Promise<void> {
  const rows = syncedRows(readCsv(path), on, map);
  const admin = await context.admin();
  const asked: Verdict[] = [];
  const progress = showProgress(context, rows.length, 0);
  const onDone = (more: readonly Verdict[]) => {
    asked.push(...more);
    progress.add(more.length);
  };
  const { signal } = new AbortController();
  await sendRows({ batch, ask: askMatch(admin, tenant, on), onDone, signal }, rows).finally(
    progress.stop,
  );
  const whole = wholeVerdicts(asked, await existingUsers(admin, tenant), on);
  const report = { tenant, on, ...whole };
  if (output !== undefined) writeMatchReport(output, report);

  const told = {
    tenant,
    on,
    counts: matchCounts(report),
    users: whole.verdicts,
    missed: whole.missed,
  };
  const troubles = troublesIn(report);
  if (troubles === 0)
    return show(context, { ok: true, ...told }, () => matchText(context.out, report));
  if (!context.json) show(context, told, () => matchText(context.out, report));
  throw new CommandError(
    exitCodes.refused,
    "wouldDuplicate",
    `${troubles} of the sync's ${rows.length} users would not be linked to the one that is here. Do not switch it on yet.`,
    told,
  );
}

async function existingUsers(admin: Admin, tenant: string): Promise<readonly Existing[]> {
  const { entries } = await list(admin, { action: "user.list", tenant }, "users", { all: true });
  return entries.map(({ id, userName, emails }) => ({
    id: String(id),
    userName: typeof userName === "string" ? userName : "",
    emails: Array.isArray(emails) ? emails.filter((one) => typeof one === "string") : [],
  }));
}
