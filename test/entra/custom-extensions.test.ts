import { expect, test } from "@jest/globals";
import {
  dropNonStrings,
  withCustomExtensions,
  withMentionedExtensions,
} from "../../lambdas/entra/custom-extensions.ts";
import { normalisePatch } from "../../lambdas/entra/normalise-patch.ts";
import { matches } from "../../lambdas/scim/filter/matches.ts";
import { parseFilter } from "../../lambdas/scim/filter/parse.ts";
import type { Json } from "../../lambdas/scim/json.ts";
import { applyPatch } from "../../lambdas/scim/patch/apply.ts";
import { readOperations } from "../../lambdas/scim/patch/read.ts";
import { project, readProjection } from "../../lambdas/scim/project.ts";
import { userType } from "../../lambdas/scim/resource-types.ts";
import { enterpriseUserUrn, patchOpUrn, userUrn } from "../../lambdas/scim/urns.ts";
import { aim, type Short } from "./aim.ts";

const urn = "urn:ietf:params:scim:schemas:extension:Contoso:2.0:User";
const patch = (...operations: readonly Json[]) => ({
  schemas: [patchOpUrn],
  Operations: operations,
});

const found = (...sources: readonly Json[]) =>
  withCustomExtensions(userType, ...sources)
    .extensions.slice(1)
    .map(({ schema }) => [schema.id, ...schema.attributes.map(({ name }) => name)]);

test.each<{ source: Json; extension: readonly string[] }>`
  source                                                            | extension
  ${{ [urn]: { A: "1", B: "2" } }}                                  | ${[urn, "A", "B"]}
  ${{ [`${urn}:A`]: "1" }}                                          | ${[urn, "A"]}
  ${patch({ op: "Add", path: `${urn}:A`, value: "1" })}             | ${[urn, "A"]}
  ${patch({ op: "Remove", path: `${urn}:A` })}                      | ${[urn, "A"]}
  ${patch({ op: "add", value: { [`${urn}:A`]: "1", title: "x" } })} | ${[urn, "A"]}
  ${patch({ op: "add", value: { [urn]: { A: "1" } } })}             | ${[urn, "A"]}
  ${patch({ op: "add", path: urn, value: { A: "1" } })}             | ${[urn, "A"]}
  ${`${urn}:A eq "1" and userName pr`}                              | ${[urn, "A"]}
`("$source mentions the extension $extension", ({ source, extension }) => {
  expect(found(source)).toEqual([extension]);
});

test("the stored spelling comes first and stays", () => {
  expect(
    found(
      { [urn]: { Shoe: "9" } },
      patch({ op: "Add", path: `${urn.toUpperCase()}:SHOE`, value: "1" }),
    ),
  ).toEqual([[urn, "Shoe"]]);
});

test.each<{ source: Json | undefined }>`
  source
  ${undefined}
  ${null}
  ${[]}
  ${{ userName: "u", [enterpriseUserUrn]: { department: "D", other: "x" } }}
  ${{ [`${userUrn}:role`]: "x", "urn:ietf:params:scim:schemas:extension:enterprise:2.0User": { a: "b" } }}
  ${patch({ op: "add", path: `${urn}:__proto__`, value: "x" }, { op: "add", path: `${urn}:constructor`, value: "x" })}
  ${patch({ op: "add", path: `${urn}:A`, value: 5 }, { op: "add", path: urn }, "x", null)}
  ${{ "urn:": { a: "b" }, "urn:x": "y", "urn:x y:z": "b" }}
  ${'userName eq "u"'}
`("$source adds nothing, so the very same type comes back", ({ source }) => {
  expect(withCustomExtensions(userType, source)).toBe(userType);
});

test("what was kept is found and shown like any other attribute", () => {
  const stored = { schemas: [userUrn, urn], id: "1", userName: "u", [urn]: { Shoe: "Nine" } };
  const type = withCustomExtensions(userType, stored, `${urn}:shoe eq "nine"`);
  expect(matches(parseFilter(`${urn}:shoe eq "nine"`), stored, type)).toBe(true);
  expect(project(stored, type, readProjection({}, type))).toEqual(stored);
});

const many = (prefix: string, count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`${prefix}${i}`, "x"]));

test("more custom attributes than can be kept are ignored beyond those that came first", () => {
  const [names = []] = found({ [urn]: many("a", 501) });
  expect(names).toHaveLength(501);
  expect(names.at(-1)).toBe("a499");
});

test("more extensions than can be kept are ignored beyond those that came first", () => {
  const urns = Array.from({ length: 51 }, (_, i) => `urn:x:own${i}:2.0:User`);
  const kept = found(Object.fromEntries(urns.map((one) => [one, { a: "x" }])), {
    [`${urns[0]}:b`]: "x",
    [`${urns[50]}:b`]: "x",
  });
  expect(kept).toEqual(urns.slice(0, 50).map((one, i) => [one, "a", ...(i === 0 ? ["b"] : [])]));
});

test("a user with as many custom attributes as there may be is patched, save for one more", () => {
  const before = { schemas: [userUrn, urn], id: "1", userName: "u", [urn]: many("a", 500) };
  const body = patch(
    { op: "Add", path: `${urn}:more`, value: "x" },
    { op: "Replace", path: "active", value: "False" },
    { op: "Replace", path: `${urn}:a499`, value: "y" },
  );
  const type = withCustomExtensions(userType, before, body);
  expect(applyPatch(before, readOperations(normalisePatch(body, type)), type)).toEqual({
    ...before,
    active: false,
    [urn]: { ...before[urn], a499: "y" },
  });
});

test("a filter may name what a user with as many as there may be lacks", () => {
  const stored = { [urn]: many("a", 500) };
  const type = withMentionedExtensions(userType, stored, `${urn}:more eq "x"`);
  expect(matches(parseFilter(`${urn}:more eq "x"`), stored, type)).toBe(false);
});

const type = withCustomExtensions(userType, { [urn]: { Shoe: "9" } });

test.each<{ sent: Short }>`
  sent
  ${["add", `${urn}:Shoe`, 9]}
  ${["add", `${urn}:Shoe`, ["9"]]}
  ${["replace", `${urn}:Shoe`, { value: "9" }]}
  ${["replace", urn, "9"]}
  ${["replace", urn, null]}
`("$sent gives a custom attribute what is no string, and is dropped", ({ sent }) => {
  expect(dropNonStrings(aim(sent, type))).toEqual([]);
});

test.each<{ sent: Short }>`
  sent
  ${["add", `${urn}:Shoe`, "9"]}
  ${["replace", `${urn}:Shoe`, null]}
  ${["remove", `${urn}:Shoe`, 9]}
  ${["remove", urn]}
  ${["add", `${enterpriseUserUrn}:department`, 9]}
  ${["add", "active", false]}
`("$sent is left alone", ({ sent }) => {
  const operation = aim(sent, type);
  expect(dropNonStrings(operation)[0]).toBe(operation);
});
