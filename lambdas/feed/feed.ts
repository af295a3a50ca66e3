import type { DynamoDBBatchResponse } from "aws-lambda";
import * as z from "zod/mini";

/** A group with a change that waits to be carried into its memberships. */
export interface WaitingGroup {
  readonly tenant: string;
  readonly groupId: string;
}

/** What a batch of the table's stream asks for. */
export interface Work {
  /** Each once, in the order of the stream. */
  readonly groups: readonly WaitingGroup[];
  /** The sequence numbers of the records that are not of our form. */
  readonly unreadable: readonly string[];
}

export interface FeedParts {
  /** Has the worker begin with a group, and does not wait for it. */
  readonly wake: (group: WaitingGroup) => Promise<unknown>;
  readonly report: (error: unknown) => void;
}

/**
 * Wakes the worker for what a batch of the stream tells of, and names the records that it cannot
 * read. A worker that could not be woken is no fault of a record: its scheduled run finds the work.
 */
export const tableFeed =
  ({ wake, report }: FeedParts) =>
  async (event: unknown): Promise<DynamoDBBatchResponse> => {
    const { groups, unreadable } = readWork(event);

    const wakings = await Promise.allSettled(groups.map((group) => wake(group)));
    for (const waking of wakings) if (waking.status === "rejected") report(waking.reason);

    return { batchItemFailures: unreadable.map((itemIdentifier) => ({ itemIdentifier })) };
  };

/** @throws where a record has not even the sequence number by which it would be named. */
export function readWork(event: unknown): Work {
  const { Records: records } = batchShape.parse(event);
  const groups = new Map<string, WaitingGroup>();
  const unreadable: string[] = [];
  for (const record of records) {
    const inserted = insertShape.safeParse(record);
    const key = inserted.success ? inserted.data.dynamodb.Keys : undefined;
    // What is changed or removed, and what lies under other keys, is no new work.
    if (record.eventName !== "INSERT" || (key && !key.sk.S.startsWith("CHANGE#"))) continue;

    // A request that has just committed its change carries it over itself.
    if (inserted.data?.dynamodb.NewImage?.byRequest?.BOOL) continue;

    const group = key && groupOf(key.pk.S);
    if (group) groups.set(key.pk.S, group);
    else unreadable.push(record.dynamodb.SequenceNumber);
  }
  return { groups: [...groups.values()], unreadable };
}

const batchShape = z.object({
  Records: z.array(
    z.looseObject({
      eventName: z.string(),
      dynamodb: z.looseObject({ SequenceNumber: z.string().check(z.minLength(1)) }),
    }),
  ),
});

const text = z.object({ S: z.string() });
const insertShape = z.object({
  dynamodb: z.object({
    Keys: z.object({ pk: text, sk: text }),
    NewImage: z.optional(z.object({ byRequest: z.optional(z.object({ BOOL: z.boolean() })) })),
  }),
});

/** The partition of a group's members and of its changes under way: `T#<tenant>#GROUP#<id>`. */
const partition =
  /^T#(?<tenant>[a-z0-9-]{1,63})#GROUP#(?<groupId>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

function groupOf(pk: string): WaitingGroup | undefined {
  const { tenant, groupId } = partition.exec(pk)?.groups ?? {};
  return tenant === undefined || groupId === undefined ? undefined : { tenant, groupId };
}
