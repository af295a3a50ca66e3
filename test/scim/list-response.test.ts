import { expect, test } from "@jest/globals";
import { listResponse, pageResponse } from "../../lambdas/scim/list-response.ts";
import { listResponseUrn } from "../../lambdas/scim/urns.ts";

test("a page by index tells where it begins and how many there are in all", () => {
  expect(listResponse([{ id: "a" }], 7, 3)).toEqual({
    schemas: [listResponseUrn],
    totalResults: 7,
    startIndex: 3,
    itemsPerPage: 1,
    Resources: [{ id: "a" }],
  });
});

test("a page by cursor tells how to go on, and no total where it is not known", () => {
  const page = { resources: [], nextCursor: "n", previousCursor: "p", totalResults: undefined };
  expect(pageResponse(page)).toStrictEqual({
    schemas: [listResponseUrn],
    itemsPerPage: 0,
    previousCursor: "p",
    nextCursor: "n",
    Resources: [],
  });
});
