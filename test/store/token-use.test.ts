import { afterAll, expect, test } from "@jest/globals";
import { tokenUses } from "../../lambdas/store/dynamodb/token-use.ts";
import { aTenant, itemsOf } from "../support/store.ts";
import { tableName, testDb } from "../support/table.ts";

const db = testDb();
afterAll(() => db.destroy());

const uses = tokenUses({ db, name: tableName });
const at = (minute: number) => `2026-06-01T00:${String(minute).padStart(2, "0")}:00.000Z`;
const { signal } = new AbortController();

const failure = { status: 409, detail: "Taken.", route: "POST /Users", requestId: "r" };

test("a token's use is kept, and only that token's", async () => {
  const [tenant, other] = [aTenant(), aTenant()];
  await uses.keep(tenant, "a", { usedAt: at(1), succeededAt: at(1) }, signal);
  await uses.keep(tenant, "b", { usedAt: at(2), failedAt: at(2), failure }, signal);
  await uses.keep(other, "a", { usedAt: at(3) }, signal);
  expect(await uses.list(tenant)).toEqual(
    new Map([
      ["a", { usedAt: at(1), succeededAt: at(1) }],
      ["b", { usedAt: at(2), failedAt: at(2), failure }],
    ]),
  );
});

test("whatever order notes come in, the latest of each kind stands", async () => {
  const notes = [
    { usedAt: at(1), succeededAt: at(1) },
    { usedAt: at(5), succeededAt: at(4) },
    { usedAt: at(6), succeededAt: at(2) },
    { failedAt: at(3), failure: { ...failure, status: 400 } },
    { failedAt: at(7), failure },
  ];
  const latest = { usedAt: at(6), succeededAt: at(4), failedAt: at(7), failure };
  for (const order of [
    notes,
    notes.toReversed(),
    notes.toSpliced(0, 2, ...notes.slice(0, 2).reverse()),
  ]) {
    const tenant = aTenant();
    for (const note of order) await uses.keep(tenant, "a", note, signal);
    expect((await uses.list(tenant)).get("a")).toEqual(latest);
  }
  const racing = aTenant();
  await Promise.all(notes.map((note) => uses.keep(racing, "a", note, signal)));
  expect((await uses.list(racing)).get("a")).toMatchObject({ usedAt: at(6), failedAt: at(7) });
});

test("nothing to note writes nothing", async () => {
  const tenant = aTenant();
  await uses.keep(tenant, "a", {}, signal);
  expect(await itemsOf(tenant)).toEqual([]);
});

test("a note is forgotten two years after the last one", async () => {
  const tenant = aTenant();
  await uses.keep(tenant, "a", { usedAt: at(0) }, signal);
  const [item] = await itemsOf(tenant);
  expect(item).toMatchObject({ v: 1, expiresAt: Date.parse(at(0)) / 1000 + 730 * 24 * 3600 });
});
