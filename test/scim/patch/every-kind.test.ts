import { expect, test } from "@jest/globals";
import type { JsonObject } from "../../../lambdas/scim/json.ts";
import { applyPatch } from "../../../lambdas/scim/patch/apply.ts";
import type { Operation } from "../../../lambdas/scim/patch/read.ts";
import {
  aThing,
  everyKindType,
  optionalUrn,
  requiredUrn,
  thingUrn,
} from "../../support/every-kind.ts";

type Case = Pick<Operation, keyof Operation>;

const x = { value: "x", type: "a", primary: true, serial: "1", seen: "s" };
const y = { value: "y", type: "b", note: "n" };

const thing = aThing({
  code: "c",
  count: 1,
  since: "2026-01-31T08:00:00Z",
  tags: ["a", "b"],
  counts: [1, 2],
  codes: ["a", "A"],
  blobs: ["YWJj"],
  place: { street: "s", serial: "1", seen: "x" },
  contact: { value: "v", note: "n" },
  entries: [x, y],
  items: [{ value: "i", note: "n" }],
  birth: "b",
  stamps: ["s"],
  deed: { number: "1" },
  rank: "r",
  ranks: ["r"],
  [requiredUrn]: { owner: "o", mark: "1", state: "s" },
  [optionalUrn]: { must: "m", grade: "g", notes: [{ value: "n" }], state: "s" },
});

const patch = (...operations: readonly Operation[]) => applyPatch(thing, operations, everyKindType);

const required = { owner: "o", mark: "1", state: "s" };
const optional = { must: "m", grade: "g", notes: [{ value: "n" }], state: "s" };

test.each<Case & { changed: JsonObject }>`
  op           | path                                         | value                                                               | changed
  ${"add"}     | ${"count"}                                   | ${2}                                                                | ${{ count: 2 }}
  ${"replace"} | ${"ratio"}                                   | ${0.5}                                                              | ${{ ratio: 0.5 }}
  ${"add"}     | ${`${thingUrn}:flag`}                        | ${false}                                                            | ${{ flag: false }}
  ${"add"}     | ${"tags"}                                    | ${["c", "A"]}                                                       | ${{ tags: ["a", "b", "c"] }}
  ${"add"}     | ${"tags"}                                    | ${"c"}                                                              | ${{ tags: ["a", "b", "c"] }}
  ${"add"}     | ${"codes"}                                   | ${["b", "a"]}                                                       | ${{ codes: ["a", "A", "b"] }}
  ${"add"}     | ${"blobs"}                                   | ${["ywjj", "YWJj"]}                                                 | ${{ blobs: ["YWJj", "ywjj"] }}
  ${"replace"} | ${"counts"}                                  | ${[3]}                                                              | ${{ counts: [3] }}
  ${"replace"} | ${'tags[value eq "A"]'}                      | ${"z"}                                                              | ${{ tags: ["z", "b"] }}
  ${"add"}     | ${'tags[VALUE eq "c"]'}                      | ${"c"}                                                              | ${{ tags: ["a", "b", "c"] }}
  ${"remove"}  | ${'tags[value eq "A" or value sw "x"]'}      | ${undefined}                                                        | ${{ tags: ["b"] }}
  ${"remove"}  | ${"counts[value gt 1]"}                      | ${undefined}                                                        | ${{ counts: [1] }}
  ${"remove"}  | ${'tags[not (value eq "a")]'}                | ${undefined}                                                        | ${{ tags: ["a"] }}
  ${"replace"} | ${"place.street"}                            | ${"t"}                                                              | ${{ place: { street: "t", serial: "1", seen: "x" } }}
  ${"replace"} | ${"place"}                                   | ${{ street: "t", seen: "y", serial: "1" }}                          | ${{ place: { street: "t", serial: "1", seen: "x" } }}
  ${"remove"}  | ${"contact"}                                 | ${undefined}                                                        | ${{ contact: undefined }}
  ${"remove"}  | ${"contact.note"}                            | ${undefined}                                                        | ${{ contact: { value: "v" } }}
  ${"add"}     | ${"entries"}                                 | ${{ value: "X", type: "A", note: "m" }}                             | ${{ entries: [{ ...x, value: "X", type: "A", note: "m" }, y] }}
  ${"add"}     | ${"entries"}                                 | ${[{ value: "z", primary: true }]}                                  | ${{ entries: [{ ...x, primary: false }, y, { value: "z", primary: true }] }}
  ${"replace"} | ${"entries"}                                 | ${[{ value: "x", type: "a" }]}                                      | ${{ entries: [{ value: "x", type: "a", serial: "1", seen: "s" }] }}
  ${"replace"} | ${'entries[value eq "x"]'}                   | ${{ value: "z" }}                                                   | ${{ entries: [{ value: "z", serial: "1", seen: "s" }, y] }}
  ${"add"} | ${'entries[type eq "b" or primary eq true].note'} | ${"m"} | ${{ entries: [{ ...x, note: "m" }, { ...y, note: "m" }] }}
  ${"add"}     | ${'entries[value eq "y"].serial'}            | ${"2"}                                                              | ${{ entries: [x, { ...y, serial: "2" }] }}
  ${"remove"}  | ${"entries[serial pr]"}                      | ${undefined}                                                        | ${{ entries: [y] }}
  ${"remove"}  | ${"entries"}                                 | ${undefined}                                                        | ${{ entries: undefined }}
  ${"add"}     | ${"deed"}                                    | ${{ number: "1" }}                                                  | ${{}}
  ${"add"}     | ${"stamps"}                                  | ${["S"]}                                                            | ${{}}
  ${"replace"} | ${"birth"}                                   | ${"B"}                                                              | ${{}}
  ${"add"}     | ${"secret"}                                  | ${"s"}                                                              | ${{ secret: "s" }}
  ${"add"}     | ${requiredUrn}                               | ${{ schemas: [requiredUrn], budget: 5 }}                            | ${{ [requiredUrn]: { ...required, budget: 5 } }}
  ${"add"}     | ${`${requiredUrn}:budget`}                   | ${5}                                                                | ${{ [requiredUrn]: { ...required, budget: 5 } }}
  ${"replace"} | ${`${requiredUrn.toUpperCase()}:OWNER`}      | ${"p"}                                                              | ${{ [requiredUrn]: { ...required, owner: "p" } }}
  ${"replace"} | ${requiredUrn}                               | ${{ budget: 5, mark: "1", state: "s" }}                             | ${{ [requiredUrn]: { ...required, budget: 5 } }}
  ${"add"}     | ${`${optionalUrn}:notes[value eq "n"].type`} | ${"t"}                                                              | ${{ [optionalUrn]: { ...optional, notes: [{ value: "n", type: "t" }] } }}
  ${"remove"}  | ${`${optionalUrn}:notes[value eq "n"]`}      | ${undefined}                                                        | ${{ [optionalUrn]: { must: "m", grade: "g", state: "s" } }}
  ${"replace"} | ${undefined}                                 | ${{ COUNT: 2, [`${thingUrn}:code`]: "d", "place.street": "t" }}     | ${{ count: 2, code: "d", place: { street: "t", serial: "1", seen: "x" } }}
  ${"add"}     | ${undefined}                                 | ${{ [requiredUrn]: { budget: 5 }, [`${optionalUrn}:grade`]: "h" }}  | ${{ [requiredUrn]: { ...required, budget: 5 }, [optionalUrn]: { ...optional, grade: "h" } }}
  ${"replace"} | ${undefined}                                 | ${{ rank: "r", ranks: ["r"], schemas: [], count: 2 }}               | ${{ count: 2 }}
  ${"add"}     | ${undefined}                                 | ${{ tags: ["c"], entries: [{ value: "y", type: "b", note: "m" }] }} | ${{ tags: ["a", "b", "c"], entries: [x, { ...y, note: "m" }] }}
`("$op $path $value changes that and nothing else", ({ op, path, value, changed }) => {
  const before = structuredClone(thing);
  expect(patch({ op, path, value })).toEqual(JSON.parse(JSON.stringify({ ...thing, ...changed })));
  if (Object.keys(changed).length === 0) expect(patch({ op, path, value })).toBe(thing);
  expect(thing).toEqual(before);
});

test.each<Case & { scimType: string; named: string }>`
  op           | path                                           | value                                                             | scimType           | named
  ${"replace"} | ${"shoeSize"}                                  | ${1}                                                              | ${"invalidPath"}   | ${"shoeSize"}
  ${"add"}     | ${undefined}                                   | ${{ [`${requiredUrn}:shoeSize`]: 1 }}                             | ${"invalidPath"}   | ${"shoeSize"}
  ${"add"}     | ${undefined}                                   | ${{ [requiredUrn]: { shoeSize: 1 } }}                             | ${"invalidPath"}   | ${"shoeSize"}
  ${"add"}     | ${requiredUrn}                                 | ${{ shoeSize: 1 }}                                                | ${"invalidPath"}   | ${"shoeSize"}
  ${"add"}     | ${undefined}                                   | ${{ __proto__x: 1 }}                                              | ${"invalidPath"}   | ${"__proto__x"}
  ${"remove"}  | ${'tags[type eq "x"]'}                         | ${undefined}                                                      | ${"invalidPath"}   | ${"tags"}
  ${"add"}     | ${'tags[value eq "x"].value'}                  | ${"x"}                                                            | ${"invalidPath"}   | ${"tags"}
  ${"remove"}  | ${"counts[value eq true]"}                     | ${undefined}                                                      | ${"invalidFilter"} | ${"number"}
  ${"remove"}  | ${'entries[pin eq "1"]'}                       | ${undefined}                                                      | ${"invalidFilter"} | ${"pin"}
  ${"remove"}  | ${undefined}                                   | ${undefined}                                                      | ${"noTarget"}      | ${"path"}
  ${"replace"} | ${'tags[value eq "z"]'}                        | ${"y"}                                                            | ${"noTarget"}      | ${"tags"}
  ${"replace"} | ${'entries[type eq "b" and not (note pr)]'}    | ${{ value: "z" }}                                                 | ${"noTarget"}      | ${"entries"}
  ${"add"}     | ${'tags[value eq "z"]'}                        | ${"y"}                                                            | ${"noTarget"}      | ${"tags"}
  ${"add"}     | ${'entries[type eq "c" and type eq "d"].note'} | ${"m"}                                                            | ${"noTarget"}      | ${"entries"}
  ${"add"}     | ${'entries[seen eq "y"].note'}                 | ${"m"}                                                            | ${"noTarget"}      | ${"entries"}
  ${"replace"} | ${"rank"}                                      | ${"q"}                                                            | ${"mutability"}    | ${"rank"}
  ${"remove"}  | ${"rank"}                                      | ${undefined}                                                      | ${"mutability"}    | ${"rank"}
  ${"add"}     | ${undefined}                                   | ${{ ranks: ["q"] }}                                               | ${"mutability"}    | ${"ranks"}
  ${"add"}     | ${undefined}                                   | ${{ [requiredUrn]: { state: "t" } }}                              | ${"mutability"}    | ${"state"}
  ${"replace"} | ${`${requiredUrn}:state`}                      | ${"t"}                                                            | ${"mutability"}    | ${"state"}
  ${"add"}     | ${"place.seen"}                                | ${"y"}                                                            | ${"mutability"}    | ${"place.seen"}
  ${"replace"} | ${'entries[value eq "x"].seen'}                | ${"y"}                                                            | ${"mutability"}    | ${"entries.seen"}
  ${"replace"} | ${"birth"}                                     | ${"c"}                                                            | ${"mutability"}    | ${"birth"}
  ${"replace"} | ${"birth"}                                     | ${null}                                                           | ${"mutability"}    | ${"birth"}
  ${"remove"}  | ${"birth"}                                     | ${undefined}                                                      | ${"mutability"}    | ${"birth"}
  ${"add"}     | ${"stamps"}                                    | ${["t"]}                                                          | ${"mutability"}    | ${"stamps"}
  ${"remove"}  | ${'stamps[value eq "s"]'}                      | ${undefined}                                                      | ${"mutability"}    | ${"stamps"}
  ${"replace"} | ${'stamps[value eq "s"]'}                      | ${"t"}                                                            | ${"mutability"}    | ${"stamps"}
  ${"add"}     | ${"deed.page"}                                 | ${"2"}                                                            | ${"mutability"}    | ${"deed"}
  ${"remove"}  | ${"deed.number"}                               | ${undefined}                                                      | ${"mutability"}    | ${"deed"}
  ${"replace"} | ${"place"}                                     | ${{ serial: "2" }}                                                | ${"mutability"}    | ${"place.serial"}
  ${"remove"}  | ${"place.serial"}                              | ${undefined}                                                      | ${"mutability"}    | ${"place.serial"}
  ${"remove"}  | ${"place"}                                     | ${undefined}                                                      | ${"mutability"}    | ${"place.serial"}
  ${"add"}     | ${undefined}                                   | ${{ place: null }}                                                | ${"mutability"}    | ${"place.serial"}
  ${"replace"} | ${'entries[value eq "x"].serial'}              | ${"2"}                                                            | ${"mutability"}    | ${"entries.serial"}
  ${"replace"} | ${'entries[value eq "x"]'}                     | ${{ value: "x", serial: "2" }}                                    | ${"mutability"}    | ${"entries.serial"}
  ${"add"}     | ${"entries"}                                   | ${[{ value: "x", type: "a", serial: "2" }]}                       | ${"mutability"}    | ${"entries.serial"}
  ${"replace"} | ${"entries"}                                   | ${[{ value: "x", type: "a", serial: "2" }]}                       | ${"mutability"}    | ${"entries.serial"}
  ${"replace"} | ${"entries.serial"}                            | ${"2"}                                                            | ${"mutability"}    | ${"entries.serial"}
  ${"replace"} | ${`${requiredUrn}:mark`}                       | ${"2"}                                                            | ${"mutability"}    | ${"mark"}
  ${"add"}     | ${requiredUrn}                                 | ${{ mark: "2" }}                                                  | ${"mutability"}    | ${"mark"}
  ${"remove"}  | ${"label"}                                     | ${undefined}                                                      | ${"mutability"}    | ${"label"}
  ${"remove"}  | ${requiredUrn}                                 | ${undefined}                                                      | ${"mutability"}    | ${requiredUrn}
  ${"remove"}  | ${`${optionalUrn}:must`}                       | ${undefined}                                                      | ${"mutability"}    | ${"must"}
  ${"remove"}  | ${"contact.value"}                             | ${undefined}                                                      | ${"mutability"}    | ${"contact.value"}
  ${"remove"}  | ${'items[value eq "i"].value'}                 | ${undefined}                                                      | ${"mutability"}    | ${"items.value"}
  ${"replace"} | ${"label"}                                     | ${null}                                                           | ${"invalidValue"}  | ${"label"}
  ${"add"}     | ${undefined}                                   | ${{ label: "" }}                                                  | ${"invalidValue"}  | ${"label"}
  ${"replace"} | ${"contact"}                                   | ${{ value: null }}                                                | ${"invalidValue"}  | ${"contact.value"}
  ${"add"}     | ${"items"}                                     | ${{ note: "n" }}                                                  | ${"invalidValue"}  | ${"items.value"}
  ${"replace"} | ${'items[value eq "i"].value'}                 | ${null}                                                           | ${"invalidValue"}  | ${"items.value"}
  ${"replace"} | ${`${optionalUrn}:must`}                       | ${null}                                                           | ${"invalidValue"}  | ${"must"}
  ${"replace"} | ${"count"}                                     | ${1.5}                                                            | ${"invalidValue"}  | ${"count"}
  ${"replace"} | ${"count"}                                     | ${"1"}                                                            | ${"invalidValue"}  | ${"count"}
  ${"add"}     | ${"counts"}                                    | ${["1"]}                                                          | ${"invalidValue"}  | ${"counts"}
  ${"replace"} | ${"since"}                                     | ${"yesterday"}                                                    | ${"invalidValue"}  | ${"since"}
  ${"replace"} | ${"place"}                                     | ${"s"}                                                            | ${"invalidValue"}  | ${"place"}
  ${"replace"} | ${"place"}                                     | ${[{ street: "s" }]}                                              | ${"invalidValue"}  | ${"place"}
  ${"replace"} | ${requiredUrn}                                 | ${"s"}                                                            | ${"invalidValue"}  | ${requiredUrn}
  ${"replace"} | ${"place"}                                     | ${{ street: "s", STREET: "t" }}                                   | ${"invalidValue"}  | ${"place.street is given twice"}
  ${"add"}     | ${undefined}                                   | ${{ count: 1, COUNT: 2 }}                                         | ${"invalidValue"}  | ${"count is given twice"}
  ${"add"}     | ${requiredUrn}                                 | ${{ owner: "p", OWNER: "q" }}                                     | ${"invalidValue"}  | ${"owner is given twice"}
  ${"add"}     | ${"entries"}                                   | ${[{ value: "v", primary: true }, { value: "w", primary: true }]} | ${"invalidValue"}  | ${"primary"}
`("$op $path $value is answered $scimType", ({ op, path, value, scimType, named }) => {
  expect(() => patch({ op: "replace", path: "code", value: "new" }, { op, path, value })).toThrow(
    expect.objectContaining({ status: 400, scimType, detail: expect.stringContaining(named) }),
  );
});

test("what is required may not be filtered away, nor the last of a required extension", () => {
  const attributes = everyKindType.schema.attributes.map((one) =>
    one.name === "tags" ? { ...one, required: true } : one,
  );
  const type = { ...everyKindType, schema: { ...everyKindType.schema, attributes } };
  const before = aThing({ tags: ["a"] });
  for (const path of ["tags[value pr]", `${requiredUrn}:owner`]) {
    expect(() => applyPatch(before, [{ op: "remove", path }], type)).toThrow(
      expect.objectContaining({ scimType: "mutability" }),
    );
  }
});

test("what is immutable may be set where it is not, at every level", () => {
  const set = { birth: "b", stamps: ["s"], deed: { number: "1" } };
  expect(
    applyPatch(
      aThing({ place: { street: "s" } }),
      [
        { op: "add", value: set },
        { op: "replace", path: "place.serial", value: "1" },
        { op: "add", path: `${requiredUrn}:mark`, value: "1" },
      ],
      everyKindType,
    ),
  ).toEqual(
    aThing({
      ...set,
      place: { street: "s", serial: "1" },
      [requiredUrn]: { owner: "o", mark: "1" },
    }),
  );
});

test("an extension that is removed leaves what the service set there", () => {
  expect(patch({ op: "remove", path: optionalUrn })).toEqual({
    ...thing,
    [optionalUrn]: { state: "s" },
  });
});

test("what was lacking before may go on lacking, so that others can be changed", () => {
  const old: JsonObject = { schemas: [thingUrn], items: [{ note: "n" }] };
  expect(applyPatch(old, [{ op: "add", path: "count", value: 1 }], everyKindType)).toEqual({
    ...old,
    count: 1,
  });
  expect(() =>
    applyPatch(old, [{ op: "add", path: `${optionalUrn}:grade`, value: "g" }], everyKindType),
  ).toThrow(expect.objectContaining({ scimType: "invalidValue" }));
});

test("an add by a filter replaces the one value of an attribute that has no room for two", () => {
  const contact = { value: "v", note: "n" };
  const add = (value: string) =>
    applyPatch(
      aThing({ contact }),
      [{ op: "add", path: `contact[value eq "${value}"].note`, value: "m" }],
      everyKindType,
    )["contact"];
  expect(add("v")).toEqual({ value: "v", note: "m" });
  expect(add("w")).toEqual({ value: "w", note: "m" });
});

test("an echo of what the service sets is compared however deep it is", () => {
  const deep = JSON.parse(`${"[".repeat(100_000)}${"]".repeat(100_000)}`);
  expect(() => patch({ op: "add", value: { ranks: [deep] } })).toThrow(
    expect.objectContaining({ scimType: "mutability" }),
  );
});

test("an attribute whose name begins an extension's URN is not taken for the extension", () => {
  const [required, optional] = everyKindType.extensions;
  if (!required || !optional) throw new Error("the type has two extensions");
  const longer = { ...optional.schema, id: `${requiredUrn}:Part` };
  const type = { ...everyKindType, extensions: [required, { schema: longer, required: false }] };
  const after = applyPatch(
    aThing(),
    [
      { op: "add", path: `${requiredUrn}:Part:must`, value: "m" },
      { op: "add", path: `${requiredUrn}:budget`, value: 1 },
    ],
    type,
  );
  expect(after).toMatchObject({ [longer.id]: { must: "m" }, [requiredUrn]: { budget: 1 } });
});

test("adding many values to many does not take the time of all pairs", () => {
  const entries = Array.from({ length: 250 }, (_, at) => ({ value: `v${at}`, type: "a" }));
  const others = Array.from({ length: 250 }, (_, at) => ({ value: `v${at}` }));
  const many = Array.from(
    { length: 50 },
    () => ({ op: "add", path: "entries", value: others }) as const,
  );
  const before = aThing({ entries });
  const started = performance.now();
  expect(applyPatch(before, many, everyKindType)).toBe(before);
  expect(performance.now() - started).toBeLessThan(5000);
});
