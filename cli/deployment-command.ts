import type { Command } from "commander";
import type { ContextOf } from "./command-context.ts";
import { examples } from "./help.ts";
import { facts, show } from "./output.ts";

/** Adds `rollcall deployment`, or `where`. */
export function addDeploymentCommand(program: Command, contextOf: ContextOf): void {
  program
    .command("deployment")
    .alias("where")
    .description("show which deployment the commands act on, and its Tenant URL")
    .action(async () => {
      const context = contextOf();
      const found = await context.deployment();
      const { name, tenantUrl, functionName, region, foundBy } = found;
      show(context, { ok: true, ...found }, () =>
        facts(context.out, [
          ["deployment", name],
          ["Tenant URL", tenantUrl ?? "unknown: see the stack's output TenantUrl"],
          ["function", functionName],
          ["region", region],
          ["found by", foundBy],
        ]),
      );
    })
    .addHelpText(
      "after",
      examples("rollcall deployment", "rollcall where --profile prod --region eu-west-1"),
    );
}
