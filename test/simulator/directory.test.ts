import { expect, test } from "@jest/globals";
import * as fc from "fast-check";
import { changeDirectory } from "../../simulator/changes.ts";
import { createDirectory } from "../../simulator/directory.ts";
import { mappingsOf } from "../../simulator/mapping.ts";
import { mappedValues } from "../../simulator/matching.ts";

const mappings = mappingsOf("userName", "single");
const large = createDirectory({ users: 2000, groups: 20, seed: 7, tag: "t" });
const attributesOf = (name: "mail" | "displayName" | "userPrincipalName") =>
  [...large.users.values()].flatMap(({ attributes }) => attributes[name] ?? []);

test("the same seed makes the same directory and the same changes", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2 ** 31 }), (seed) => {
      const size = { users: 30, groups: 4, seed, tag: "t" };
      const plan = { count: 60, seed, onDemandOnly: false };
      const [one, two] = [createDirectory(size), createDirectory(size)];
      expect(one).toEqual(two);
      expect(changeDirectory(one, plan)).toEqual(changeDirectory(two, plan));
    }),
    { numRuns: 20 },
  );
});

test("another seed makes another directory", () => {
  const other = createDirectory({ users: 2000, groups: 20, seed: 8, tag: "t" });
  expect([...other.users.values()]).not.toEqual([...large.users.values()]);
});

test("names that must be unique are, in every case, after changes too", () => {
  const { directory } = changeDirectory(large, { count: 1000, seed: 3, onDemandOnly: false });
  const users = [...directory.users.values()];
  const names = users.map((user) => mappedValues(mappings, user).get("userName")?.toLowerCase());
  const aliases = users.map(({ attributes }) => attributes.mailNickname);
  const groups = [...directory.groups.values()].map(({ displayName }) => displayName.toLowerCase());
  for (const list of [names, aliases, groups]) expect(new Set(list).size).toBe(list.length);
  expect(names).not.toContain(undefined);
});

test("a directory has the variety of a real one", () => {
  expect(attributesOf("mail").some((mail) => mail.includes("+"))).toBe(true);
  expect(attributesOf("mail").length).toBeLessThan(2000);
  expect(attributesOf("userPrincipalName").some((name) => name.includes("'"))).toBe(true);
  expect(attributesOf("userPrincipalName").some((name) => name.includes("#EXT#"))).toBe(true);
  expect(attributesOf("displayName").some((name) => name.length === 256)).toBe(true);
  expect(attributesOf("displayName").some((name) => /\p{Script=Han}/u.test(name))).toBe(true);
  const users = [...large.users.values()];
  expect(users.some(({ managerId }) => managerId === undefined)).toBe(true);
  expect(users.some(({ standing }) => standing === "disabled")).toBe(true);
  const [first, second] = users;
  expect([first?.managerId, second?.managerId]).toEqual([second?.objectId, first?.objectId]);
  const sizes = [...large.groups.values()].map(({ members }) => members.size);
  expect(Math.max(...sizes)).toBe(1800);
  expect(Math.min(...sizes)).toBe(0);
  const nested = [...large.groups.values()].filter(({ members }) =>
    [...members].some((member) => large.groups.has(member)),
  );
  expect(nested.length).toBeGreaterThan(0);
});

test("a guest's userName is stripped of the home tenant", () => {
  const names = [...large.users.values()].map((user) =>
    mappedValues(mappings, user).get("userName"),
  );
  expect(names.filter((name) => name?.includes("#"))).toEqual([]);
});

test("every kind of change occurs if there is room for it", () => {
  const { counts } = changeDirectory(large, { count: 60, seed: 5, onDemandOnly: false });
  expect([...counts.keys()].length).toBeGreaterThanOrEqual(20);
});

test("on demand nothing is deleted, disabled or taken out of a group", () => {
  const { counts } = changeDirectory(large, { count: 300, seed: 5, onDemandOnly: true });
  expect([...counts.keys()].join()).not.toMatch(
    /delete|disabled|enabled|restored|left|moved between|emptied/u,
  );
});
