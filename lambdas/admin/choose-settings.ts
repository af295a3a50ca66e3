import type { Message } from "./messages.ts";

type Chosen = Readonly<Record<string, unknown>>;

/** What is chosen after a wish: what it does not name stays, null goes back to the default. */
export function chosenAfter(before: Chosen, wish: Message<"tenant.set">["settings"]): Chosen {
  const answers = wish.patchAnswers;
  // Each family is a choice of its own.
  const merged = answers ? withChoices(asRecord(before.patchAnswers), answers) : answers;
  const patchAnswers = merged && Object.keys(merged).length === 0 ? null : merged;
  return withChoices(before, { ...wish, patchAnswers });
}

function withChoices(before: Chosen, wish: Chosen): Chosen {
  const after = Object.entries({ ...before, ...given(wish) });
  return Object.fromEntries(after.filter(([, value]) => value !== null));
}

const given = (wish: Chosen): Chosen =>
  Object.fromEntries(Object.entries(wish).filter(([, value]) => value !== undefined));

const asRecord = (value: unknown): Chosen =>
  typeof value === "object" && value !== null ? { ...value } : {};
