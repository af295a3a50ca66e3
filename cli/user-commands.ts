import type { Command } from "commander";
import type { CommandContext, ContextOf } from "./command-context.ts";
import { recordsTable } from "./facts.ts";
import { examples } from "./help.ts";
import { show } from "./output.ts";
import { list } from "./pages.ts";
import { send } from "./send.ts";
import { readTenantId } from "./tenant-id.ts";
import { addImportCommand } from "./user-import.ts";
import { addMatchCommand } from "./user-match.ts";

/** Adds `rollcall user …`. */
export function addUserCommands(program: Command, contextOf: ContextOf): void {
  const user = program
    .command("user")
    .description("the people of a tenant")
    .addHelpText(
      "after",
      examples("rollcall user deleted acme", "rollcall user erase acme ada@example.com"),
    );

  user
    .command("list")
    .description("list a tenant's users: the first page, or all")
    .argument("<tenant>", "the tenant's id", readTenantId)
    .option("--all", "every page")
    .action((tenant: string, { all = false }: { all?: boolean }) =>
      listUsers(contextOf(), "user.list", tenant, all),
    )
    .addHelpText("after", examples("rollcall user list acme", "rollcall user list acme --json"));

  user
    .command("deleted")
    .description("list deleted users that can be restored")
    .argument("<tenant>", "the tenant's id", readTenantId)
    .option("--all", "every page")
    .action((tenant: string, { all = false }: { all?: boolean }) =>
      listUsers(contextOf(), "user.listDeleted", tenant, all),
    )
    .addHelpText("after", examples("rollcall user deleted acme"));

  user
    .command("restore")
    .description("make a deleted user again, in the groups it was in")
    .argument("<tenant>", "the tenant's id", readTenantId)
    .argument("<id>", "the user's id, as `user deleted` shows it")
    .action((tenant: string, id: string) =>
      send(contextOf(), { action: "user.restore", tenant, id }),
    )
    .addHelpText(
      "after",
      examples("rollcall user restore acme 019ab5c7-4b1e-7c3d-9f10-2a6b8c4d5e6f"),
    );

  user
    .command("erase")
    .description("delete a user so that nothing of it is left and it cannot be restored")
    .argument("<tenant>", "the tenant's id", readTenantId)
    .argument("<user>", "its id, or its userName")
    .action((tenant: string, who: string) => erase(contextOf(), tenant, who))
    .addHelpText("after", examples("rollcall user erase acme ada@example.com"));

  addImportCommand(user, contextOf);
  addMatchCommand(user, contextOf);
}

async function listUsers(context: CommandContext, action: string, tenant: string, all: boolean) {
  const admin = await context.admin();
  const found = await list(admin, { action, tenant }, "users", { all: all || context.json });
  show(context, found.answer, () =>
    found.entries.length === 0 ? "There are none." : recordsTable(context.out, found.entries),
  );
  if (found.hasMore) context.err.write("There are more; --all lists them.\n");
}

async function erase(context: CommandContext, tenant: string, who: string) {
  const { name } = await context.deployment();
  await context.ask.agree(
    `Erase user ${who} of tenant "${tenant}" of ${name}, for good? It cannot be restored.`,
  );
  const isId = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(who);
  await send(context, {
    action: "user.erase",
    tenant,
    ...(isId ? { id: who } : { userName: who }),
  });
}
