import type { Command } from "commander";
import { scopes } from "../lambdas/auth/scopes.ts";
import type { CommandContext, ContextOf, TextStream } from "./command-context.ts";
import { readHours, shownTime } from "./durations.ts";
import { answerFacts, recordsIn, shownValue } from "./facts.ts";
import { examples } from "./help.ts";
import { endToken, evenIfUsed } from "./in-use.ts";
import { showNewToken } from "./new-token.ts";
import { show, table } from "./output.ts";
import { readTenantId } from "./tenant-id.ts";
import { type RotateOptions, rotate } from "./token-rotate.ts";
import { whois } from "./token-whois.ts";
import { type TokenWish, wished, withWish } from "./token-wish.ts";

type Token = Readonly<Record<string, unknown>>;

const evenIfUsedHelp = "also where somebody uses it, which --yes does not cover";

/** Adds `rollcall token …`. */
export function addTokenCommands(program: Command, contextOf: ContextOf): void {
  const token = program
    .command("token")
    .description("what a customer's Entra signs in with")
    .addHelpText(
      "after",
      examples("rollcall token issue acme --name Entra", "rollcall token list acme"),
    );

  withWish(token.command("issue").description("issue a token; it is shown only once"))
    .argument("<tenant>", "the tenant's id", readTenantId)
    .action((tenant: string, wish: TokenWish) => issue(contextOf(), tenant, wish))
    .addHelpText(
      "after",
      examples(
        "rollcall token issue acme --name Entra",
        "rollcall token issue acme --name report --scope users:read groups:read --expires-in-days 90",
      ),
    );

  token
    .command("list")
    .description("list a tenant's tokens, without what could be used as one")
    .argument("<tenant>", "the tenant's id", readTenantId)
    .action((tenant: string) => listTokens(contextOf(), tenant))
    .addHelpText("after", examples("rollcall token list acme", "rollcall token list acme --json"));

  withWish(token.command("rotate").description("issue a token in place of another"))
    .argument("<tenant>", "the tenant's id", readTenantId)
    .argument("[tokenId]", "the token that ends; asked for where several are active")
    .requiredOption("--overlap <time>", "how long both work: 72h, 3d, or 0", readHours)
    .option(evenIfUsed, evenIfUsedHelp)
    .action((tenant: string, tokenId: string | undefined, options: RotateOptions) =>
      rotate(contextOf(), tenant, tokenId, options),
    )
    .addHelpText(
      "after",
      examples(
        "rollcall token rotate acme --overlap 72h",
        "rollcall token rotate acme k3x9q0v7ab --overlap 0",
      ),
    );

  token
    .command("revoke")
    .description("end a token for good, within the deployment's cache time")
    .argument("<tenant>", "the tenant's id", readTenantId)
    .argument("<tokenId>", "the token's id, as `token list` shows it")
    .option(evenIfUsed, evenIfUsedHelp)
    .action((tenant: string, tokenId: string, options: { evenIfUsed?: true }) =>
      revoke(contextOf(), tenant, tokenId, options.evenIfUsed === true),
    )
    .addHelpText("after", examples("rollcall token revoke acme k3x9q0v7ab"));

  token
    .command("whois")
    .description("tell whose a token is, and whether it works; the token itself is not sent")
    .argument("[token]", "the token; read from standard input or asked for where it is not given")
    .action((text: string | undefined) => whois(contextOf(), text))
    .addHelpText("after", examples("rollcall token whois", "pbpaste | rollcall token whois"));
}

async function issue(context: CommandContext, tenant: string, wish: TokenWish) {
  const admin = await context.admin();
  const answer = await admin({ action: "token.issue", tenant, ...wished(wish) });
  await showNewToken(context, answer);
}

async function listTokens(context: CommandContext, tenant: string) {
  const answer = await (await context.admin())({ action: "token.list", tenant });
  const tokens = recordsIn(answer["tokens"]);
  show(context, answer, () =>
    tokens.length === 0
      ? `Tenant "${tenant}" has no token: rollcall token issue ${tenant} issues one.`
      : [tokenTable(context.out, tokens), ...adviceOn(tokens)].join("\n\n"),
  );
}

const tokenTable = (out: TextStream, tokens: readonly Token[]) =>
  table(
    out,
    ["token", "name", "state", "created", "ends", "last used", "scopes"],
    tokens.map(tokenRow),
  );

/** What to do about one of them is too long for the table. */
const adviceOn = (tokens: readonly Token[]): readonly string[] =>
  tokens.flatMap(({ tokenId, advice }) =>
    advice === undefined ? [] : [`${shownValue(tokenId)}: ${shownValue(advice)}`],
  );

const tokenRow = (token: Token): readonly string[] => [
  String(token["tokenId"]),
  String(token["name"]),
  String(token["state"]),
  shownTime(token["createdAt"]),
  shownTime(token["revokedAt"] ?? token["expiresAt"]) || "never",
  shownTime(token["lastUsedAt"]) || shownValue(token["lastUsedAt"]),
  shownScopes(token["scopes"]),
];

/** All of them are the rule, and would fill the line. */
function shownScopes(value: unknown): string {
  const own = Array.isArray(value) ? value.map(String) : [];
  return scopes.every((scope) => own.includes(scope)) ? "all" : own.join(" ");
}

async function revoke(
  context: CommandContext,
  tenant: string,
  tokenId: string,
  isEvenIfUsed: boolean,
) {
  const { name } = await context.deployment();
  await context.ask.agree(
    `Revoke token ${tokenId} of tenant "${tenant}" of ${name}? Whoever uses it is refused for good.`,
  );
  const message = { action: "token.revoke", tenant, tokenId };
  const answer = await endToken(context, await context.admin(), message, isEvenIfUsed);
  show(context, answer, () => answerFacts(context.out, answer));
}
