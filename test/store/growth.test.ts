import { beforeAll, describe, expect, test } from "@jest/globals";
import { readListQuery } from "../../lambdas/scim/list-query.ts";
import { userType } from "../../lambdas/scim/resource-types.ts";
import { userStore } from "../../lambdas/store/dynamodb/users.ts";
import { queryResources } from "../../lambdas/store/query.ts";
import { type Cost, meteredDb } from "../support/metered-db.ts";
import { seedUsers } from "../support/seed.ts";
import { aTenant, testTable } from "../support/store.ts";

const size = 20_000;
const count = 100;
const pages = size / count;
/** The bytes of a seeded user's item. */
const largestUser = 300;

/** What a page of users of up to 2 KB may cost, wherever it lies. */
function expectCheap({ roundTrips, readUnits, writeUnits }: Cost): void {
  expect(roundTrips).toBeLessThanOrEqual(3);
  expect(readUnits).toBeLessThanOrEqual(count + 4);
  expect(writeUnits).toBeLessThanOrEqual(1);
}

describe("in a large directory", () => {
  const tenant = aTenant();
  const { db, costOf } = meteredDb();
  const users = userStore(testTable({ db }));
  let ids: readonly string[] = [];
  beforeAll(async () => {
    ids = await seedUsers(testTable(), tenant, size);
  }, 180_000);

  const byCursor = (cursor: string) => {
    const query = readListQuery(
      new Map([
        ["cursor", cursor],
        ["count", String(count)],
      ]),
    );
    const view = () => ({});
    const filtering = { filter: undefined, type: userType, view, mostExamined: 1000 };
    return queryResources(users, tenant, query, filtering, new Date());
  };

  test("each page of a walk by index costs as much as any other", async () => {
    const seen: string[] = [];
    const costs: Cost[] = [];
    for (let page = 0; page < pages; page++) {
      const cost = await costOf(async () => {
        const { resources, totalResults } = await users.page(tenant, page * count + 1, count);
        expect(totalResults).toBe(size);
        seen.push(...resources.map(({ id }) => id));
      });
      costs.push(cost);
    }
    expect(seen).toEqual(ids);
    for (const cost of costs) expectCheap(cost);
    // From the third on a page reads the first bookmark besides that of the page before it.
    const [third, ...others] = costs.slice(2, -1);
    for (const cost of others) {
      expect({ ...cost, readUnits: 0 }).toEqual({ ...third, readUnits: 0 });
      expect(Math.abs(cost.readUnits - (third?.readUnits ?? 0))).toBeLessThanOrEqual(1);
    }
  }, 300_000);

  test("so does each page by cursor", async () => {
    const costs: Cost[] = [];
    let cursor: string | undefined = "";
    while (cursor !== undefined) {
      const at: string = cursor;
      const cost = await costOf(async () => {
        cursor = (await byCursor(at)).nextCursor;
      });
      costs.push(cost);
    }
    expect(costs).toHaveLength(pages);
    for (const cost of costs) {
      expect(cost).toMatchObject({ roundTrips: 1, writeUnits: 0, calls: 2 });
      expect(cost.readUnits).toBeLessThanOrEqual(count + 4);
    }
  }, 120_000);

  test("who jumps between pages that were walked through reads no more than a page besides", async () => {
    const cost = await costOf(async () => {
      const { resources } = await users.page(tenant, size - 149, count);
      expect(resources.map(({ id }) => id)).toEqual(ids.slice(size - 150, size - 50));
    });
    expect(cost.calls).toBeLessThanOrEqual(7);
    expect(cost.readUnits).toBeLessThanOrEqual(2 * count + 8);
    expect(cost.writeUnits).toBeLessThanOrEqual(1);
  });

  test("who jumps where nobody walked makes one call more for each MB before the page", async () => {
    const cost = await costOf(async () => {
      const { resources } = await users.page(tenant, size - 49, 50);
      expect(resources.map(({ id }) => id)).toEqual(ids.slice(-50));
    });
    const megabytes = Math.ceil((size * largestUser) / 1_000_000);
    expect(cost.calls).toBeLessThanOrEqual(megabytes + 6);
    expect(cost.readUnits).toBeLessThanOrEqual(megabytes * 260 + count + 8);
    // And the page behind it is as cheap as in a walk.
    await users.page(tenant, size - 149, 50);
    expectCheap(await costOf(() => users.page(tenant, size - 99, 50)));
  });

  test("the total alone costs one read", async () => {
    const cost = await costOf(() => users.page(tenant, 1, 0));
    expect(cost).toEqual({ roundTrips: 1, readUnits: 1, writeUnits: 0, calls: 1 });
  });
});
