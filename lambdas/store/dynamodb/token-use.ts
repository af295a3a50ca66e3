import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import { UpdateCommand } from "@aws-sdk/lib-dynamodb";
import type { TokenUse, TokenUseReader, TokenUseStore } from "../../auth/token-use.ts";
import { tokenUseKey, tokenUsePartition } from "./keys.ts";
import { queryPages } from "./read.ts";
import { formatVersion, type Table } from "./table.ts";

type Where = Pick<Table, "db" | "name">;

/** The times that are kept, each of which only a later one takes the place of. */
const times = ["usedAt", "succeededAt", "failedAt"] as const;

/** Of a token that nobody has used for so long nothing is kept. */
const keptSeconds = 2 * 365 * 24 * 60 * 60;

/** Where the use of tokens is kept: one item a token, beside what it is used on. */
export function tokenUses(table: Where): TokenUseStore & TokenUseReader {
  return {
    keep: async (tenant, tokenId, use, signal) => {
      const kept = await write(table, tokenUseKey(tenant, tokenId), use, signal);
      // Another instance has noted something later; the rest may still be news.
      if (kept) await write(table, tokenUseKey(tenant, tokenId), laterThan(kept, use), signal);
    },
    list: async (tenant) => {
      const found = new Map<string, TokenUse>();
      for await (const page of queryPages(table, tokenUsePartition(tenant)))
        for (const { sk, ...item } of page)
          found.set(String(sk).slice("TOKEN#".length), readUse(item));
      return found;
    },
  };
}

/** Gives the times that are kept where one of them is not older. */
async function write(
  { db, name }: Where,
  Key: ReturnType<typeof tokenUseKey>,
  use: TokenUse,
  signal: AbortSignal,
): Promise<TokenUse | undefined> {
  const given = times.filter((time) => use[time] !== undefined);
  const latest = given
    .flatMap((time) => use[time] ?? [])
    .toSorted()
    .at(-1);
  if (latest === undefined) return undefined;
  const values = {
    v: formatVersion,
    expiresAt: Math.ceil(Date.parse(latest) / 1000) + keptSeconds,
    ...Object.fromEntries(given.map((time) => [time, use[time]])),
    ...(use.failedAt !== undefined && { failure: use.failure }),
  };
  const update = new UpdateCommand({
    TableName: name,
    Key,
    UpdateExpression: `SET ${Object.keys(values)
      .map((field) => `${field} = :${field}`)
      .join(", ")}`,
    ConditionExpression: given
      .map((time) => `(attribute_not_exists(${time}) OR ${time} < :${time})`)
      .join(" AND "),
    ExpressionAttributeValues: Object.fromEntries(
      Object.entries(values).map(([field, value]) => [`:${field}`, value]),
    ),
    ReturnValuesOnConditionCheckFailure: "ALL_OLD",
  });
  return db.send(update, { abortSignal: signal }).then(() => undefined, readKept);
}

function readKept(error: unknown): TokenUse {
  if (!(error instanceof ConditionalCheckFailedException)) throw error;
  const kept = times.map((time) => [time, error.Item?.[time]?.S] as const);
  return Object.fromEntries(kept.filter(([, at]) => at !== undefined));
}

/** What of `use` is later than what is kept; all times have one form. */
function laterThan(kept: TokenUse, use: TokenUse): TokenUse {
  const later = times.filter((time) => (use[time] ?? "") > (kept[time] ?? ""));
  return { ...Object.fromEntries(later.map((time) => [time, use[time]])), failure: use.failure };
}

/** Only `write` writes items under such a key. */
const readUse = ({ usedAt, succeededAt, failedAt, failure }: TokenUse): TokenUse => ({
  usedAt,
  succeededAt,
  failedAt,
  failure,
});
