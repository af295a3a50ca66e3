import { expect, test } from "@jest/globals";
import { groupStore } from "../../lambdas/store/dynamodb/groups.ts";
import { mostAsked } from "../../lambdas/store/store.ts";
import {
  aGroup,
  aTenant,
  countingDb,
  defaultRules,
  someUsers,
  testTable,
  update,
} from "../support/store.ts";

const groups = groupStore(testTable());

test("those are named of some ids that are members, with what they are", async () => {
  const tenant = aTenant();
  const [a = "", b = "", c = ""] = await someUsers(tenant, 3);
  const { group: inner } = await groups.create(tenant, aGroup("inner"), [], defaultRules);
  const { group } = await groups.create(tenant, aGroup("g"), [a, b, inner.id], defaultRules);
  expect(await groups.membersAmong(tenant, group.id, [c, b, inner.id, b, "x"])).toEqual([
    { id: b, type: "User" },
    { id: inner.id, type: "Group" },
  ]);
  expect(await groups.membersAmong(tenant, c, [a])).toEqual([]);
  expect(await groups.membersAmong(aTenant(), group.id, [a])).toEqual([]);
});

test("as many may be asked for as one transaction reads, and a request asks once for the deleted", async () => {
  const tenant = aTenant();
  const ids = await someUsers(tenant, mostAsked);
  const { group } = await groups.create(tenant, aGroup("g"), ids, defaultRules);
  const { db, calls } = countingDb();
  const reader = groupStore(testTable({ db })).memberReader();
  expect(await reader.membersAmong(tenant, group.id, ids)).toHaveLength(mostAsked);
  expect(await reader.membersAmong(tenant, group.id, ids)).toHaveLength(mostAsked);
  expect(calls.filter((call) => call === "TransactGetItems")).toHaveLength(2);
  expect(calls.filter((call) => call === "BatchGetItem")).toHaveLength(2);
});

test.each([1, 60])(
  "while %i members make way for as many others, either all of them are seen or all of those",
  async (count) => {
    const tenant = aTenant();
    const all = await someUsers(tenant, 2 * count);
    const [ones, others] = [all.slice(0, count), all.slice(count)];
    const { group } = await groups.create(tenant, aGroup("g"), ones, defaultRules);
    let isDone = false;
    const write = async () => {
      for (let turn = 0; turn < 4; turn++) {
        const [come, go] = turn % 2 === 0 ? [others, ones] : [ones, others];
        await groups.changeMembers(tenant, group.id, update(come, go), defaultRules);
      }
      isDone = true;
    };
    const asked = [...ones.slice(0, 40), ...others.slice(0, 40)];
    const seen = new Set<string>();
    const read = async () => {
      while (!isDone) {
        const members = await groups.membersAmong(tenant, group.id, asked);
        const of = (part: readonly string[]) =>
          members.filter(({ id }) => part.includes(id)).length;
        seen.add(`${of(ones)} and ${of(others)}`);
      }
    };
    await Promise.all([write(), read(), read()]);
    const half = Math.min(count, 40);
    const allowed = [`${half} and 0`, `0 and ${half}`];
    expect([...seen].filter((one) => !allowed.includes(one))).toEqual([]);
    expect(seen.size).toBeGreaterThan(0);
  },
);
