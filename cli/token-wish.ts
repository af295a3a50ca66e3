import { type Command, Option } from "commander";
import { scopes } from "../lambdas/auth/scopes.ts";
import { readDays, readTime } from "./durations.ts";

/** What a new token is to be. */
export interface TokenWish {
  readonly name?: string;
  readonly scope?: readonly string[];
  readonly expiresInDays?: number;
  readonly expiresAt?: string;
}

/** Adds the options that say it. */
export const withWish = (command: Command) =>
  command
    .option("--name <text>", "what to call it")
    .addOption(
      new Option("--scope <scope...>", "what it may do (default: everything)").choices(scopes),
    )
    .addOption(
      new Option("--expires-in-days <n>", "when it ends (default: never)")
        .argParser(readDays(1, 3650))
        .conflicts("expiresAt"),
    )
    .addOption(new Option("--expires-at <time>", "the same as a time").argParser(readTime));

/** The parts of a message that say what the token is to be. */
export const wished = ({ name, scope, expiresInDays, expiresAt }: TokenWish) => ({
  ...(name !== undefined && { name }),
  ...(scope && { scopes: scope }),
  ...(expiresInDays !== undefined && { expiresInDays }),
  ...(expiresAt !== undefined && { expiresAt }),
});
