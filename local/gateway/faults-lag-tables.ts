import { isObject, type Json, readList, textOrEmpty } from "../json.ts";
import type { Call, Service } from "./exchange.ts";
import { callOf, readOutput } from "./faults-call.ts";

/** Which of a table's item fields are keys. */
export interface TableKeys {
  readonly primary: readonly string[];
  /** Partition and sort key of each index. */
  readonly indexes: ReadonlyMap<string, readonly string[]>;
  readonly all: readonly string[];
}

/** Tells of each table what its keys are, as the engine says when it is asked first. */
export function tableKeys(service: Service) {
  const known = new Map<string, Promise<TableKeys>>();
  return (call: Call, table: string): Promise<TableKeys> => {
    const keys = known.get(table) ?? describe(service, call, table);
    known.set(table, keys);
    return keys;
  };
}

async function describe(service: Service, call: Call, TableName: string): Promise<TableKeys> {
  const { Table } = await readOutput(await service(callOf(call, "DescribeTable", { TableName })));
  const { KeySchema, GlobalSecondaryIndexes } = isObject(Table) ? Table : {};
  const primary = namesOf(KeySchema);
  const indexes = new Map(
    readList(GlobalSecondaryIndexes)
      .filter(isObject)
      .map((index) => [textOrEmpty(index.IndexName), namesOf(index.KeySchema)] as const),
  );
  return { primary, indexes, all: [...new Set([...primary, ...[...indexes.values()].flat()])] };
}

/** The partition key comes first. */
const namesOf = (schema: Json | undefined): readonly string[] =>
  readList(schema)
    .filter(isObject)
    .map(({ AttributeName }) => textOrEmpty(AttributeName));
