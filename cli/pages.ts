import type { Admin } from "./admin-function.ts";
import { CommandError, exitCodes } from "./command-error.ts";
import { recordsIn } from "./facts.ts";

type Answer = Readonly<Record<string, unknown>>;

/** The most that the admin function gives at once. */
const largestPage = 500;

/** What a list is: the answer of its first page, with the entries of as many pages as were asked for. */
export interface Listed {
  readonly answer: Answer;
  readonly entries: readonly Answer[];
  readonly hasMore: boolean;
}

/** Lists what is under `key` of the answers: the first page, or with `all` every one. */
export async function list(
  admin: Admin,
  message: Answer,
  key: string,
  { all }: { readonly all: boolean },
): Promise<Listed> {
  const limit = all ? { limit: largestPage } : {};
  const entries: Answer[] = [];
  let after: unknown;
  for (;;) {
    const page = await admin({ ...message, ...limit, ...(after !== undefined && { after }) });
    entries.push(...recordsIn(page[key]));
    const { next, ...answer } = page;
    const hasMore = next !== undefined;
    if (!hasMore || !all) return { answer: { ...answer, [key]: entries }, entries, hasMore };
    // To ask for the same page for ever would be worse than to stop.
    if (next === after) throw endless(String(message["action"]));
    after = next;
  }
}

const endless = (action: string) =>
  new CommandError(
    exitCodes.failed,
    "endlessList",
    `${action} gives the same page again and again.`,
  );
