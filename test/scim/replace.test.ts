import { expect, test } from "@jest/globals";
import type { JsonObject } from "../../lambdas/scim/json.ts";
import { replaceResource } from "../../lambdas/scim/replace.ts";
import { readResource } from "../../lambdas/scim/validate.ts";
import { aThing, everyKindType, optionalUrn, requiredUrn } from "../support/every-kind.ts";

/** What a PUT of `given` makes of a thing that holds `held`. */
const replace = (held: JsonObject, given: JsonObject) =>
  replaceResource(aThing(held), readResource(aThing(given), everyKindType), everyKindType);

const owner = { owner: "o" };
const must = { must: "m" };

test.each<{ held: JsonObject; given: JsonObject; kept: JsonObject }>`
  held                                                            | given                                                       | kept                                                            | because
  ${{ code: "c", tags: ["a"], place: { street: "s" } }}           | ${{ count: 1 }}                                             | ${{ count: 1 }}                                                 | ${"all is replaced"}
  ${{ place: { street: "s" } }}                                   | ${{ place: { serial: "1" } }}                               | ${{ place: { serial: "1" } }}                                   | ${"a value is replaced whole, and what is immutable may be set once"}
  ${{ rank: "1", ranks: ["1"] }}                                  | ${{ rank: "2" }}                                            | ${{ rank: "1", ranks: ["1"] }}                                  | ${"what only the service sets stays"}
  ${{ birth: "b", stamps: ["s"], deed: { number: "1" } }}         | ${{}}                                                       | ${{ birth: "b", stamps: ["s"], deed: { number: "1" } }}         | ${"what is immutable may be left out"}
  ${{ birth: "b" }}                                               | ${{ birth: "B", code: "c" }}                                | ${{ birth: "b", code: "c" }}                                    | ${"it is the same value in another case"}
  ${{ stamps: ["s", "t"], deed: { number: "1", page: "2" } }}     | ${{ stamps: ["T", "s"], deed: { page: "2", number: "1" } }} | ${{ stamps: ["s", "t"], deed: { number: "1", page: "2" } }}     | ${"the order of values says nothing"}
  ${{ secret: "s", pin: "p" }}                                    | ${{ pin: "q" }}                                             | ${{ secret: "s", pin: "q" }}                                    | ${"what may only be written may be left out"}
  ${{ place: { street: "s", serial: "1", seen: "x", pin: "p" } }} | ${{ place: { street: "t" } }}                               | ${{ place: { street: "t", serial: "1", seen: "x", pin: "p" } }} | ${"so it is with the parts of a value"}
  ${{ place: { street: "s", serial: "1", seen: "x" } }}           | ${{}}                                                       | ${{ place: { serial: "1", seen: "x" } }}                        | ${"so it is where the value is left out"}
  ${{ place: { street: "s", seen: "x" } }}                        | ${{}}                                                       | ${{}}                                                           | ${"what the service says of a value goes with the value"}
  ${{ entries: [{ value: "x", type: "a", serial: "1", seen: "s" }, { value: "y", serial: "2" }] }} | ${{ entries: [{ value: "z", serial: "3" }, { value: "X", type: "a", note: "n" }] }} | ${{ entries: [{ value: "z", serial: "3" }, { value: "X", type: "a", note: "n", serial: "1", seen: "s" }] }} | ${"values are found again by value and type"}
  ${{ entries: [{ value: "x", type: "a", serial: "1" }] }}        | ${{ entries: [{ value: "x" }] }}                            | ${{ entries: [{ value: "x", serial: "1" }] }}                   | ${"or by the value, where no type is given"}
  ${{ entries: [{ value: "x", serial: "1" }] }}                   | ${{}}                                                       | ${{}}                                                           | ${"a value of several may go, whatever is in it"}
  ${{ [requiredUrn]: { owner: "o", mark: "1", state: "s" } }}     | ${{ [requiredUrn]: { budget: 5 } }}                         | ${{ [requiredUrn]: { mark: "1", state: "s", budget: 5 } }}      | ${"so it is in an extension"}
  ${{ [optionalUrn]: { ...must, grade: "g" } }}                   | ${{}}                                                       | ${{}}                                                           | ${"an extension may be left out"}
  ${{ [optionalUrn]: must }}                                      | ${{ [optionalUrn]: { must: "n" } }}                         | ${{ [optionalUrn]: { must: "n" } }}                             | ${"and be replaced"}
`("$held replaced by $given is $kept: $because", ({ held, given, kept }) => {
  expect(replace(held, given)).toEqual(aThing(kept));
});

test.each<{ held: JsonObject; given: JsonObject; named: string }>`
  held                                          | given                                         | named
  ${{ birth: "b" }}                             | ${{ birth: "c" }}                             | ${"birth"}
  ${{ stamps: ["s"] }}                          | ${{ stamps: ["s", "t"] }}                     | ${"stamps"}
  ${{ stamps: ["s", "t"] }}                     | ${{ stamps: ["s"] }}                          | ${"stamps"}
  ${{ deed: { number: "1" } }}                  | ${{ deed: { number: "1", page: "2" } }}       | ${"deed"}
  ${{ deed: { number: "1", page: "2" } }}       | ${{ deed: { number: "1" } }}                  | ${"deed"}
  ${{ place: { serial: "1" } }}                 | ${{ place: { serial: "2" } }}                 | ${"place.serial"}
  ${{ entries: [{ value: "x", serial: "1" }] }} | ${{ entries: [{ value: "x", serial: "2" }] }} | ${"entries.serial"}
  ${{ [requiredUrn]: { ...owner, mark: "1" } }} | ${{ [requiredUrn]: { ...owner, mark: "2" } }} | ${`${requiredUrn}:mark`}
`("$held replaced by $given is answered mutability that names $named", ({ held, given, named }) => {
  expect(() => replace(held, given)).toThrow(
    expect.objectContaining({
      status: 400,
      scimType: "mutability",
      detail: expect.stringContaining(`${named} cannot be changed`),
    }),
  );
});

test("an extension that keeps what the client wrote keeps what it requires too", () => {
  expect(replace({ [optionalUrn]: { ...must, state: "s" } }, {})).toEqual(
    aThing({ [optionalUrn]: { state: "s" } }),
  );
  expect(() => replace({ [optionalUrn]: { ...must, key: "k" } }, {})).toThrow(
    expect.objectContaining({
      scimType: "invalidValue",
      detail: expect.stringContaining(`${optionalUrn}:must`),
    }),
  );
});

test("what is replaced by the same is the very same object", () => {
  const before = aThing({
    id: "t-1",
    meta: { created: "2026-01-31T08:00:00Z" },
    tags: ["a", "b"],
    birth: "b",
    place: { street: "s", seen: "x" },
    secret: "s",
    [optionalUrn]: { ...must, state: "s" },
  });
  const given = readResource(
    aThing({
      tags: ["b", "a"],
      place: { street: "s" },
      [optionalUrn]: must,
    }),
    everyKindType,
  );
  expect(replaceResource(before, given, everyKindType)).toBe(before);
  expect(replaceResource(before, { ...given, tags: ["A", "b"] }, everyKindType)).not.toBe(before);
});
