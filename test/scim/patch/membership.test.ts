import { expect, test } from "@jest/globals";
import { readMembers, splitMembership } from "../../../lambdas/scim/patch/membership.ts";
import type { Operation } from "../../../lambdas/scim/patch/read.ts";
import { groupType } from "../../../lambdas/scim/resource-types.ts";
import { attribute } from "../../../lambdas/scim/schemas/define.ts";
import { groupUrn } from "../../../lambdas/scim/urns.ts";

type Case = Pick<Operation, keyof Operation>;

const split = (...operations: readonly Operation[]) => splitMembership(operations, groupType);

const update = (add: readonly string[], remove: readonly string[] = []) => ({
  kind: "update",
  add,
  remove,
});
const replace = (...members: readonly string[]) => ({ kind: "replace", members });

test.each<Case & { membership: object | undefined }>`
  op           | path                                       | value                                               | membership
  ${"add"}     | ${"members"}                               | ${[{ $ref: null, value: "a" }]}                     | ${update(["a"])}
  ${"add"}     | ${"members"}                               | ${[{ displayName: "new User", value: "a" }]}        | ${update(["a"])}
  ${"add"}     | ${"members"}                               | ${[{ value: "a" }, { value: "b" }, { value: "a" }]} | ${update(["a", "b"])}
  ${"add"}     | ${"MEMBERS"}                               | ${{ value: "a" }}                                   | ${update(["a"])}
  ${"add"}     | ${"members"}                               | ${"a"}                                              | ${update(["a"])}
  ${"add"}     | ${"members"}                               | ${["a", "b"]}                                       | ${update(["a", "b"])}
  ${"add"}     | ${"members"}                               | ${[]}                                               | ${undefined}
  ${"add"}     | ${`${groupUrn}:members`}                   | ${[{ value: "a" }]}                                 | ${update(["a"])}
  ${"add"}     | ${undefined}                               | ${{ members: [{ value: "a" }] }}                    | ${update(["a"])}
  ${"add"}     | ${'members[value eq "a"]'}                 | ${{ value: "a" }}                                   | ${update(["a"])}
  ${"remove"}  | ${"members"}                               | ${[{ $ref: null, value: "a" }]}                     | ${update([], ["a"])}
  ${"remove"}  | ${"members"}                               | ${[{ value: "2392066" }]}                           | ${update([], ["2392066"])}
  ${"remove"}  | ${"members"}                               | ${[]}                                               | ${undefined}
  ${"remove"}  | ${'members[value eq "a"]'}                 | ${undefined}                                        | ${update([], ["a"])}
  ${"remove"}  | ${'members[value eq "a" or value eq "b"]'} | ${undefined}                                        | ${update([], ["a", "b"])}
  ${"remove"}  | ${'Members[Value eq "a"]'}                 | ${undefined}                                        | ${update([], ["a"])}
  ${"replace"} | ${'members[value eq "a"]'}                 | ${{ value: "a" }}                                   | ${undefined}
  ${"remove"}  | ${"members[value eq 2392066]"}             | ${undefined}                                        | ${update([], ["2392066"])}
  ${"remove"}  | ${`${groupUrn}:members[value eq "a"]`}     | ${undefined}                                        | ${update([], ["a"])}
  ${"remove"}  | ${"members"}                               | ${undefined}                                        | ${replace()}
  ${"replace"} | ${"members"}                               | ${[{ value: "a" }, { value: "b" }]}                 | ${replace("a", "b")}
  ${"replace"} | ${"members"}                               | ${[]}                                               | ${replace()}
  ${"replace"} | ${undefined}                               | ${{ members: [{ value: "a" }] }}                    | ${replace("a")}
`("$op $path $value changes the members so: $membership", ({ op, path, value, membership }) => {
  expect(split({ op, path, value })).toEqual({ attributes: [], membership });
});

test.each<{ operations: readonly (readonly [Operation["op"], ...string[]])[]; membership: object }>`
  because                              | operations                                                              | membership
  ${"added, then removed"}             | ${[["add", "a"], ["remove", "a"]]}                                      | ${update([], ["a"])}
  ${"removed, then added"}             | ${[["remove", "a"], ["add", "a"], ["add", "b"]]}                        | ${update(["a", "b"])}
  ${"replaced, then changed"}          | ${[["add", "x"], ["replace", "a", "b"], ["remove", "a"], ["add", "c"]]} | ${replace("b", "c")}
  ${"removed before all are replaced"} | ${[["remove", "a"], ["replace", "a"]]}                                  | ${replace("a")}
`("of several operations the last on a member counts: $because", ({ operations, membership }) => {
  const read = operations.map(([op, ...ids]) => ({
    op,
    path: "members",
    value: ids.map((value) => ({ value })),
  }));
  expect(split(...read).membership).toEqual(membership);
});

test("a remove that names nobody empties the group, and later adds fill it", () => {
  const add = { op: "add", path: "members", value: "a" } as const;
  expect(split({ op: "remove", path: "members" }, add).membership).toEqual(replace("a"));
});

test("what is not about members is left as it is, in order", () => {
  const rename = { op: "replace", path: "displayName", value: "G" } as const;
  const map = { op: "replace", value: { externalId: "e", Members: [{ value: "a" }] } } as const;
  expect(split(rename, map)).toEqual({
    attributes: [rename, { op: "replace", value: { externalId: "e" } }],
    membership: replace("a"),
  });
  expect(split(rename)).toEqual({ attributes: [rename], membership: undefined });
});

test.each<Case & { scimType: string }>`
  op           | path                                           | value             | scimType
  ${"remove"}  | ${'members[display eq "x"]'}                   | ${undefined}      | ${"invalidFilter"}
  ${"remove"}  | ${'members[type eq "User"]'}                   | ${undefined}      | ${"invalidFilter"}
  ${"remove"}  | ${'members[not (value eq "x")]'}               | ${undefined}      | ${"invalidFilter"}
  ${"remove"}  | ${'members[value sw "x"]'}                     | ${undefined}      | ${"invalidFilter"}
  ${"remove"}  | ${'members[shoeSize eq "x"]'}                  | ${undefined}      | ${"invalidPath"}
  ${"remove"}  | ${'members[value eq "a" and type eq "Group"]'} | ${undefined}      | ${"invalidFilter"}
  ${"replace"} | ${'members[value eq "a"].display'}             | ${"x"}            | ${"mutability"}
  ${"replace"} | ${"members.$ref"}                              | ${"x"}            | ${"mutability"}
  ${"replace"} | ${'members[value eq "a"].value'}               | ${"b"}            | ${"mutability"}
  ${"replace"} | ${'members[value eq "a"]'}                     | ${{ value: "b" }} | ${"mutability"}
  ${"add"}     | ${"members"}                                   | ${[{}]}           | ${"invalidValue"}
  ${"add"}     | ${"members"}                                   | ${[{ value: 5 }]} | ${"invalidValue"}
  ${"add"}     | ${"members"}                                   | ${""}             | ${"invalidValue"}
  ${"add"}     | ${"members"}                                   | ${[["a"]]}        | ${"invalidValue"}
  ${"add"}     | ${"shoeSize"}                                  | ${"9"}            | ${"invalidPath"}
`("$op $path $value is answered $scimType", ({ op, path, value, scimType }) => {
  expect(() => split({ op, path, value })).toThrow(
    expect.objectContaining({ status: 400, scimType }),
  );
});

test("five thousand operations of one member each take milliseconds", () => {
  const operations = Array.from(
    { length: 5000 },
    (_, i): Operation => ({
      op: i % 2 ? "add" : "remove",
      path: "members",
      value: [{ value: `m${i % 3000}` }],
    }),
  );
  const started = performance.now();
  expect(split(...operations).membership?.kind).toBe("update");
  expect(performance.now() - started).toBeLessThan(500);
});

test("a new group's members are taken out of it", () => {
  expect(readMembers({ displayName: "G", Members: [{ value: "a" }, "b", { value: "a" }] })).toEqual(
    {
      resource: { displayName: "G" },
      members: ["a", "b"],
    },
  );
  expect(() => readMembers({ members: [], Members: [{ value: "a" }] })).toThrow(/given twice/);
  expect(readMembers({ displayName: "G" })).toEqual({
    resource: { displayName: "G" },
    members: undefined,
  });
  expect(readMembers({ members: null }).members).toEqual([]);
});

test("an attribute of an extension that is called members is none of the group's", () => {
  const urn = "urn:example:2.0:Other";
  const schema = {
    id: urn,
    name: "Other",
    description: "",
    attributes: [attribute("members", "")],
  };
  const type = { ...groupType, extensions: [{ schema, required: false }] };
  const operation = { op: "replace", value: { [`${urn}:members`]: "x" } } as const;
  expect(splitMembership([operation], type)).toEqual({
    attributes: [operation],
    membership: undefined,
  });
});
