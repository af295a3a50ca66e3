import type { Command } from "commander";
import type { Admin } from "./admin-function.ts";
import type { CommandContext, ContextOf } from "./command-context.ts";
import { CommandError, exitCodes } from "./command-error.ts";
import { answerFacts, recordsIn, recordsTable } from "./facts.ts";
import { examples } from "./help.ts";
import { show } from "./output.ts";
import { list } from "./pages.ts";
import { readTenantId } from "./tenant-id.ts";

type Stats = Readonly<Record<string, unknown>>;

/** So many tenants are asked for at once; each is an invocation of the one admin function. */
const atOnce = 4;

/** Adds `rollcall stats`. */
export function addStatsCommand(program: Command, contextOf: ContextOf): void {
  program
    .command("stats")
    .description("how many users and groups a tenant has, or every tenant")
    .argument("[tenant]", "the tenant's id; all tenants where none is given", readTenantId)
    .option("--count", "count active users and memberships, too; that reads everything")
    .action((tenant: string | undefined, { count }: { count?: true }) =>
      tenant === undefined ? allStats(contextOf(), count) : oneStats(contextOf(), tenant, count),
    )
    .addHelpText("after", examples("rollcall stats", "rollcall stats acme --count"));
}

const messageOf = (tenant: string, count: true | undefined) => ({
  action: "tenant.stats",
  tenant,
  ...(count && { count }),
});

async function oneStats(context: CommandContext, tenant: string, count: true | undefined) {
  const answer = await (await context.admin())(messageOf(tenant, count));
  // The tenant's own last failure is that of one of its tokens.
  const tokens = recordsIn(answer.tokens).map(figuresOf);
  show(context, answer, () => answerFacts(context.out, { ...answer, tokens }));
}

async function allStats(context: CommandContext, count: true | undefined) {
  const admin = await context.admin();
  const { entries } = await list(admin, { action: "tenant.list" }, "tenants", { all: true });
  const names = entries.map(({ tenant }) => String(tenant));
  const asked = await inTurns(names, (tenant) => statsOrRefusal(admin, messageOf(tenant, count)));

  const refusals = asked.filter((one) => one instanceof CommandError);
  const [first] = refusals;
  if (first && refusals.length === asked.length) throw first;
  // One tenant that is gone by now, or whose numbers cannot be read, shall not hide the others.
  const tenants = asked.map((one, at) =>
    one instanceof CommandError ? { tenant: names[at], error: one.code } : one,
  );
  show(context, { ok: true, tenants }, () => statsTable(context, tenants));
}

const statsOrRefusal = (admin: Admin, message: Stats): Promise<Stats | CommandError> =>
  admin(message).then(
    // What each tenant is answered with is one entry of the whole answer.
    (stats) => Object.fromEntries(Object.entries(stats).filter(([name]) => name !== "ok")),
    (error: unknown) => {
      if (!(error instanceof CommandError) || error.exitCode !== exitCodes.refused) throw error;
      return error;
    },
  );

function statsTable({ out }: CommandContext, tenants: readonly Stats[]): string {
  if (tenants.length === 0) return "There is no tenant yet.";
  // Each tenant's tokens and failures are for `rollcall stats <tenant>`.
  return recordsTable(out, tenants.map(figuresOf));
}

const figuresOf = (stats: Stats): Stats =>
  Object.fromEntries(Object.entries(stats).filter(([, value]) => typeof value !== "object"));

async function inTurns<Input, Output>(
  inputs: readonly Input[],
  run: (input: Input) => Promise<Output>,
): Promise<readonly Output[]> {
  const outputs: Output[] = [];
  for (let at = 0; at < inputs.length; at += atOnce)
    outputs.push(...(await Promise.all(inputs.slice(at, at + atOnce).map(run))));
  return outputs;
}
