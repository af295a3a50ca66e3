import { Command, Option, type OutputConfiguration } from "commander";
import type { CommandContext } from "./command-context.ts";
import { addCompletion } from "./completion.ts";
import { addDeploymentCommand } from "./deployment-command.ts";
import type { DeploymentOptions } from "./find-deployment.ts";
import { examples } from "./help.ts";
import { addStatsCommand } from "./stats-command.ts";
import { addTenantCommands } from "./tenant-commands.ts";
import { addTokenCommands } from "./token-commands.ts";
import { addUserCommands } from "./user-commands.ts";

/** What may be given to every command, before or after its name. */
export interface GlobalOptions extends DeploymentOptions {
  readonly json?: true;
  readonly yes?: true;
}

/** The whole command line. Errors are thrown, not exited with; what commander says is written to `output`. */
export function createProgram(
  makeContext: (options: GlobalOptions) => CommandContext,
  output: OutputConfiguration = {},
): Command {
  const program = new Command("rollcall")
    .description("What an operator of Rollcall does: tenants, their tokens and their users.")
    .exitOverride()
    .configureOutput(output)
    .configureHelp({ showGlobalOptions: true })
    .showHelpAfterError("(add --help for what can be said)")
    .option("--json", "print the answer as JSON; lists are printed whole")
    .option("-y, --yes", "agree to what is asked before something cannot be undone");
  for (const option of deploymentOptions()) program.addOption(option);
  program.addHelpText("after", aboutAll);

  const context = () => makeContext(program.opts<GlobalOptions>());
  addTenantCommands(program, context);
  addTokenCommands(program, context);
  addUserCommands(program, context);
  addStatsCommand(program, context);
  addDeploymentCommand(program, context);
  addCompletion(program);
  return program;
}

const deploymentOptions = () => [
  new Option("--stack <name>", "the deployment's stack (default: Rollcall)"),
  new Option("--region <region>", "the deployment's region (default: as for the AWS CLI)"),
  new Option("--profile <profile>", "the AWS profile to act with"),
  new Option("--function <name>", "the admin function itself, instead of a stack").conflicts(
    "stack",
  ),
  new Option("--local", "the local run (npm start)").conflicts([
    "stack",
    "region",
    "profile",
    "function",
  ]),
];

const aboutAll = `
The deployment is found by these options; else ROLLCALL_ADMIN_FUNCTION in the
environment; else a local run of this checkout (npm start); else the stack
Rollcall in your AWS account. \`rollcall deployment\` shows which it is.

Exit codes:
  0  done
  1  refused by the service, in whole or in part; what was refused changed nothing
  2  wrong usage, or a question that was not answered with yes
  3  no deployment found, no credentials, or no permission
  4  failed, or not reached; it may or may not have been done
${examples(
  "rollcall tenant create acme seatLimit=500",
  "rollcall token issue acme --name Entra",
  "rollcall token list acme --json --stack Rollcall --region eu-west-1",
)}`;
