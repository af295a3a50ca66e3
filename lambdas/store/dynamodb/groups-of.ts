import { QueryCommand } from "@aws-sdk/lib-dynamodb";
import { isObject, type Json } from "../../scim/json.ts";
import type { GroupOfMember } from "../store.ts";
import { textOf } from "./indexing.ts";
import { isId, memberIndexKey, resourceKey } from "./keys.ts";
import { getItems, inTurns } from "./read.ts";
import type { Table } from "./table.ts";

/** Small queries with small answers: with more at once the time goes into sending them, not into waiting. */
const queriesAtOnce = 50;

/**
 * The groups that each of `ids` is in, by an index that follows the memberships within moments.
 * Names are read from the groups, so that none is old and a deleted group is not among them.
 */
export async function groupsOf(
  table: Table,
  tenant: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, readonly GroupOfMember[]>> {
  const asked = ids.filter(isId);
  const found = await inTurns(asked, (id) => groupIdsOf(table, tenant, id), queriesAtOnce);
  const names = await namesOf(table, tenant, new Set(found.flat()));
  const named = found.map((groups) => groups.flatMap((id) => oneOf(id, names.get(id))));
  return new Map(asked.flatMap((id, at) => (named[at]?.length ? [[id, named[at]]] : [])));
}

const oneOf = (id: string, displayName: string | undefined): readonly GroupOfMember[] =>
  displayName === undefined ? [] : [{ id, displayName }];

/** The ids of the groups that `id` is in, by the index. */
export async function groupIdsOf(
  table: Table,
  tenant: string,
  id: string,
): Promise<readonly string[]> {
  const { gsi1pk } = memberIndexKey(tenant, "", id);
  const ids: string[] = [];
  let after: Record<string, unknown> | undefined;
  do {
    const page = await table.db.send(
      new QueryCommand({
        TableName: table.name,
        IndexName: "gsi1",
        KeyConditionExpression: "gsi1pk = :pk",
        ExpressionAttributeValues: { ":pk": gsi1pk },
        ExclusiveStartKey: after,
      }),
    );
    for (const { gsi1sk } of page.Items ?? []) ids.push(String(gsi1sk).slice("GROUP#".length));
    after = page.LastEvaluatedKey;
  } while (after);
  return ids;
}

async function namesOf(table: Table, tenant: string, ids: ReadonlySet<string>) {
  return displayNames(
    table,
    [...ids].map((id) => resourceKey(tenant, "GROUP", id)),
  );
}

/** By what people know the users and groups of these keys: the displayName, or a user's userName where it has none. */
export async function displayNames(
  table: Table,
  keys: Parameters<typeof getItems>[1],
): Promise<ReadonlyMap<string, string>> {
  const items = await getItems(table, keys, {
    consistent: false,
    only: "sk, #resource.displayName, #resource.userName",
    names: { "#resource": "resource" },
  });
  return new Map(
    items.flatMap(({ sk, resource }): readonly (readonly [string, string])[] => {
      // Only `toItem` writes items under such a key.
      const held = resource as Json | undefined;
      const name = isObject(held) ? textOf(held, "displayName") || textOf(held, "userName") : "";
      return name === "" ? [] : [[String(sk).slice(String(sk).indexOf("#") + 1), name]];
    }),
  );
}
