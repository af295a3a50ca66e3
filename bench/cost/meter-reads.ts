import type {
  BatchGetItemCommandInput,
  BatchGetItemCommandOutput,
  QueryCommandInput,
} from "@aws-sdk/client-dynamodb";

/**
 * What a call reads for nothing: AWS takes the least unit also for an item that is not there and
 * for a query that finds nothing, DynamoDB Local does not.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html
 */
export function unitsForNothing(name: string, input: object, output: object, said: number): number {
  if (name === "Query") return Math.max(0, least(input as QueryCommandInput) - said);
  return name === "BatchGetItem" ? ofMissingKeys(input as never, output as never) : 0;
}

function ofMissingKeys(
  { RequestItems: asked = {} }: BatchGetItemCommandInput,
  { Responses: found = {}, UnprocessedKeys: left = {} }: BatchGetItemCommandOutput,
): number {
  const units = Object.entries(asked).map(([table, request]) => {
    const answered = (found[table]?.length ?? 0) + (left[table]?.Keys?.length ?? 0);
    return ((request.Keys?.length ?? 0) - answered) * least(request);
  });
  return units.reduce((sum, one) => sum + one, 0);
}

const least = ({ ConsistentRead }: { ConsistentRead?: boolean | undefined }) =>
  ConsistentRead ? 1 : 0.5;
