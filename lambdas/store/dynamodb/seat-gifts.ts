import { isActive } from "../../scim/active.ts";
import type { JsonObject } from "../../scim/json.ts";
import { type Key, keyOf, resourcesPartition } from "./keys.ts";
import { getItems, queryPages } from "./read.ts";
import { countTaken } from "./seat-moves.ts";
import type { Table } from "./table.ts";
import { backOff, Refused, transact, type Write } from "./transact.ts";

type Item = Readonly<Record<string, unknown>>;

/** An active user that has no seat. */
export interface Unseated {
  readonly key: Key;
  readonly version: unknown;
}

const mostInPage = 500;

/** What is read of a user to give it a seat. */
const seen = {
  only: "pk, sk, #version, seat, #resource.#active",
  names: { "#version": "version", "#resource": "resource", "#active": "active" },
};

/** The users without a seat, page by page of all users, each with the place where it ends. */
export async function* unseatedUsers(
  table: Table,
  tenant: string,
  after: string | undefined,
): AsyncGenerator<{ readonly users: readonly Unseated[]; readonly end: string | undefined }> {
  const partition = resourcesPartition(tenant, "USER");
  for await (const page of queryPages(table, partition, { ...seen, after, limit: mostInPage })) {
    const sk = page.at(-1)?.sk;
    yield { users: page.flatMap(readUnseated), end: typeof sk === "string" ? sk : undefined };
  }
}

function readUnseated(item: Item): readonly Unseated[] {
  const { version, seat, resource = {} } = item;
  // Only `toItem` writes items under a user's key.
  if (seat !== undefined || !isActive(resource as JsonObject)) return [];
  return [{ key: keyOf(item), version }];
}

/** Users of 200 KB each still fit into the 4 MB of a transaction. */
export const mostGivenAtOnce = 18;

const attempts = 10;

/**
 * Gives each of these users a seat, past the limit too, unless it has one meanwhile or is active no
 * more. Answers false where they change too fast.
 */
export async function giveSeats(
  table: Table,
  tenant: string,
  users: readonly Unseated[],
): Promise<boolean> {
  let left = users;
  for (let attempt = 0; attempt < attempts && left.length > 0; attempt++) {
    if (attempt > 0) await backOff(table, attempt);
    const gifts = left.map((user) => ({ user, write: giveSeat(table, user) }));
    const writes = gifts.map(({ write }) => write);
    try {
      await transact(table, [countTaken(table, tenant, gifts.length), ...writes]);
      return true;
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      const isRefused = ({ write }: (typeof gifts)[number]) => error.refused.has(write);
      const changed = gifts.filter(isRefused).map(({ user }) => user.key);
      const again = await getItems(table, changed, { ...seen, consistent: true });
      const others = gifts.filter((gift) => !isRefused(gift)).map(({ user }) => user);
      left = [...others, ...again.flatMap(readUnseated)];
    }
  }
  return left.length === 0;
}

/** Clients see nothing of it, so the version stays; whoever writes the user holds on to what it read of the seat. */
const giveSeat = (table: Table, { key, version }: Unseated): Write => ({
  Update: {
    TableName: table.name,
    Key: key,
    UpdateExpression: "SET seat = :yes",
    ConditionExpression: "#version = :version AND attribute_not_exists(seat)",
    ExpressionAttributeNames: { "#version": "version" },
    ExpressionAttributeValues: { ":version": version, ":yes": true },
  },
});
