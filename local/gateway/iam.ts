import type { Statement } from "../template/policies.ts";

/** One right that a call needs. */
export interface Need {
  /** Such as `dynamodb:GetItem`. */
  readonly action: string;
  /** The ARN, or `*` for an action that is not on a resource. */
  readonly resource: string;
}

/** How a role stands to a right: `silent` is a refusal too, but a different text. */
export type Verdict = "allowed" | "denied" | "silent";

/** Judges as IAM does: an explicit deny wins, and what nothing allows is refused. */
export function judge(statements: readonly Statement[], need: Need): Verdict {
  const fitting = statements.filter(
    ({ actions, resources }) =>
      // IAM compares actions without regard to case, resources with.
      actions.some((action) => matchesWildcard(action.toLowerCase(), need.action.toLowerCase())) &&
      resources.some((resource) => matchesWildcard(resource, need.resource)),
  );
  if (fitting.some(({ effect }) => effect === "Deny")) return "denied";
  return fitting.length > 0 ? "allowed" : "silent";
}

/** Whether `text` fits `pattern`, in which `*` stands for any text and `?` for one character. */
export function matchesWildcard(pattern: string, text: string): boolean {
  const source = pattern
    .replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`)
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${source}$`, "s").test(text);
}
