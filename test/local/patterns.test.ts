import { expect, test } from "@jest/globals";
import type { Json, JsonObject } from "../../local/json.ts";
import { readFilters, readPattern } from "../../local/template/patterns.ts";

const record: JsonObject = {
  eventName: "INSERT",
  dynamodb: { Keys: { pk: { S: "T#a#GROUP#1" }, sk: { S: "CHANGE#000000000001" } }, SizeBytes: 40 },
};

test.each<{ pattern: Json; fits: boolean; because: string }>([
  { pattern: { eventName: ["INSERT"] }, fits: true, because: "the value is the one" },
  { pattern: { eventName: ["REMOVE"] }, fits: false, because: "it is another" },
  { pattern: { eventName: ["REMOVE", "INSERT"] }, fits: true, because: "one of several is enough" },
  { pattern: { eventName: ["insert"] }, fits: false, because: "case counts" },
  {
    pattern: { eventName: ["INSERT"], dynamodb: { Keys: { sk: { S: [{ prefix: "CHANGE#" }] } } } },
    fits: true,
    because: "every field fits",
  },
  {
    pattern: { eventName: ["INSERT"], dynamodb: { Keys: { sk: { S: [{ prefix: "MEMBER#" }] } } } },
    fits: false,
    because: "one field does not fit",
  },
  {
    pattern: { dynamodb: { Keys: { sk: { S: [{ prefix: "HANGE" }] } } } },
    fits: false,
    because: "a prefix is at the beginning",
  },
  {
    pattern: { dynamodb: { Keys: { sk: { S: ["x", { prefix: "CHANGE#" }] } } } },
    fits: true,
    because: "values and prefixes may stand together",
  },
  { pattern: { dynamodb: { SizeBytes: [40] } }, fits: true, because: "numbers are values" },
  { pattern: { dynamodb: { SizeBytes: ["40"] } }, fits: false, because: "a text is no number" },
  {
    pattern: { dynamodb: { SizeBytes: [{ prefix: "4" }] } },
    fits: false,
    because: "nor a number one",
  },
  {
    pattern: { nothing: { there: ["x"] } },
    fits: false,
    because: "what is not there fits nothing",
  },
  { pattern: { eventName: { S: ["INSERT"] } }, fits: false, because: "a text has no fields" },
])("$pattern: $fits, since $because", ({ pattern, fits }) => {
  expect(readPattern(pattern)(record)).toBe(fits);
});

test.each<[Json, string]>([
  [{ eventName: [{ "anything-but": ["REMOVE"] }] }, "does not know anything-but"],
  [{ eventName: [{ suffix: "T" }] }, "does not know suffix"],
  [{ eventName: [{ exists: true }] }, "does not know exists"],
  [{ eventName: [{ prefix: "I", suffix: "T" }] }, "does not know suffix"],
  [{ eventName: [{ prefix: { "equals-ignore-case": "i" } }] }, "a prefix that is no text"],
  [{ $or: [{ eventName: ["INSERT"] }] }, "does not know eventName"],
  [{ eventName: [] }, '"eventName" needs an object or a list'],
  [{ eventName: "INSERT" }, '"eventName" needs an object or a list'],
  [["INSERT"], "should be an object"],
])("%j is refused rather than guessed", (pattern, says) => {
  expect(() => readPattern(pattern)).toThrow(says);
});

test("a record is of interest if one of the filters says so, and without filters always", () => {
  const filter = (...names: string[]) => ({
    Filters: names.map((name) => ({ Pattern: JSON.stringify({ eventName: [name] }) })),
  });
  expect(readFilters(filter("REMOVE", "INSERT"))(record)).toBe(true);
  expect(readFilters(filter("REMOVE"))(record)).toBe(false);
  expect(readFilters(undefined)(record)).toBe(true);
});
