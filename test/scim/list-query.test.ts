import { describe, expect, test } from "@jest/globals";
import { type ListQuery, readListQuery, readSearchRequest } from "../../lambdas/scim/list-query.ts";
import { searchRequestUrn } from "../../lambdas/scim/urns.ts";

/** By URL and by body a query means the same. */
const ways: readonly [string, (given: Readonly<Record<string, string>>) => ListQuery][] = [
  [
    "a URL",
    (given) =>
      readListQuery(
        new Map(Object.entries(given).map(([name, value]) => [name.toLowerCase(), value])),
      ),
  ],
  ["a body", (given) => readSearchRequest({ schemas: [searchRequestUrn], ...given })],
];

describe.each(ways)("in %s", (_, read) => {
  test.each([
    [{}, { startIndex: 1, count: 100, sortOrder: "ascending" }],
    [{}, { cursor: undefined, sortBy: undefined, filter: undefined, attributes: undefined }],
    [{ startIndex: "0" }, { startIndex: 1 }],
    [{ startIndex: "-7" }, { startIndex: 1 }],
    [{ startIndex: "+7" }, { startIndex: 7 }],
    [{ startIndex: "" }, { startIndex: 1 }],
    [{ count: "0" }, { count: 0 }],
    [{ count: "-1" }, { count: 0 }],
    [{ count: "200" }, { count: 200 }],
    [{ count: "201" }, { count: 200 }],
    [{ cursor: "" }, { cursor: "", count: 100 }],
    [{ cursor: " " }, { cursor: "" }],
    [
      { cursor: "abc", count: "5" },
      { cursor: "abc", count: 5 },
    ],
    [
      { cursor: "", count: "0" },
      { cursor: "", count: 0 },
    ],
    [{ cursor: "", count: "-1" }, { count: 0 }],
    [{ cursor: "", count: "999" }, { count: 200 }],
    [{ cursor: "", startIndex: "" }, { cursor: "" }],
    [{ sortBy: " userName " }, { sortBy: "userName", sortOrder: "ascending" }],
    [{ sortBy: "" }, { sortBy: undefined }],
    [{ sortOrder: "DESCending" }, { sortOrder: "descending" }],
    [{ sortOrder: "" }, { sortOrder: "ascending" }],
    [
      { SORTBY: "x", SortORDER: "descending" },
      { sortBy: "x", sortOrder: "descending" },
    ],
    [
      { ATTRIBUTES: "a,b", excludedattributes: "c" },
      { attributes: "a,b", excludedAttributes: "c" },
    ],
    [{ aadOptscim062020: "", somethingElse: "x" }, { count: 100 }],
  ] satisfies [Record<string, string>, Partial<ListQuery>][])("%j means %j", (given, meant) => {
    expect(read(given)).toMatchObject(meant);
  });

  test.each([
    [{ startIndex: "one" }, "invalidValue", "startIndex"],
    [{ startIndex: "1.5" }, "invalidValue", "startIndex"],
    [{ startIndex: "1e3" }, "invalidValue", "startIndex"],
    [{ startIndex: "9".repeat(16) }, "invalidValue", "startIndex"],
    [{ count: "many" }, "invalidValue", "count"],
    [{ count: "many", cursor: "" }, "invalidCount", "count"],
    [{ startIndex: "1", cursor: "" }, "invalidValue", "startIndex and cursor"],
    [{ startIndex: "1", cursor: "abc" }, "invalidValue", "startIndex and cursor"],
    [{ sortOrder: "upwards" }, "invalidValue", "sortOrder"],
    [{ sortOrder: "asc" }, "invalidValue", "sortOrder"],
    [{ filter: "" }, "invalidFilter", "filter"],
    [{ filter: "  " }, "invalidFilter", "filter"],
  ])("%j is refused as %s, which names %s", (given, scimType, name) => {
    const detail = expect.stringContaining(name);
    expect(() => read(given)).toThrow(expect.objectContaining({ status: 400, scimType, detail }));
  });
});

test.each([
  [
    { count: 5, startIndex: 3 },
    { count: 5, startIndex: 3 },
  ],
  [{ attributes: ["a", "b"] }, { attributes: "a,b" }],
  [{ attributes: [] }, { attributes: undefined }],
  [
    { count: null, sortBy: null, cursor: null, filter: null },
    { count: 100, cursor: undefined },
  ],
  [{ EXCLUDEDATTRIBUTES: ["a"] }, { excludedAttributes: "a" }],
  [{ constructor: 1, toString: 2 }, { count: 100 }],
])("a search's body may hold %j", (body, meant) => {
  expect(readSearchRequest({ schemas: [searchRequestUrn], ...body })).toMatchObject(meant);
});

test.each([
  [{ filter: 5 }, "invalidValue", "filter must be a string"],
  [{ filter: ["x"] }, "invalidValue", "filter must be a string"],
  [{ sortBy: {} }, "invalidValue", "sortBy must be a string"],
  [{ SORTORDER: true }, "invalidValue", "sortOrder must be a string"],
  [{ cursor: 1 }, "invalidValue", "cursor must be a string"],
  [{ count: true }, "invalidValue", "count must be an integer"],
  [{ count: 1.5 }, "invalidValue", "count must be an integer"],
  [{ count: 1e300 }, "invalidValue", "count must be an integer"],
  [{ startIndex: [1] }, "invalidValue", "startIndex must be an integer"],
  [{ attributes: [1] }, "invalidValue", "attributes must be a list"],
  [{ excludedAttributes: { a: 1 } }, "invalidValue", "excludedAttributes must be a list"],
  [{ count: 1, COUNT: 2 }, "invalidSyntax", "count is given twice"],
])("a search's body with %j is refused as %s: %s", (body, scimType, detail) => {
  expect(() => readSearchRequest({ schemas: [searchRequestUrn], ...body })).toThrow(
    expect.objectContaining({ scimType, detail: expect.stringContaining(detail) }),
  );
});

test.each([undefined, null, 1, "x", [], {}, { schemas: searchRequestUrn }, { schemas: ["x"] }])(
  "a search without its schema, such as %j, is refused",
  (body) => {
    expect(() => readSearchRequest(body)).toThrow(
      expect.objectContaining({ scimType: "invalidSyntax" }),
    );
  },
);
