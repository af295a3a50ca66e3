import type { Answer } from "./client.ts";
import type { Reply } from "./faults.ts";

interface CreateVerdict {
  readonly kind: "created" | "conflict" | "failed";
  readonly faults: readonly string[];
  readonly refusals: readonly Answer[];
}

/** Of several answers to one POST exactly one is 201; the others are 409. */
export function judgeCreate({ answer, others }: Reply): CreateVerdict {
  const all = [answer, ...others];
  const created = all.filter(({ status }) => status === 201);
  const faults = created.length > 1 ? ["a POST that was repeated created it twice"] : [];
  const mayConflict = others.length > 0 || answer.wasUnsure;
  const refusals = all.filter(
    ({ status }) => status !== 201 && !(status === 409 && mayConflict) && status !== 0,
  );

  if (answer.status === 201) return { kind: "created", faults, refusals };
  const kind = answer.status === 409 && mayConflict ? "conflict" : "failed";
  return { kind, faults, refusals: answer.status === 0 ? [...refusals, answer] : refusals };
}

/** Of several answers to one DELETE one is 204; the others are 404. */
export function judgeDelete({ answer, others }: Reply): readonly Answer[] {
  const all = [answer, ...others];
  const isUnsure = answer.wasUnsure || others.some(({ status }) => status === 0);
  const isDone = isUnsure || all.some(({ status }) => status === 204);
  return all.filter(
    (one) => one.status !== 204 && !(one.status === 404 && isDone) && !isLost(one, answer),
  );
}

/** A PATCH is idempotent, so every answer to it is 200 or 204. */
export const judgePatch = ({ answer, others }: Reply): readonly Answer[] =>
  [answer, ...others].filter(
    (one) => one.status !== 200 && one.status !== 204 && !isLost(one, answer),
  );

/** No answer at all counts only where it is the one that Entra waits for. */
const isLost = (one: Answer, answer: Answer): boolean => one !== answer && one.status === 0;
