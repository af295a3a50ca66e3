import { Duration } from "aws-cdk-lib";
import { Rule, Schedule } from "aws-cdk-lib/aws-events";
import { LambdaFunction as FunctionTarget } from "aws-cdk-lib/aws-events-targets";
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { Function as LambdaFunction } from "aws-cdk-lib/aws-lambda";
import { Construct } from "constructs";

export interface WorkerRunsProps {
  readonly worker: LambdaFunction;
}

/**
 * A run that cannot begin or fails is not tried again: the next minute's run finds the same work,
 * and repeated runs would only pile up behind what kept the first from succeeding.
 */
const once = { retryAttempts: 0, maxEventAge: Duration.seconds(60) };

/** When the worker runs: every minute, and whenever a function wakes it. */
export class WorkerRuns extends Construct {
  readonly #worker: LambdaFunction;

  constructor(scope: Construct, id: string, { worker }: WorkerRunsProps) {
    super(scope, id);
    this.#worker = worker;
    worker.configureAsyncInvoke(once);
    new Rule(this, "EveryMinute", {
      description: "Background work that nobody was woken for",
      schedule: Schedule.rate(Duration.minutes(1)),
      targets: [new FunctionTarget(worker, once)],
    });
  }

  /** Gives `fn` the worker's name together with the right to invoke it. */
  grantWake(fn: LambdaFunction): void {
    fn.addEnvironment("WORKER_FUNCTION", this.#worker.functionName);
    fn.addToRolePolicy(
      new PolicyStatement({
        actions: ["lambda:InvokeFunction"],
        // Not by grantInvoke, which gives every version and alias too.
        resources: [this.#worker.functionArn],
      }),
    );
  }
}
