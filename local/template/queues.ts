import { LocalRunError } from "../failure.ts";
import type { Stack } from "./stack.ts";

/** A queue as the template describes it. */
export interface QueueSpec {
  readonly name: string;
  readonly arn: string;
  readonly retentionSeconds: number;
  readonly visibilitySeconds: number;
}

/** Properties that say nothing about how messages are handed out here. */
const ignored: readonly string[] = ["KmsMasterKeyId", "QueueName", "SqsManagedSseEnabled", "Tags"];
const used: readonly string[] = ["MessageRetentionPeriod", "VisibilityTimeout"];

/** The stack's queues. @throws LocalRunError for one that the local run cannot serve as SQS would. */
export function readQueues(stack: Stack): readonly QueueSpec[] {
  return stack.resources("AWS::SQS::Queue").map(({ logicalId, properties, identity }) => {
    const [unknown] = Object.keys(properties).filter(
      (name) => !used.includes(name) && !ignored.includes(name),
    );
    if (unknown !== undefined)
      throw new LocalRunError(`The local run does not know ${unknown} of ${logicalId}.`);
    return {
      name: identity.attributes.QueueName ?? "",
      arn: identity.attributes.Arn ?? "",
      retentionSeconds: Number(properties.MessageRetentionPeriod ?? 345_600),
      visibilitySeconds: Number(properties.VisibilityTimeout ?? 30),
    };
  });
}
