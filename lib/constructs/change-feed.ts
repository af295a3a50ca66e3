import { Duration } from "aws-cdk-lib";
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import { CfnEventSourceMapping, type Function as LambdaFunction } from "aws-cdk-lib/aws-lambda";
import { Queue, QueueEncryption } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import type { DirectoryTable } from "./directory-table.ts";

export interface ChangeFeedProps {
  readonly table: DirectoryTable;
  /** Is handed the records; answers which of them it could not read. */
  readonly fn: LambdaFunction;
}

/** The records that `fn` is called for; no other costs an invocation. */
const ofInterest = {
  eventName: ["INSERT"],
  dynamodb: { Keys: { sk: { S: [{ prefix: "CHANGE#" }] } } },
};

/** Leads the table's stream to a function, and what the function cannot read to a queue. */
export class ChangeFeed extends Construct {
  readonly deadLetterQueueUrl: string;

  constructor(scope: Construct, id: string, { table, fn }: ChangeFeedProps) {
    super(scope, id);
    const queue = new Queue(this, "DeadLetters", {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    this.deadLetterQueueUrl = queue.queueUrl;

    // Not by the construct library's own event source, which gives ListStreams on every table.
    table.grantStreamRead(fn);
    fn.addToRolePolicy(
      new PolicyStatement({
        actions: ["sqs:SendMessage"],
        resources: [queue.queueArn],
      }),
    );
    const mapping = new CfnEventSourceMapping(this, "Mapping", {
      eventSourceArn: table.streamArn,
      functionName: fn.functionName,
      startingPosition: "TRIM_HORIZON",
      filterCriteria: { filters: [{ pattern: JSON.stringify(ofInterest) }] },
      batchSize: 100,
      parallelizationFactor: 1,
      functionResponseTypes: ["ReportBatchItemFailures"],
      bisectBatchOnFunctionError: true,
      // Nothing is lost by giving up soon: the schedule finds the work that a record tells of.
      maximumRetryAttempts: 3,
      maximumRecordAgeInSeconds: 3600,
      destinationConfig: { onFailure: { destination: queue.queueArn } },
    });
    // Lambda tries the rights when the mapping is made.
    if (fn.role) mapping.node.addDependency(fn.role);
  }
}
