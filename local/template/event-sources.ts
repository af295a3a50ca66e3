import { LocalRunError } from "../failure.ts";
import { isObject, type Json, readList, readText, readTexts } from "../json.ts";
import { type Pattern, readFilters } from "./patterns.ts";
import type { Resource, Stack } from "./stack.ts";

/** How a table's stream is led to a function. */
export interface EventSourceSpec {
  /** By name or ARN. */
  readonly functionName: string;
  readonly streamArn: string;
  readonly tableName: string;
  readonly isOfInterest: Pattern;
  readonly batchSize: number;
  /** For how long a batch may be waited for until it is full. */
  readonly windowSeconds: number;
  readonly bisects: boolean;
  /** Whether the function answers which records failed. */
  readonly reportsItems: boolean;
  readonly mostRetries: number;
  readonly maxAgeSeconds: number;
  /** The queue for what is given up. */
  readonly deadLetterArn: string | undefined;
}

/** Those that tell how fast, from where after a deployment, and nothing else. */
const ignored: readonly string[] = ["Enabled", "ParallelizationFactor", "StartingPosition", "Tags"];
const used: readonly string[] = [
  "BatchSize",
  "BisectBatchOnFunctionError",
  "DestinationConfig",
  "EventSourceArn",
  "FilterCriteria",
  "FunctionName",
  "FunctionResponseTypes",
  "MaximumBatchingWindowInSeconds",
  "MaximumRecordAgeInSeconds",
  "MaximumRetryAttempts",
];

/** The stack's mappings of table streams. @throws LocalRunError for one that the local run cannot follow as Lambda would. */
export function readEventSources(stack: Stack): readonly EventSourceSpec[] {
  return stack
    .resources("AWS::Lambda::EventSourceMapping")
    .filter(({ properties }) => properties.Enabled !== false)
    .map(readEventSource);
}

function readEventSource({ logicalId, properties }: Resource): EventSourceSpec {
  const [unknown] = Object.keys(properties).filter(
    (name) => !used.includes(name) && !ignored.includes(name),
  );
  if (unknown !== undefined)
    throw new LocalRunError(`The local run does not know ${unknown} of ${logicalId}.`);

  const streamArn = readText(properties.EventSourceArn, `The source of ${logicalId}`);
  const tableName = /:dynamodb:.*:table\/([^/]+)\/stream\//.exec(streamArn)?.[1];
  if (tableName === undefined)
    throw new LocalRunError(`The local run knows only tables' streams; ${logicalId} has another.`);
  return {
    functionName: readText(properties.FunctionName, `The function of ${logicalId}`),
    streamArn,
    tableName,
    isOfInterest: readFilters(properties.FilterCriteria),
    batchSize: Number(properties.BatchSize ?? 100),
    windowSeconds: Number(properties.MaximumBatchingWindowInSeconds ?? 0),
    bisects: properties.BisectBatchOnFunctionError === true,
    reportsItems: readTexts(properties.FunctionResponseTypes, "the response types").includes(
      "ReportBatchItemFailures",
    ),
    mostRetries: boundOf(properties.MaximumRetryAttempts),
    maxAgeSeconds: boundOf(properties.MaximumRecordAgeInSeconds),
    deadLetterArn: deadLetterArn(properties.DestinationConfig),
  };
}

/** Without a bound, and with -1, there is none. */
function boundOf(value: Json | undefined): number {
  const bound = Number(value ?? -1);
  return bound < 0 ? Number.POSITIVE_INFINITY : bound;
}

function deadLetterArn(config: Json | undefined): string | undefined {
  const onFailure = isObject(config) ? config.OnFailure : undefined;
  const [arn] = isObject(onFailure) ? readList(onFailure.Destination) : [];
  if (arn === undefined) return undefined;
  const text = readText(arn, "The destination of failures");
  if (!text.includes(":sqs:"))
    throw new LocalRunError(`The local run knows only queues as destinations; ${text} is none.`);
  return text;
}
