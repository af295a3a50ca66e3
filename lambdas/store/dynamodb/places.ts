import { QueryCommand } from "@aws-sdk/lib-dynamodb";
import { tooMany } from "../../scim/errors.ts";
import type { Stored } from "../../scim/stored.ts";
import type { Reading } from "../store.ts";
import { type Place, placeOf, rankAndId } from "./bookmark.ts";
import type { List } from "./bookmarks.ts";
import { readStored } from "./items.ts";
import { type Kind, resourcesPartition } from "./keys.ts";
import { queryPages, rangeOf } from "./read.ts";
import type { Table } from "./table.ts";

/**
 * 1 MB at a time, so that 100,000 resources of 2 KB can be counted. DynamoDB reads 12 MB a second
 * of one partition for certain, which makes this 17 s, of the 28 that a function has.
 */
const mostReads = 200;

/**
 * The place behind so many more.
 * @throws ScimError 400 `tooMany`
 */
export async function passOver(
  list: List,
  startIndex: number,
  { place: from, skip }: { readonly place: Place; readonly skip: number },
): Promise<Place> {
  let place = from;
  let left = skip;
  for (let reads = 0; left > 0; reads++) {
    const kind = list.kinds[rankAndId(place).rank];
    if (!kind) break;
    if (reads === mostReads) throw tooFar(startIndex);
    const { count, end } = await countBehind(list, kind, { place, most: left });
    left -= count;
    place = end;
  }
  return place;
}

/** More than 1 MB holds. */
const mostCounted = 5000;

const tooFar = (startIndex: number) =>
  tooMany(
    `startIndex ${startIndex} lies too far behind any page that was asked for; walk there from 1 with the same count, or page by cursor.`,
  );

/** Counts up to so many of the kind at the place; nothing of them is sent. */
async function countBehind(
  { table, tenant }: List,
  kind: Kind,
  { place, most }: { readonly place: Place; readonly most: number },
) {
  const { rank, id } = rankAndId(place);
  const pk = resourcesPartition(tenant, kind);
  const answer = await table.db.send(
    new QueryCommand({
      TableName: table.name,
      ConsistentRead: true,
      Select: "COUNT",
      ...rangeOf(pk, {
        beginsWith: `${kind}#`,
        after: id === "" ? undefined : `${kind}#${id}`,
      }),
      Limit: Math.min(most, mostCounted),
    }),
  );
  const last = answer.LastEvaluatedKey?.sk;
  const end = last ? placeOf(rank, String(last).slice(kind.length + 1)) : placeOf(rank + 1, "");
  return { count: answer.Count ?? 0, end };
}

/** A resource and where it stands in the list. */
export interface Placed {
  readonly rank: number;
  readonly place: Place;
  readonly stored: Stored;
}

/** What lies behind a place, kind after kind; `most` of it will be taken. */
export async function* readFrom(
  { table, tenant, kinds }: List,
  place: Place,
  most: number,
): AsyncGenerator<Placed> {
  const { rank: first, id: from } = rankAndId(place);
  let left = most;
  for (const [rank, kind] of kinds.entries()) {
    if (rank < first) continue;
    const after = rank === first && from !== "" ? from : undefined;
    for await (const stored of readAll(table, tenant, kind, { after, most: left })) {
      left--;
      yield { rank, place: placeOf(rank, stored.id), stored };
    }
  }
}

/** A query reads 1 MB at most, whatever its limit. */
const largestLimit = 1000;

/** The users or groups of a tenant, or a part of them, in the order of their ids. */
export async function* readAll(
  table: Table,
  tenant: string,
  kind: Kind,
  { after, backward = false, most = largestLimit }: Reading = {},
): AsyncGenerator<Stored> {
  const beginsWith = `${kind}#`;
  const options = {
    beginsWith,
    limit: Math.min(most, largestLimit),
    after: after === undefined ? undefined : `${beginsWith}${after}`,
    backward,
  };
  for await (const page of queryPages(table, resourcesPartition(tenant, kind), options))
    for (const item of page) yield readStored(item);
}
