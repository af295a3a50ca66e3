import { askDynamoDb } from "../gateway/dynamodb-service.ts";
import { isObject, type Json, type JsonObject, readList, readObject, readText } from "../json.ts";

/** A table's stream in DynamoDB Local. Its ARN is another than the template's. */
export interface TableStream {
  shards(): Promise<readonly Shard[]>;
  iterator(shardId: string, from: Position): Promise<string>;
  read(iterator: string): Promise<Slice>;
}

export interface Shard {
  readonly id: string;
  readonly parentId: string | undefined;
}

/** Where in a shard reading begins. */
export type Position =
  | { readonly kind: "TRIM_HORIZON" | "LATEST" }
  | { readonly kind: "AFTER_SEQUENCE_NUMBER"; readonly sequenceNumber: string };

export interface Slice {
  /** As DynamoDB gives them. */
  readonly records: readonly JsonObject[];
  /** Where reading goes on; undefined at the end of a shard that was closed. */
  readonly next: string | undefined;
}

/** @throws LocalRunError where the table has no stream. */
export async function openStream(endpoint: string, tableName: string): Promise<TableStream> {
  const { Table: table } = await askDynamoDb(endpoint, "DescribeTable", { TableName: tableName });
  const arn = readText(readObject(table, "Table").LatestStreamArn, `The stream of ${tableName}`);
  const ask = (operation: string, input: JsonObject) =>
    askDynamoDb(endpoint, operation, input, "DynamoDBStreams");

  return {
    shards: async () => {
      const shards: Shard[] = [];
      let after: Json | undefined;
      do {
        const output = await ask("DescribeStream", {
          StreamArn: arn,
          ...(after !== undefined && { ExclusiveStartShardId: after }),
        });
        const description = readObject(output.StreamDescription, "StreamDescription");
        shards.push(...readList(description.Shards).map(readShard));
        after = description.LastEvaluatedShardId;
      } while (typeof after === "string");
      return shards;
    },
    iterator: async (shardId, from) => {
      const output = await ask("GetShardIterator", {
        StreamArn: arn,
        ShardId: shardId,
        ShardIteratorType: from.kind,
        ...(from.kind === "AFTER_SEQUENCE_NUMBER" && { SequenceNumber: from.sequenceNumber }),
      });
      return readText(output.ShardIterator, "ShardIterator");
    },
    read: async (iterator) => {
      const output = await ask("GetRecords", { ShardIterator: iterator });
      const { Records: records, NextShardIterator: next } = output;
      return {
        records: readList(records).filter(isObject),
        next: typeof next === "string" ? next : undefined,
      };
    },
  };
}

function readShard(shard: Json): Shard {
  const { ShardId: id, ParentShardId: parent } = readObject(shard, "A shard");
  return {
    id: readText(id, "ShardId"),
    parentId: typeof parent === "string" ? parent : undefined,
  };
}
