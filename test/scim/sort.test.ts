import { expect, test } from "@jest/globals";
import * as fc from "fast-check";
import type { Json, JsonObject } from "../../lambdas/scim/json.ts";
import { userType } from "../../lambdas/scim/resource-types.ts";
import type { ResourceType } from "../../lambdas/scim/schema.ts";
import { attribute } from "../../lambdas/scim/schemas/define.ts";
import {
  compareSorted,
  type SortKey,
  type SortOrder,
  sortKeyReader,
} from "../../lambdas/scim/sort.ts";
import { enterpriseUserUrn, userUrn } from "../../lambdas/scim/urns.ts";

/** Users with an attribute of each type that the standard schemas do not use. */
const type: ResourceType = {
  ...userType,
  extensions: [
    ...userType.extensions,
    {
      required: false,
      schema: {
        id: "urn:example:2.0:More",
        name: "More",
        description: "More",
        attributes: [
          attribute("level", "A number.", { type: "integer" }),
          attribute("share", "A number.", { type: "decimal" }),
          attribute("code", "Exact text.", { caseExact: true }),
          attribute("secret", "Never shown.", { returned: "never" }),
          attribute("since", "A time.", { type: "dateTime" }),
          attribute("tags", "Texts.", { multiValued: true }),
        ],
      },
    },
  ],
};

const more = (values: JsonObject): JsonObject => ({ "urn:example:2.0:More": values });

function sorted(sortBy: string, resources: readonly JsonObject[], order: SortOrder = "ascending") {
  const keyOf = sortKeyReader(sortBy, type);
  return resources
    .map((resource, at) => ({
      key: keyOf?.(resource) ?? null,
      id: String(at).padStart(6, "0"),
      at,
    }))
    .toSorted((one, other) => compareSorted(one, other, order))
    .map(({ at }) => at);
}

const emails = (...values: readonly [string, boolean?][]): JsonObject => ({
  emails: values.map(([value, primary = false]) => ({ value, primary })),
});

test.each<[string, string, readonly JsonObject[], readonly number[]]>([
  ["text", "userName", [{ userName: "b" }, { userName: "a" }], [1, 0]],
  [
    "text without case",
    "userName",
    [{ userName: "B" }, { userName: "a" }, { userName: "C" }],
    [1, 0, 2],
  ],
  [
    "exact text by case",
    `${"urn:example:2.0:More"}:code`,
    [more({ code: "a" }), more({ code: "B" })],
    [1, 0],
  ],
  ["accents in either form alike", "title", [{ title: "É2" }, { title: "e\u03011" }], [1, 0]],
  [
    "numbers as numbers",
    "urn:example:2.0:More:level",
    [more({ level: 10 }), more({ level: 9 }), more({ level: -1 })],
    [2, 1, 0],
  ],
  [
    "decimals as numbers",
    "urn:example:2.0:More:share",
    [more({ share: 0.5 }), more({ share: 0.25 })],
    [1, 0],
  ],
  ["false before true", "active", [{ active: true }, { active: false }], [1, 0]],
  [
    "times as instants",
    "urn:example:2.0:More:since",
    [more({ since: "2026-01-01T12:00:00Z" }), more({ since: "2026-01-01T12:00:00+02:00" })],
    [1, 0],
  ],
  [
    "meta's times",
    "meta.created",
    [
      { meta: { created: "2026-01-02T00:00:00Z" } },
      { meta: { created: "2026-01-01T23:59:59.9Z" } },
    ],
    [1, 0],
  ],
  [
    "a sub-attribute",
    "name.familyName",
    [{ name: { familyName: "z" } }, { name: { familyName: "y" } }],
    [1, 0],
  ],
  ["by the primary value", "emails.value", [emails(["a"], ["z", true]), emails(["b"])], [1, 0]],
  [
    "by the first value without a primary",
    "emails.value",
    [emails(["m"], ["a"]), emails(["b"], ["z"])],
    [1, 0],
  ],
  ["a complex attribute by its value", "emails", [emails(["m"]), emails(["b"])], [1, 0]],
  [
    "a list of texts by its first",
    "urn:example:2.0:More:tags",
    [more({ tags: ["m", "a"] }), more({ tags: ["b"] })],
    [1, 0],
  ],
  [
    "an extension's attribute",
    `${enterpriseUserUrn}:department`,
    [{ [enterpriseUserUrn]: { department: "b" } }, { [enterpriseUserUrn]: { department: "a" } }],
    [1, 0],
  ],
  [
    "an extension's complex attribute",
    `${enterpriseUserUrn}:manager`,
    [
      { [enterpriseUserUrn]: { manager: { value: "b" } } },
      { [enterpriseUserUrn]: { manager: { value: "a" } } },
    ],
    [1, 0],
  ],
  [
    "an attribute with its schema's URN",
    `${userUrn}:UserName`,
    [{ userName: "b" }, { userName: "a" }],
    [1, 0],
  ],
  [
    "what has no value last",
    "title",
    [{}, { title: "b" }, { title: null }, { title: "a" }],
    [3, 1, 0, 2],
  ],
  ["what an empty list has last", "emails", [{ emails: [] }, emails(["b"])], [1, 0]],
  ["what is the same by id", "title", [{ title: "a" }, { title: "A" }, { title: "a" }], [0, 1, 2]],
])("a list is sorted: %s", (_, sortBy, resources, order) => {
  expect(sorted(sortBy, resources)).toEqual(order);
});

test("descending, what has no value comes first, and what is the same stays in the order of the ids", () => {
  const resources = [{ title: "a" }, {}, { title: "b" }, { title: "B" }, {}];
  expect(sorted("title", resources, "descending")).toEqual([1, 4, 2, 3, 0]);
});

test.each([
  ["favouriteColour", undefined],
  ["name.nothing", undefined],
  ["urn:example:unknown:title", undefined],
])("%s names nothing to sort by", (sortBy, expected) => {
  expect(sortKeyReader(sortBy, type)).toBe(expected);
});

test.each(["name", "meta", enterpriseUserUrn, "password", "urn:example:2.0:More:secret"])(
  "to sort by %s is refused",
  (sortBy) => {
    expect(() => sortKeyReader(sortBy, type)).toThrow(
      expect.objectContaining({
        status: 400,
        scimType: "invalidValue",
        detail: expect.stringContaining(sortBy),
      }),
    );
  },
);

test("a key is of a length that a cursor can hold, and long text is still in its order", () => {
  const long = (end: string) => ({ title: `${"x".repeat(150)}${end}${"y".repeat(100_000)}` });
  expect(sorted("title", [long("b"), long("a")])).toEqual([1, 0]);
  expect(String(sortKeyReader("title", type)?.(long("a")))).toHaveLength(200);
});

const anyTitle: fc.Arbitrary<Json> = fc.oneof(fc.constant(null), fc.string({ maxLength: 3 }));

test("sorting loses nobody, is the same from whatever order it starts, and agrees with a plain comparison", () => {
  fc.assert(
    fc.property(fc.array(anyTitle, { maxLength: 20 }), fc.boolean(), (titles, ascending) => {
      const order = ascending ? "ascending" : "descending";
      const keyOf = sortKeyReader("title", type);
      const all = titles.map((title, at) => ({
        key: keyOf?.(title === null ? {} : { title }) ?? null,
        id: String(at).padStart(3, "0"),
      }));
      const compare = (one: (typeof all)[number], other: (typeof all)[number]) =>
        compareSorted(one, other, order);
      const list = all.toSorted(compare);
      expect(list.map(({ id }) => id).toSorted()).toEqual(all.map(({ id }) => id));
      expect(all.toReversed().toSorted(compare)).toEqual(list);
      for (const [at, one] of list.entries()) {
        const next = list[at + 1];
        if (next) expect(isInOrder(one.key, next.key, ascending)).toBe(true);
      }
    }),
  );
});

function isInOrder(one: SortKey, next: SortKey, ascending: boolean): boolean {
  const [low, high] = ascending ? [one, next] : [next, one];
  if (low === null) return high === null;
  return high === null || low <= high;
}
