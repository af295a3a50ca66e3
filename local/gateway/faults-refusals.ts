import { type JsonObject, readList } from "../json.ts";
import type { Answer } from "./exchange.ts";
import { type DynamoDbCall, dynamoDbAnswer } from "./faults-call.ts";

/** Gives numbers from 0 to below 1, always the same for one call of a run. */
export type Dice = () => number;

const ongoing = "Transaction is ongoing for the item";
const provisioned =
  "The level of configured provisioned throughput for the table was exceeded. Consider increasing your provisioning level with the UpdateTable API.";
const onDemand =
  "Throughput exceeds the current capacity of your table or index. DynamoDB is automatically scaling your table or index so please try again shortly. If exceptions persist, check if you have a hot key: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html";

const transactions: ReadonlySet<string> = new Set(["TransactGetItems", "TransactWriteItems"]);
const singleWrites: ReadonlySet<string> = new Set(["DeleteItem", "PutItem", "UpdateItem"]);

/** As if another transaction were at one of the items; undefined for a call that cannot meet that. */
export function conflict(call: DynamoDbCall, dice: Dice): Answer | undefined {
  if (transactions.has(call.operation))
    return cancelled(call, "TransactionConflict", ongoing, dice);
  if (singleWrites.has(call.operation)) return refused("TransactionConflictException", ongoing);
  return undefined;
}

/** As if there were too many calls; `mayCancel` where DynamoDB may also say so of a single item of a transaction. */
export function throttled(call: DynamoDbCall, dice: Dice, mayCancel: boolean): Answer {
  const isProvisioned = dice() < 0.5;
  if (transactions.has(call.operation) && mayCancel && dice() < 0.5)
    return isProvisioned
      ? cancelled(call, "ProvisionedThroughputExceeded", provisioned, dice)
      : cancelled(call, "ThrottlingError", onDemand, dice);
  return isProvisioned
    ? refused("ProvisionedThroughputExceededException", provisioned)
    : refused("ThrottlingException", onDemand, "com.amazon.coral.availability");
}

/** An answer that tells nothing of what was done. */
export const internalError = (): Answer =>
  dynamoDbAnswer(500, error("InternalServerError", { message: "Internal server error" }));

/** A whole transaction is refused for one item of it; the reasons are in the order of the items. */
function cancelled({ input }: DynamoDbCall, code: string, message: string, dice: Dice): Answer {
  const items = readList(input.TransactItems);
  const at = Math.floor(dice() * items.length);
  const CancellationReasons = items.map((_, index) =>
    index === at ? { Code: code, Message: message } : { Code: "None" },
  );
  const codes = CancellationReasons.map(({ Code }) => Code).join(", ");
  const Message = `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`;
  return dynamoDbAnswer(
    400,
    error("TransactionCanceledException", { CancellationReasons, Message }),
  );
}

const refused = (type: string, message: string, namespace?: string): Answer =>
  dynamoDbAnswer(400, error(type, { message }, namespace));

const error = (
  type: string,
  fields: JsonObject,
  namespace = "com.amazonaws.dynamodb.v20120810",
): JsonObject => ({ __type: `${namespace}#${type}`, ...fields });
