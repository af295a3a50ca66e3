import { expect, test } from "@jest/globals";
import { parseFilter } from "../../lambdas/scim/filter/parse.ts";
import { readListQuery } from "../../lambdas/scim/list-query.ts";
import { userType } from "../../lambdas/scim/resource-types.ts";
import { represent } from "../../lambdas/scim/stored.ts";
import { userStore } from "../../lambdas/store/dynamodb/users.ts";
import { queryResources } from "../../lambdas/store/query.ts";
import { aTenant, aUser, countingDb, defaultRules, testTable } from "../support/store.ts";

async function aDirectory(size: number) {
  const { db, calls } = countingDb();
  const users = userStore(testTable({ db }));
  const tenant = aTenant();
  for (let at = 0; at < size; at++) {
    const emails = [{ type: at % 2 ? "work" : "home", value: "shared@example.com" }];
    await users.create(
      tenant,
      aUser({ userName: `u${at}`, externalId: `e${at}`, emails }),
      defaultRules,
    );
  }
  calls.length = 0;
  const ask = (text: string, mostExamined = 100) =>
    queryResources(
      users,
      tenant,
      readListQuery(new Map([["count", "10"]])),
      {
        filter: parseFilter(text),
        type: userType,
        view: (stored) => represent(stored, userType, "https://scim.example.com"),
        mostExamined,
      },
      new Date(),
    );
  return { ask, calls };
}

test.each([
  ['userName eq "U1"', 1, ["GetItem", "GetItem"]],
  ['userName eq "nobody"', 0, ["GetItem"]],
  ['externalId eq "e1"', 1, ["Query", "GetItem"]],
  ['externalId eq "E1"', 0, ["Query"]],
  ['emails[type eq "work"].value eq "SHARED@example.com"', 2, ["Query", "BatchGetItem"]],
  ['emails.value eq "shared@example.com" and userName eq "u1"', 1, undefined],
  ['userName eq "u1" and active eq false', 0, ["GetItem", "GetItem"]],
  ['id eq "nobody"', 0, []],
  ['displayName pr or userName eq "u1"', 1, ["Query"]],
])("%s finds %i, by %p", async (filter, found, calls) => {
  const directory = await aDirectory(4);
  expect(await directory.ask(filter)).toMatchObject({ totalResults: found });
  if (calls) expect(directory.calls).toEqual(calls);
});

test("a filter that no index answers is refused where it would read too many, and says what to do", async () => {
  const { ask } = await aDirectory(4);
  expect(await ask("active eq true", 4)).toMatchObject({ totalResults: 4 });
  await expect(ask("active eq true", 3)).rejects.toMatchObject({
    status: 400,
    scimType: "tooMany",
    detail: expect.stringContaining("userName"),
  });
});
