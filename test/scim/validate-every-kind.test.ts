import { expect, test } from "@jest/globals";
import type { Json, JsonObject } from "../../lambdas/scim/json.ts";
import { readResource } from "../../lambdas/scim/validate.ts";
import {
  aThing,
  everyKindType,
  optionalUrn,
  requiredUrn,
  thingUrn,
} from "../support/every-kind.ts";

const read = (given: JsonObject) => readResource(aThing(given), everyKindType);

test.each<{ name: string; values: readonly Json[] }>`
  name         | values
  ${"label"}   | ${["x", "ß", "0"]}
  ${"count"}   | ${[0, -5, 2 ** 53 - 1]}
  ${"ratio"}   | ${[0.5, 1, -1e-7]}
  ${"flag"}    | ${[true, false]}
  ${"since"}   | ${["2026-01-31T08:00:00Z", "2026-01-31T08:00:00.123456+14:00", "2024-02-29T00:00:00", "2026-01-31T24:00:00Z"]}
  ${"blob"}    | ${["", "YQ==", "YQ", "YWJj", "-_-_"]}
  ${"link"}    | ${["https://x.example/a", "Users/1", "urn:x:y"]}
  ${"size"}    | ${["M", "XXL"]}
  ${"tags"}    | ${[["a", "b"]]}
  ${"counts"}  | ${[[1, 2]]}
  ${"ratios"}  | ${[[1, 2.5]]}
  ${"flags"}   | ${[[true, false]]}
  ${"sinces"}  | ${[["2026-01-31T08:00:00Z", "2026-02-01T08:00:00Z"]]}
  ${"blobs"}   | ${[["YQ==", "yq=="]]}
  ${"links"}   | ${[["https://x.example/a"]]}
  ${"codes"}   | ${[["a", "A"]]}
  ${"entries"} | ${[[{ value: "x", type: "unheard of" }]]}
`("$name is kept as it is given: $values", ({ name, values }) => {
  for (const value of values) expect(read({ [name]: value })[name]).toEqual(value);
});

test.each<{ name: string; wrong: readonly Json[] }>`
  name         | wrong
  ${"code"}    | ${[1, true, {}, ["x"]]}
  ${"count"}   | ${[1.5, "1", true, 2 ** 53, []]}
  ${"ratio"}   | ${["0.5", true, {}]}
  ${"flag"}    | ${["true", 1, []]}
  ${"since"}   | ${["2026-01-31", "2026-02-30T00:00:00Z", "2026-13-01T00:00:00Z", "x", 0, "2026-01-31T08:00:61Z"]}
  ${"blob"}    | ${["§", "a", "YQ=", "YWJj=", "YQ==YQ==", 5]}
  ${"link"}    | ${[5, {}]}
  ${"tags"}    | ${["a", [1], [["a"]], { value: "a" }]}
  ${"counts"}  | ${[[1, "2"]]}
  ${"place"}   | ${["x", [], [{}]]}
  ${"entries"} | ${[{ value: "x" }, ["x"], [{ value: 1 }]]}
`("$name is answered invalidValue for any of $wrong", ({ name, wrong }) => {
  for (const value of wrong) {
    expect(() => read({ [name]: value })).toThrow(
      expect.objectContaining({ scimType: "invalidValue", detail: expect.stringContaining(name) }),
    );
  }
});

test.each<{ given: JsonObject; kept: object }>`
  given                                                                | kept                                                    | because
  ${{ tags: ["a", "A", "b"] }}                                         | ${{ tags: ["a", "b"] }}                                 | ${"text that differs in case is one value"}
  ${{ sinces: ["2026-01-31T08:00:00Z", "2026-01-31T09:00:00+01:00"] }} | ${{ sinces: ["2026-01-31T08:00:00Z"] }}                 | ${"an instant is one value, however it is written"}
  ${{ blobs: ["YQ==", "YQ"] }}                                         | ${{ blobs: ["YQ=="] }}                                  | ${"bytes are one value, however they are written"}
  ${{ entries: [{ value: "x", type: "a" }, { value: "X", type: "A", note: "n" }] }} | ${{ entries: [{ value: "X", type: "A", note: "n" }] }} | ${"value and type make a value"}
  ${{ entries: [{ value: "x", type: "a" }, { value: "x", type: "b" }] }} | ${{ entries: [{ value: "x", type: "a" }, { value: "x", type: "b" }] }} | ${"another type is another value"}
  ${{ rank: "1", ranks: ["1"], place: { seen: "x", street: "s" } }}    | ${{ place: { street: "s" } }}                           | ${"what only the service sets is ignored at every level"}
  ${{ place: { seen: "x" }, entries: [{ seen: "x" }] }}                | ${{}}                                                   | ${"what has nothing else is unassigned"}
  ${{ secret: "s", pin: "p", place: { pin: "p" } }}                    | ${{ secret: "s", pin: "p", place: { pin: "p" } }}       | ${"what may only be written is read"}
  ${{ birth: "b", stamps: ["s"], deed: { number: "1" } }}              | ${{ birth: "b", stamps: ["s"], deed: { number: "1" } }} | ${"what is immutable is set once"}
`("of $given is kept $kept: $because", ({ given, kept }) => {
  expect(read(given)).toEqual(aThing(kept as JsonObject));
});

test.each<{ body: JsonObject; named: string }>`
  body                                                      | named
  ${{ schemas: [thingUrn], [requiredUrn]: { owner: "o" } }} | ${"label"}
  ${{ schemas: [thingUrn], label: "x" }}                    | ${requiredUrn}
  ${{ schemas: [thingUrn], label: "x", [requiredUrn]: {} }} | ${requiredUrn}
  ${aThing({ [requiredUrn]: null })}                        | ${requiredUrn}
  ${aThing({ [requiredUrn]: { state: "x" } })}              | ${requiredUrn}
  ${aThing({ [optionalUrn]: { grade: "x" } })}              | ${`${optionalUrn}:must`}
  ${aThing({ contact: { note: "x" } })}                     | ${"contact.value"}
  ${aThing({ contact: { value: "", note: "x" } })}          | ${"contact.value"}
  ${aThing({ items: [{ value: "x" }, { note: "x" }] })}     | ${"items.value"}
`("a body without $named is answered invalidValue", ({ body, named }) => {
  expect(() => readResource(body, everyKindType)).toThrow(
    expect.objectContaining({
      scimType: "invalidValue",
      detail: expect.stringContaining(`${named} is required`),
    }),
  );
});

test("null is no value among others", () => {
  expect(() => readResource(aThing({ tags: ["a", null] }), everyKindType)).toThrow(
    expect.objectContaining({
      scimType: "invalidValue",
      detail: expect.stringMatching(/tags\[1\]/),
    }),
  );
});

test("schemas with an unknown URN alone are refused, and one beside the type's is not kept", () => {
  expect(() => readResource({ ...aThing(), schemas: ["urn:x:y"] }, everyKindType)).toThrow(
    expect.objectContaining({ scimType: "invalidSyntax" }),
  );
  const given = { ...aThing(), schemas: ["urn:x:y", thingUrn.toUpperCase(), requiredUrn] };
  expect(readResource(given, everyKindType)).toEqual(aThing());
});

test("an extension that the body has and schemas do not list is refused by name", () => {
  expect(() => readResource({ ...aThing(), schemas: [thingUrn] }, everyKindType)).toThrow(
    expect.objectContaining({
      scimType: "invalidSyntax",
      detail: expect.stringContaining(requiredUrn),
    }),
  );
});
