import { LocalRunError } from "../failure.ts";
import { isObject, type Json, type JsonObject, readList, readText } from "../json.ts";
import type { Stack } from "./stack.ts";

/** A table as DynamoDB Local can make it. */
export interface TableSpec {
  readonly name: string;
  /** What `CreateTable` is asked for. */
  readonly definition: JsonObject;
  /** The item field by which items expire. */
  readonly expiryField: string | undefined;
}

/**
 * The stack's tables. Of their properties those are taken that change what a
 * function sees; backups, protection, encryption and capacity do not, and
 * DynamoDB Local would refuse most of them.
 */
export function readTables(stack: Stack): readonly TableSpec[] {
  return stack
    .resources("AWS::DynamoDB::GlobalTable", "AWS::DynamoDB::Table")
    .map(({ properties, identity, logicalId }) => ({
      name: identity.ref,
      definition: definitionOf(identity.ref, properties),
      expiryField: expiryField(properties.TimeToLiveSpecification, logicalId),
    }));
}

function definitionOf(name: string, properties: JsonObject): JsonObject {
  const globalIndexes = readList(properties.GlobalSecondaryIndexes).map(indexOf);
  const localIndexes = readList(properties.LocalSecondaryIndexes).map(indexOf);
  const stream = properties.StreamSpecification;

  return {
    TableName: name,
    BillingMode: "PAY_PER_REQUEST",
    AttributeDefinitions: properties.AttributeDefinitions,
    KeySchema: properties.KeySchema,
    ...(globalIndexes.length > 0 && { GlobalSecondaryIndexes: globalIndexes }),
    ...(localIndexes.length > 0 && { LocalSecondaryIndexes: localIndexes }),
    ...(isObject(stream) && {
      StreamSpecification: { StreamEnabled: true, StreamViewType: stream.StreamViewType },
    }),
  };
}

function indexOf(index: Json): JsonObject {
  if (!isObject(index)) throw new LocalRunError("An index should be an object.");
  return {
    IndexName: index.IndexName,
    KeySchema: index.KeySchema,
    Projection: index.Projection,
  };
}

function expiryField(specification: Json | undefined, logicalId: string): string | undefined {
  if (!isObject(specification) || specification.Enabled !== true) return undefined;
  return readText(specification.AttributeName, `The expiry of ${logicalId}`);
}
