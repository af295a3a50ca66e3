import type { Command } from "commander";
import type { CommandContext, ContextOf } from "./command-context.ts";
import { usageError } from "./command-error.ts";
import { readDays, shownTime } from "./durations.ts";
import { answerFacts } from "./facts.ts";
import { examples } from "./help.ts";
import { show, table } from "./output.ts";
import { list } from "./pages.ts";
import { send } from "./send.ts";
import { nameOf, readSettings, settingNames, settingsOf, settingValues } from "./settings.ts";
import { readTenantId } from "./tenant-id.ts";

interface ListOptions {
  readonly all?: boolean;
  readonly erased?: true;
}

/** Adds `rollcall tenant …`. */
export function addTenantCommands(program: Command, contextOf: ContextOf): void {
  const tenant = program
    .command("tenant")
    .description("a customer's directory")
    .addHelpText(
      "after",
      examples("rollcall tenant create acme", "rollcall tenant set acme seatLimit=500"),
    );

  tenant
    .command("create")
    .description("make a tenant, with settings that are not to be the default")
    .argument("<tenant>", "its id: 1 to 63 of a-z, 0-9 and -", readTenantId)
    .argument("[setting...]", "name=value")
    .action((id: string, settings: readonly string[]) => create(contextOf(), id, settings))
    .addHelpText("after", aboutSettings("create"));

  tenant
    .command("list")
    .description("list tenants: the first hundred, or all")
    .option("--all", "every page")
    .option("--erased", "also those of which only the name is left")
    .action((options: ListOptions) => listTenants(contextOf(), options))
    .addHelpText("after", examples("rollcall tenant list --all", "rollcall tenant list --json"));

  tenant
    .command("show")
    .description("show a tenant's state and settings")
    .argument("<tenant>", "its id", readTenantId)
    .action((id: string) => send(contextOf(), { action: "tenant.show", tenant: id }))
    .addHelpText("after", examples("rollcall tenant show acme"));

  tenant
    .command("set")
    .description("change settings; `name=` brings the default back")
    .argument("<tenant>", "its id", readTenantId)
    .argument("<setting...>", "name=value")
    .action((id: string, settings: readonly string[]) => set(contextOf(), id, settings))
    .addHelpText("after", aboutSettings("set"));

  addEnds(tenant, contextOf);
}

function addEnds(tenant: Command, contextOf: ContextOf): void {
  tenant
    .command("suspend")
    .description("let nobody in until it is resumed; data and tokens are kept")
    .argument("<tenant>", "its id", readTenantId)
    .option("--reason <text>", "why; whoever sends requests is told")
    .action((id: string, { reason }: { reason?: string }) => suspend(contextOf(), id, reason))
    .addHelpText("after", examples('rollcall tenant suspend acme --reason "unpaid"'));

  tenant
    .command("resume")
    .description("let a suspended tenant in again")
    .argument("<tenant>", "its id", readTenantId)
    .action((id: string) => change(contextOf(), { action: "tenant.resume", tenant: id }))
    .addHelpText("after", examples("rollcall tenant resume acme"));

  tenant
    .command("delete")
    .description("let nobody in, and erase everything once the days are over")
    .argument("<tenant>", "its id", readTenantId)
    .option("--keep-days <n>", "for how long it can be restored, 0 to 30", readDays(0, 30), 30)
    .action((id: string, { keepDays }: { keepDays: number }) => remove(contextOf(), id, keepDays))
    .addHelpText(
      "after",
      examples("rollcall tenant delete acme", "rollcall tenant delete acme --keep-days 0"),
    );

  tenant
    .command("restore")
    .description("undo a deletion, as long as its days are not over")
    .argument("<tenant>", "its id", readTenantId)
    .action((id: string) => change(contextOf(), { action: "tenant.restore", tenant: id }))
    .addHelpText("after", examples("rollcall tenant restore acme"));
}

async function create(context: CommandContext, tenant: string, texts: readonly string[]) {
  const changes = readSettings(texts);
  const empty = changes.find(({ value }) => value === null);
  if (empty)
    throw usageError(`${nameOf(empty)} has no value: leave it out, and it has its default.`);
  const settings = changes.length > 0 ? { settings: settingsOf(changes) } : {};
  await send(context, { action: "tenant.create", tenant, ...settings });
}

async function listTenants(context: CommandContext, { all = false, erased }: ListOptions) {
  const admin = await context.admin();
  const message = { action: "tenant.list", ...(erased && { erased }) };
  const found = await list(admin, message, "tenants", { all: all || context.json });
  show(context, found.answer, () =>
    found.entries.length === 0
      ? "There is no tenant yet: rollcall tenant create <tenant> makes one."
      : table(
          context.out,
          ["tenant", "state", "created"],
          found.entries.map((one) => [
            String(one["tenant"]),
            String(one["state"]),
            shownTime(one["createdAt"]),
          ]),
        ),
  );
  if (found.hasMore) context.err.write("There are more; --all lists them.\n");
}

async function set(context: CommandContext, tenant: string, texts: readonly string[]) {
  const message = { action: "tenant.set", tenant, settings: settingsOf(readSettings(texts)) };
  const answer = await (await context.admin())(message);
  const { changed, inForce } = answer;
  const isSame = Object.keys(Object(changed)).length === 0;
  show(context, answer, () =>
    isSame
      ? `Tenant "${tenant}" is as it was: it had these settings already.`
      : answerFacts(context.out, { ...Object(changed), inForce }),
  );
}

async function suspend(context: CommandContext, tenant: string, reason: string | undefined) {
  const { name } = await context.deployment();
  await context.ask.agree(
    `Suspend tenant "${tenant}" of ${name}? Its tokens are answered 403, and Entra may quarantine it.`,
  );
  await change(context, {
    action: "tenant.suspend",
    tenant,
    ...(reason !== undefined && { reason }),
  });
}

async function remove(context: CommandContext, tenant: string, keepDays: number) {
  const { name } = await context.deployment();
  const end =
    keepDays === 0
      ? "All its users, groups and tokens are erased within hours, for good."
      : `It can be restored for ${keepDays} days; then all its users, groups and tokens are erased.`;
  await context.ask.agree(`Delete tenant "${tenant}" of ${name}? ${end}`);
  await change(context, { action: "tenant.delete", tenant, keepDays });
}

/** Sends what changes a tenant's state: its settings, which are as they were, are not shown to people. */
const change = (context: CommandContext, message: Readonly<Record<string, unknown>>) =>
  send(context, message, ["settings"]);

const aboutSettings = (verb: string) => `
Settings:
${settingNames.map((name) => `  ${name}=${settingValues(name).join("|")}`).join("\n")}
Lists are separated by commas. docs/operators.md says what each does.
${examples(
  `rollcall tenant ${verb} acme seatLimit=500 tombstoneDays=90`,
  `rollcall tenant ${verb} acme requiredAttributes=emails,name.familyName`,
  `rollcall tenant ${verb} acme patchAnswers.groups=resource uniqueGroupNames=false`,
  ...(verb === "set" ? ["rollcall tenant set acme seatLimit="] : []),
)}`;
