import { expect, test } from "@jest/globals";
import { diffActive, diffManager, diffValue, managerIn } from "../../simulator/diff.ts";
import { diffRoles } from "../../simulator/diff-roles.ts";
import { enterpriseUrn } from "../../simulator/mapping.ts";
import { parseTarget, readTarget } from "../../simulator/target.ts";

const target = parseTarget("name.givenName");

test.each<{ wanted: string | undefined; found: unknown; op?: string; because: string }>`
  wanted       | found        | op           | because
  ${"Kim"}     | ${undefined} | ${"add"}     | ${"it is missing"}
  ${"Kim"}     | ${null}      | ${"add"}     | ${"null is missing"}
  ${"Kim"}     | ${""}        | ${"add"}     | ${"empty is missing"}
  ${"Kim"}     | ${"Tim"}     | ${"replace"} | ${"it differs"}
  ${"Kim"}     | ${"KIM"}     | ${"replace"} | ${"case counts"}
  ${"Kim"}     | ${"Kim"}     | ${undefined} | ${"it is equal"}
  ${undefined} | ${"Tim"}     | ${undefined} | ${"a missing source value is never sent"}
  ${""}        | ${"Tim"}     | ${"replace"} | ${"an expression yields the empty text"}
  ${""}        | ${undefined} | ${undefined} | ${"nothing is there to be emptied"}
`("$wanted over $found is $op: $because", ({ wanted, found, op }) => {
  expect(diffValue(target, wanted, found).map((change) => change.op)).toEqual(op ? [op] : []);
});

test.each<{ wanted: boolean; found: unknown; op?: string }>`
  wanted   | found        | op
  ${false} | ${true}      | ${"replace"}
  ${false} | ${undefined} | ${"add"}
  ${false} | ${"False"}   | ${undefined}
  ${true}  | ${true}      | ${undefined}
`("active $wanted over $found is $op", ({ wanted, found, op }) => {
  expect(diffActive(wanted, found).map((change) => change.op)).toEqual(op ? [op] : []);
});

test.each<{ wanted: string | undefined; found: string | undefined; op?: string }>`
  wanted       | found        | op
  ${"m1"}      | ${undefined} | ${"add"}
  ${"m2"}      | ${"m1"}      | ${"replace"}
  ${undefined} | ${"m1"}      | ${"remove"}
  ${"m1"}      | ${"m1"}      | ${undefined}
`("manager $wanted over $found is $op", ({ wanted, found, op }) => {
  expect(diffManager(wanted, found).map((change) => change.op)).toEqual(op ? [op] : []);
});

test("a manager outside of the enterprise schema is not seen", () => {
  expect(managerIn({ manager: { value: "m1" } })).toBeUndefined();
  expect(managerIn({ [enterpriseUrn]: { manager: { value: "m1" } } })).toBe("m1");
});

test.each<{ path: string; value: string | undefined }>`
  path                                | value
  ${"userName"}                       | ${"bo"}
  ${"name.givenName"}                 | ${"Bo"}
  ${'emails[type eq "work"].value'}   | ${"w@x.y"}
  ${'roles[primary eq "True"].value'} | ${"Admin"}
  ${`${enterpriseUrn}:department`}    | ${"Sales"}
  ${'emails[type eq "home"].value'}   | ${undefined}
`("$path is read from a resource", ({ path, value }) => {
  const resource = {
    userName: "bo",
    name: { givenName: "Bo" },
    emails: [
      { type: "other", value: "o@x.y" },
      { type: "work", value: "w@x.y" },
    ],
    roles: [
      { primary: false, value: "User" },
      { primary: true, value: "Admin" },
    ],
    [enterpriseUrn]: { department: "Sales" },
  };
  expect(readTarget(resource, parseTarget(path))).toBe(value);
});

test("the complex role mapping only adds, the assertive one states the whole set", () => {
  const found = { roles: [{ value: "User" }, { value: "Admin" }] };
  expect(diffRoles("complex", ["User", "25"], found)).toEqual([
    { kind: "roles", op: "add", roles: ["25"] },
  ]);
  expect(diffRoles("complex", [], found)).toEqual([]);
  expect(diffRoles("assertive", ["User"], found)).toEqual([
    { kind: "roles", op: "replace", roles: ["User"] },
  ]);
  expect(diffRoles("assertive", ["Admin", "User"], found)).toEqual([]);
});
