import * as z from "zod";
import type { Admin } from "./admin-function.ts";
import type { MatchedOn, SyncedRow } from "./user-match-rows.ts";

/** What the sync would do with one of its users. */
export interface Verdict extends SyncedRow {
  readonly outcome: string;
  /** Whom here it concerns. */
  readonly id?: string | undefined;
  readonly ids?: readonly string[] | undefined;
  readonly here?: string | undefined;
  readonly detail?: string | undefined;
}

/** A user that is here. */
export interface Existing {
  readonly id: string;
  readonly userName: string;
  readonly emails: readonly string[];
}

const answerShape = z.object({
  results: z.array(
    z.object({
      row: z.int(),
      outcome: z.string(),
      id: z.optional(z.string()),
      ids: z.optional(z.array(z.string())),
      userName: z.optional(z.string()),
      detail: z.optional(z.string()),
    }),
  ),
});

/** Asks what the sync would do with rows, and gives those that were reached. */
export const askMatch =
  (admin: Admin, tenant: string, on: MatchedOn) =>
  async (rows: readonly SyncedRow[]): Promise<readonly Verdict[]> => {
    const asked = rows.map(({ key, userName, externalId, email }) => ({
      key,
      userName,
      externalId,
      email,
    }));
    const answer = await admin({ action: "user.match", tenant, on, rows: asked });
    return answerShape.parse(answer).results.flatMap(({ row, userName: here, ...result }) => {
      const synced = rows[row];
      if (!synced || result.outcome === "notReached") return [];
      return [{ ...synced, ...result, ...(here !== undefined && { here }) }];
    });
  };

/**
 * The verdicts, with what only shows over the whole file: users of the sync that would be linked to
 * one and the same here, be it one that is created for the first of them, and those that are named as somebody here but for what follows the @.
 * `missed` are those here that the sync has nothing to do with.
 */
export function wholeVerdicts(
  asked: readonly Verdict[],
  existing: readonly Existing[],
  on: MatchedOn,
): { readonly verdicts: readonly Verdict[]; readonly missed: readonly Existing[] } {
  const first = new Map<string, number>();
  const single = asked.toSorted((one, other) => one.line - other.line).map(onlyOnce);
  const concerned = new Set(single.flatMap(({ id, ids = [] }) => [id, ...ids]));
  const others = existing.filter(({ id }) => !concerned.has(id));

  const byName = new Map(
    others.flatMap((user) =>
      [user.userName, ...user.emails].map((name) => [localPart(name), user]),
    ),
  );
  const verdicts = single.map((verdict) => {
    if (verdict.outcome !== "created") return verdict;
    const like = namesOf(verdict).map((name) => byName.get(localPart(name)));
    const user = like.find((one) => one !== undefined);
    return user ? likely(verdict, user) : verdict;
  });
  const named = new Set(verdicts.map(({ id }) => id));
  return { verdicts, missed: others.filter(({ id }) => !named.has(id)) };

  function onlyOnce(verdict: Verdict): Verdict {
    const taken = takenBy(verdict, on);
    const holder = taken.find(({ form }) => first.has(form));
    for (const { form } of taken) if (!first.has(form)) first.set(form, verdict.line);
    if (!holder) return verdict;
    const detail = `Line ${first.get(holder.form)} ${holder.what} too.`;
    return { ...verdict, outcome: "wouldConflict", detail };
  }
}

/** What only one user of the sync may have: the user here that it is linked to, or what it is created with. */
function takenBy({ outcome, id, key, userName }: Verdict, on: MatchedOn) {
  if (outcome === "matched" && id !== undefined) return [{ form: `id ${id}`, what: "matches it" }];
  if (outcome !== "created") return [];
  const value = on === "externalId" ? key : key.toLowerCase();
  const created = [{ form: `${on} ${value}`, what: `has this ${on}` }];
  return userName === undefined || on === "userName"
    ? created
    : [...created, { form: `userName ${userName.toLowerCase()}`, what: "has this userName" }];
}

const likely = (verdict: Verdict, { id, userName }: Existing): Verdict => ({
  ...verdict,
  outcome: "wouldDuplicate",
  id,
  here: userName,
  detail: "It may be the same person: only what follows the @ differs.",
});

const namesOf = ({ key, userName, email }: SyncedRow): readonly string[] =>
  [key, userName, email].filter((name): name is string => name?.includes("@") === true);

const localPart = (name: string) => name.split("@", 1)[0]?.toLowerCase();
