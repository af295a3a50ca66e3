import { setTimeout as sleep } from "node:timers/promises";
import { v7 as newId } from "uuid";
import type { Table } from "../../lambdas/store/dynamodb/table.ts";
import { type Directory, openDirectory } from "./directory.ts";
import { groupOperations } from "./group-operations.ts";
import { listedUsers, listOperations } from "./list-operations.ts";
import { type Cost, type Meter, openMeter } from "./meter.ts";
import type { Operation } from "./operation.ts";
import { type Service, serviceOn } from "./service.ts";
import { createTable, localConfig, storedBytes } from "./table.ts";
import { userOperations } from "./user-operations.ts";

const cold: Operation = {
  title: "GET user, where nothing is known of the tenant",
  isCold: true,
  prepare: userOperations.getUser.prepare,
};

/** Every operation that is measured; a large group is one of so many members. */
export const operationsWith = (largeGroup: number) => ({
  ...userOperations,
  ...groupOperations(largeGroup),
  ...listOperations,
  getUserCold: cold,
});

export type OperationName = keyof ReturnType<typeof operationsWith>;

/** What is kept of a user, a group and a membership, with their claims, lookups and index entries. */
export interface StoredBytes {
  readonly user: number;
  readonly group: number;
  readonly membership: number;
}

export interface Measured {
  readonly operations: Readonly<Record<OperationName, Operation>>;
  readonly costs: Readonly<Record<OperationName, Cost>>;
  readonly bytes: StoredBytes;
}

/** Measures what each operation costs, by the whole service on a DynamoDB Local; none of it depends on the machine. */
export async function measureAll(endpoint: string, largeGroup = 10_000): Promise<Measured> {
  const config = localConfig(endpoint);
  const name = `rollcall-cost-${newId()}`;
  await createTable(config, name);
  const meter = openMeter(config);
  const table: Table = {
    db: meter.db,
    name,
    now: () => new Date(),
    newId: () => newId(),
    sleep,
    random: Math.random,
  };
  const service = serviceOn(table);
  const operations = operationsWith(largeGroup);
  const listed = await openDirectory(service, table, "listed");
  await listed.addUsers(listedUsers);

  try {
    const measured: [string, Cost][] = [];
    for (const [key, operation] of Object.entries(operations)) {
      const tenant = `t-${measured.length}`;
      const { seatLimit }: Operation = operation;
      const settings = seatLimit === undefined ? {} : { seatLimit };
      const directory =
        key in listOperations ? listed : await openDirectory(service, table, tenant, settings);
      measured.push([key, await measureOne(meter, service, directory, operation)]);
    }
    // One for each key of `operations`.
    const costs = Object.fromEntries(measured) as Record<OperationName, Cost>;
    const small = await openDirectory(service, table, "small");
    const bytesNow = () => storedBytes(config, name, small.tenant);
    return { operations, costs, bytes: await measureBytes(small, bytesNow) };
  } finally {
    meter.close();
  }
}

async function measureOne(
  meter: Meter,
  service: Service,
  directory: Directory,
  operation: Operation,
): Promise<Cost> {
  const { status = 200, conflicts, isCold } = operation;
  const sent = await operation.prepare(directory);
  if (isCold) service.forget();
  return meter.measure(async () => {
    const answer = await directory.send(sent);
    if (answer.status !== status)
      throw new Error(
        `${operation.title} was answered ${answer.status}: ${JSON.stringify(answer.body)}`,
      );
  }, conflicts);
}

async function measureBytes(
  { addUser, addGroup, fill }: Directory,
  bytesNow: () => Promise<number>,
): Promise<StoredBytes> {
  const added = async <T>(work: () => Promise<T>) => {
    const before = await bytesNow();
    const made = await work();
    return { made, bytes: (await bytesNow()) - before };
  };
  const user = await added(() => addUser());
  const group = await added(() => addGroup());
  const membership = await added(() => fill(group.made.id, 1));
  return { user: user.bytes, group: group.bytes, membership: membership.bytes };
}
