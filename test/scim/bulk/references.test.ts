import { expect, test } from "@jest/globals";
import type { BulkOperation } from "../../../lambdas/scim/bulk/operation.ts";
import { referencesIn, resolveReferences } from "../../../lambdas/scim/bulk/references.ts";
import type { JsonObject } from "../../../lambdas/scim/json.ts";
import { enterpriseUserUrn } from "../../../lambdas/scim/urns.ts";

const operation = (data: JsonObject, over: Partial<BulkOperation> = {}): BulkOperation => ({
  kind: "operation",
  method: "POST",
  bulkId: "own",
  target: { endpoint: "/Groups", id: "" },
  version: undefined,
  data,
  ...over,
});

const patch = (...Operations: JsonObject[]) => operation({ Operations }, { method: "PATCH" });

const ids = new Map([
  ["a", "id-a"],
  ["__proto__", "id-p"],
  ['q"', "id-q"],
]);

const resolve = (given: BulkOperation) => resolveReferences(given, (bulkId) => ids.get(bulkId));

test.each<{ data: JsonObject; resolved: JsonObject; because: string }>`
  data                                                                               | resolved                                                   | because
  ${{ members: [{ value: "bulkId:a" }, { value: "b" }] }}                            | ${{ members: [{ value: "id-a" }, { value: "b" }] }}        | ${"a member"}
  ${{ [enterpriseUserUrn]: { manager: { value: "bulkId:a" } } }}                     | ${{ [enterpriseUserUrn]: { manager: { value: "id-a" } } }} | ${"within an extension"}
  ${{ manager: "bulkId:a", members: ["bulkId:a"] }}                                  | ${{ manager: "id-a", members: ["id-a"] }}                  | ${"bare, as some clients send it"}
  ${{ m: { value: "bulkId:a", $ref: "../Users/bulkId:a" } }}                         | ${{ m: { value: "id-a", $ref: "../Users/id-a" } }}         | ${"in an address"}
  ${{ m: [{ $ref: "bulkId:a" }] }}                                                   | ${{ m: [{ $ref: "id-a" }] }}                               | ${"as an address"}
  ${{ displayName: "of bulkId:a", title: "BULKID:a" }}                               | ${{ displayName: "of bulkId:a", title: "BULKID:a" }}       | ${"only a whole value refers"}
  ${{ m: [{ value: "bulkId:__proto__" }] }}                                          | ${{ m: [{ value: "id-p" }] }}                              | ${"a bulkId may be any text"}
  ${{ members: [{ value: "bulkId:none", type: "User" }, { value: "b" }] }}           | ${{ members: [{ value: "b" }] }}                           | ${"with a reference goes its value"}
  ${{ [enterpriseUserUrn]: { manager: { value: "bulkId:none" }, department: "D" } }} | ${{ [enterpriseUserUrn]: { department: "D" } }}            | ${"with a reference goes its attribute"}
  ${{ m: { $ref: "../Users/bulkId:none", display: "x" } }}                           | ${{}}                                                      | ${"with an address goes its value"}
  ${{ boss: "bulkId:none", name: { x: "bulkId:none", y: 1 } }}                       | ${{ name: { y: 1 } }}                                      | ${"another sub-attribute goes alone"}
`("$data becomes $resolved: $because", ({ data, resolved }) => {
  expect(resolve(operation(data)).data).toEqual(resolved);
});

test.each<{ path: string; resolved: string }>`
  path                                               | resolved
  ${'members[value eq "bulkId:a"]'}                  | ${'members[value eq "id-a"]'}
  ${'m[value eq "bulkId:a" or value eq "bulkId:a"]'} | ${'m[value eq "id-a" or value eq "id-a"]'}
  ${'m[value eq "bulkId:q\\""]'}                     | ${'m[value eq "id-q"]'}
  ${'m[display eq "\\"bulkId:a\\""]'}                | ${'m[display eq "\\"bulkId:a\\""]'}
  ${'m[value eq "bulkId:a'}                          | ${'m[value eq "bulkId:a'}
  ${'m[value eq "bulkId:\\u12"]'}                    | ${'m[value eq "bulkId:\\u12"]'}
  ${"members"}                                       | ${"members"}
`("the path $path of a PATCH becomes $resolved", ({ path, resolved }) => {
  expect(resolve(patch({ op: "remove", PATH: path })).data).toEqual({
    Operations: [{ op: "remove", PATH: resolved }],
  });
});

test("the values of a PATCH refer as well", () => {
  const given = patch({ op: "add", path: "members", value: [{ value: "bulkId:a" }] });
  expect(resolve(given).data).toMatchObject({ Operations: [{ value: [{ value: "id-a" }] }] });
});

test("an operation's own path refers to what is changed", () => {
  const target = { endpoint: "/Users", id: "bulkId:a" };
  const given = operation({}, { method: "DELETE", target });
  expect(resolve(given).target).toEqual({ endpoint: "/Users", id: "id-a" });
  expect([...referencesIn(given)]).toEqual(["a"]);
});

test("each reference is found once, wherever it stands", () => {
  const target = { endpoint: "/Groups", id: "bulkId:g" };
  const Operations = [
    { op: "remove", path: 'members[value eq "bulkId:x"]' },
    { op: "add", value: { members: [{ value: "bulkId:y", $ref: "../Users/bulkId:y" }] } },
  ];
  const given = operation({ Operations }, { method: "PATCH", target });
  expect([...referencesIn(given)].toSorted()).toEqual(["g", "x", "y"]);
});

test("what refers to nothing is left as it was given, names of JavaScript's own included", () => {
  const data = JSON.parse(
    '{"__proto__":{"value":1},"constructor":[null,[],[[1]],true,{"toString":"x"}]}',
  );
  const given = operation(data);
  expect(JSON.stringify(resolve(given))).toBe(JSON.stringify(given));
});

test("a path of nothing but quotes and escapes is read in a moment", () => {
  const path = '"\\'.repeat(500_000);
  const begun = performance.now();
  expect(resolve(patch({ op: "remove", path })).data).toEqual({
    Operations: [{ op: "remove", path }],
  });
  expect(performance.now() - begun).toBeLessThan(2000);
});
