import { expect, test } from "@jest/globals";
import * as fc from "fast-check";
import {
  type Cursor,
  cursorTimeoutSeconds,
  printCursor,
  readCursor,
} from "../../lambdas/scim/cursor.ts";

const now = new Date("2026-06-01T08:00:00Z");
const later = (seconds: number) => new Date(now.getTime() + seconds * 1000);

const anyCursor: fc.Arbitrary<Cursor> = fc.record({
  direction: fc.constantFrom("forward" as const, "backward" as const),
  from: fc.option(
    fc.record({
      type: fc.string({ maxLength: 30 }),
      id: fc.uuid(),
      key: fc.oneof(
        fc.constant(null),
        fc.integer(),
        fc.string({ unit: "binary", maxLength: 200 }),
        fc.constant("\ud800"),
      ),
    }),
    { nil: undefined },
  ),
});

const refusal = (scimType: string) => expect.objectContaining({ status: 400, scimType });

test("a cursor is read as it was written, and is safe in a URL", () => {
  fc.assert(
    fc.property(anyCursor, fc.string(), (cursor, query) => {
      const text = printCursor(cursor, query, now);
      expect(text).toMatch(/^[\w.~-]{1,4000}$/);
      expect(readCursor(text, query, later(cursorTimeoutSeconds))).toEqual(cursor);
    }),
  );
});

test("a cursor in which one character is another is refused", () => {
  fc.assert(
    fc.property(anyCursor, fc.nat(), fc.nat(63), (cursor, place, digit) => {
      const text = printCursor(cursor, "query", now);
      const at = place % text.length;
      const other = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".charAt(
        digit,
      );
      fc.pre(text.charAt(at) !== other);
      const changed = text.slice(0, at) + other + text.slice(at + 1);
      expect(() => readCursor(changed, "query", now)).toThrow(refusal("invalidCursor"));
    }),
  );
});

test("any other text is no cursor", () => {
  const anyText = fc.oneof(fc.string(), fc.base64String(), fc.string({ unit: "binary" }));
  fc.assert(
    fc.property(anyText, (text) => {
      expect(() => readCursor(text, "query", now)).toThrow(refusal("invalidCursor"));
    }),
  );
});

const some: Cursor = { direction: "forward", from: { type: "User", id: "a-1", key: "k" } };

test.each([
  ["of another query", printCursor(some, "other", now)],
  ["cut short", printCursor(some, "query", now).slice(0, -1)],
  ["with something behind it", `${printCursor(some, "query", now)}.x`],
  ["without its check", printCursor(some, "query", now).split(".")[0] ?? ""],
  ["that is too long", "a".repeat(10_000_000)],
  [
    "with an id that is none",
    printCursor({ ...some, from: { type: "User", id: "a#b", key: null } }, "query", now),
  ],
  [
    "with an id without end",
    printCursor({ ...some, from: { type: "User", id: "a".repeat(101), key: null } }, "query", now),
  ],
])("a cursor %s is refused", (_, text) => {
  expect(() => readCursor(text, "query", now)).toThrow(refusal("invalidCursor"));
});

test("a cursor expires after the time that is published, and says what to do", () => {
  const text = printCursor(some, "query", now);
  expect(() => readCursor(text, "query", later(cursorTimeoutSeconds + 1))).toThrow(
    expect.objectContaining({
      status: 400,
      scimType: "expiredCursor",
      detail: expect.stringContaining("empty cursor"),
    }),
  );
});
