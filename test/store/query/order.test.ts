import { expect, test } from "@jest/globals";
import type { Place } from "../../../lambdas/scim/cursor.ts";
import { readListQuery } from "../../../lambdas/scim/list-query.ts";
import { inOrder } from "../../../lambdas/store/query/order.ts";

const place = (text: string): Place => {
  const [type = "", id = "", key = null] = text.split(" ");
  return { type, id, key };
};

test.each([
  ["type after type", "", ["User 1", "User 2", "Group 0", "Group 3"]],
  ["sorted, whatever the types", "title", ["Group 3 a", "User 2 b", "Group 1 c", "User 0 d"]],
  ["sorted, by id where keys are the same", "title", ["User 1 a", "Group 2 a", "User 3 a"]],
  ["sorted, even if two types share an id", "title", ["User 1 a", "Group 1 a", "User 2 a"]],
])("a list is %s", (_, sortBy, expected) => {
  const query = readListQuery(new Map([["sortby", sortBy]]));
  const order = inOrder([{ name: "User" }, { name: "Group" }], query);
  const places = expected.map(place);
  expect(places.toReversed().toSorted(order)).toEqual(places);
});
