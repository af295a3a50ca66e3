import { LocalRunError } from "../failure.ts";
import { type Json, readList, readObject, readText } from "../json.ts";
import type { Resource, Stack } from "./stack.ts";

/** A rule that invokes functions by the clock. */
export interface RuleSpec {
  readonly arn: string;
  readonly everySeconds: number;
  readonly targets: readonly RuleTarget[];
}

export interface RuleTarget {
  readonly functionArn: string;
  /** What the function is given in place of the event. */
  readonly input: string | undefined;
}

/** The stack's schedules. @throws LocalRunError for a rule that the local run cannot keep as EventBridge would. */
export function readRules(stack: Stack): readonly RuleSpec[] {
  return stack
    .resources("AWS::Events::Rule")
    .filter(({ properties }) => properties.State !== "DISABLED")
    .map(readRule);
}

const seconds: Readonly<Record<string, number>> = { minute: 60, hour: 3600, day: 86_400 };

function readRule({ logicalId, properties, identity }: Resource): RuleSpec {
  if (properties.EventPattern !== undefined)
    throw new LocalRunError(`The local run does not know the event pattern of ${logicalId}.`);
  const expression = readText(properties.ScheduleExpression, `The schedule of ${logicalId}`);
  const [, count, unit = ""] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression) ?? [];
  const each = seconds[unit];
  if (each === undefined)
    throw new LocalRunError(`The local run does not know the schedule ${expression}.`);
  return {
    arn: identity.attributes.Arn ?? "",
    everySeconds: Number(count) * each,
    targets: readList(properties.Targets).map((target) => readTarget(target, logicalId)),
  };
}

function readTarget(target: Json, logicalId: string): RuleTarget {
  const {
    Arn: arn,
    Id: _,
    Input: input,
    // A run that cannot begin waits here for as long as it has to.
    RetryPolicy: _retries,
    ...unknown
  } = readObject(target, `A target of ${logicalId}`);
  const [surprise] = Object.keys(unknown);
  if (surprise !== undefined)
    throw new LocalRunError(`The local run does not know ${surprise} of a target of ${logicalId}.`);
  return {
    functionArn: readText(arn, `A target of ${logicalId}`),
    input: input === undefined ? undefined : readText(input, `The input of ${logicalId}`),
  };
}
