import { randomUUID } from "node:crypto";
import type { Functions } from "../functions/functions.ts";
import type { InvokePermission } from "../template/permissions.ts";
import { account, region } from "../template/pseudo-parameters.ts";
import type { RuleSpec, RuleTarget } from "../template/rules.ts";

export interface ScheduleParts {
  readonly functions: Pick<Functions, "find" | "invoke">;
  readonly mayInvoke: InvokePermission;
  readonly complain: (text: string) => void;
  readonly signal: AbortSignal;
}

/** Soon after the start, so that what a run left that was killed is done soon. */
const firstAfterMs = 3000;

/**
 * Invokes a rule's functions by the clock, until `signal` ends it. As EventBridge it does not
 * wait for a run to end before the next begins.
 */
export function keepSchedule(
  rule: RuleSpec,
  parts: ScheduleParts,
  firstAfter = firstAfterMs,
): void {
  const run = () => {
    for (const target of rule.targets) invokeTarget(rule, target, parts);
  };
  let timer = setTimeout(() => {
    run();
    timer = setInterval(run, rule.everySeconds * 1000);
  }, firstAfter);
  parts.signal.addEventListener("abort", () => clearTimeout(timer), { once: true });
}

function invokeTarget(
  rule: RuleSpec,
  { functionArn, input }: RuleTarget,
  { functions, mayInvoke, complain }: ScheduleParts,
): void {
  const fn = functions.find(functionArn);
  if (!fn || !mayInvoke(functionArn, rule.arn))
    return complain(`${rule.arn} has no permission to invoke ${functionArn}, or there is none.`);
  // A failure is reported by the function's log; nobody waits for it.
  void functions.invoke(fn, input ?? JSON.stringify(scheduledEvent(rule.arn)));
}

const scheduledEvent = (ruleArn: string) => ({
  version: "0",
  id: randomUUID(),
  "detail-type": "Scheduled Event",
  source: "aws.events",
  account,
  time: new Date().toISOString().replace(/\.\d+Z$/, "Z"),
  region,
  resources: [ruleArn],
  detail: {},
});
