import { readToken } from "../lambdas/auth/token.ts";
import type { CommandContext } from "./command-context.ts";
import { usageError } from "./command-error.ts";
import { answerFacts } from "./facts.ts";
import { show } from "./output.ts";

/** Tells whose a token is. Only its hash is sent, so that it does not get into any log on the way. */
export async function whois(context: CommandContext, given: string | undefined): Promise<void> {
  const text =
    given ??
    (await context.readInput()) ??
    (await context.ask.secret("Paste the token.", "Pipe it in, or give it as an argument."));
  const token = readToken(text.trim().replace(/^Bearer /i, ""));
  if (!token)
    throw usageError(
      "That is no token of Rollcall's, or not all of it: it begins with rc_, and its last six characters, a checksum of the rest, do not fit. Was it cut off, or typed by hand?",
    );
  const { tenant, tokenId, sha256 } = token;
  const admin = await context.admin();
  const answer = await admin({ action: "token.whois", tenant, tokenId, sha256 });
  show(context, answer, () => answerFacts(context.out, answer));
}
