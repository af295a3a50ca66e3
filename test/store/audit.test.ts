import { DeleteCommand, PutCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { expect, test } from "@jest/globals";
import { groupStore } from "../../lambdas/store/dynamodb/groups.ts";
import {
  changeKey,
  claimKey,
  countKey,
  type Key,
  lookupPartition,
  memberKey,
  resourceKey,
  seatsKey,
  sweepKey,
  tombstoneKey,
} from "../../lambdas/store/dynamodb/keys.ts";
import { userStore } from "../../lambdas/store/dynamodb/users.ts";
import { audit } from "../support/audit.ts";
import { aGroup, aTenant, aUser, defaultRules, testTable } from "../support/store.ts";
import { tableName, testDb } from "../support/table.ts";

const table = testTable();
const db = testDb();
const nobody = "018f3b3e-0000-7000-8000-000000000000";

/** A tenant with a user, one who was deleted, and a group of both. */
async function aWholeTenant() {
  const tenant = aTenant();
  const users = userStore(table);
  const create = (name: string) =>
    users.create(
      tenant,
      aUser({ userName: name, externalId: name, emails: [{ value: name }] }),
      defaultRules,
    );
  const user = await create("jo");
  const gone = await create("al");
  const members = [user.id, gone.id];
  const { group } = await groupStore(table).create(tenant, aGroup("g"), members, defaultRules);
  await users.delete(tenant, gone, defaultRules);
  return { tenant, userId: user.id, goneId: gone.id, groupId: group.id };
}

type Whole = Awaited<ReturnType<typeof aWholeTenant>>;

const remove = (key: Key) => db.send(new DeleteCommand({ TableName: tableName, Key: { ...key } }));
const plant = (item: Key & { readonly id?: string }) =>
  db.send(new PutCommand({ TableName: tableName, Item: { ...item } }));

test("a tenant that was written by the store is whole", async () => {
  expect(await audit((await aWholeTenant()).tenant)).toEqual([]);
});

test.each<[string, (whole: Whole) => Promise<unknown>, RegExp]>([
  [
    "a claim that is missing",
    ({ tenant }) => remove(claimKey(tenant, "USERNAME", "jo")),
    /^claim lacks/,
  ],
  [
    "a claim that is left",
    ({ tenant }) => plant({ ...claimKey(tenant, "GROUPNAME", "h"), id: nobody }),
    /^claim is left/,
  ],
  [
    "a claim of another",
    ({ tenant }) => plant({ ...claimKey(tenant, "USERNAME", "jo"), id: nobody }),
    /^claim is another's/,
  ],
  [
    "a lookup that is missing",
    ({ tenant, userId }) =>
      remove({ pk: lookupPartition(tenant, "EMAIL", "jo"), sk: `USER#${userId}` }),
    /^lookup lacks/,
  ],
  [
    "a lookup that is left",
    ({ tenant }) => plant({ pk: lookupPartition(tenant, "GROUPNAME", "g"), sk: `GROUP#${nobody}` }),
    /^lookup is left/,
  ],
  [
    "a wrong count",
    ({ tenant, userId }) => remove(countKey(tenant, "USER", userId)),
    /^count .* is undefined, not 1/,
  ],
  [
    "a member that never was",
    ({ tenant, groupId }) => plant(memberKey(tenant, groupId, nobody)),
    /^membership of a member/,
  ],
  [
    "a member whose mark was swept too early",
    ({ tenant, goneId }) => remove(sweepKey(tenant, "USER", goneId)),
    /^membership of a member that is gone/,
  ],
  [
    "members of no group",
    ({ tenant, userId }) => plant(memberKey(tenant, nobody, userId)),
    /^membership of a group/,
  ],
  [
    "a change that nobody waits for",
    ({ tenant, groupId }) => plant(changeKey(tenant, groupId, 2)),
    /^change is left/,
  ],
  [
    "a group that waits for no change",
    ({ tenant, groupId }) =>
      db.send(
        new UpdateCommand({
          TableName: tableName,
          Key: { ...resourceKey(tenant, "GROUP", groupId) },
          UpdateExpression: "SET pendingChange = :two",
          ExpressionAttributeValues: { ":two": 2 },
        }),
      ),
    /^change lacks/,
  ],
  [
    "a tombstone of a user that lives",
    ({ tenant, userId }) => plant(tombstoneKey(tenant, userId)),
    /^mark of/,
  ],
  [
    "a seat that is counted and that nobody has",
    ({ tenant }) =>
      db.send(new PutCommand({ TableName: tableName, Item: { ...seatsKey(tenant), active: 1 } })),
    /^seats are 1, not 0/,
  ],
  [
    "a seat of who is disabled",
    ({ tenant, userId }) =>
      db.send(
        new UpdateCommand({
          TableName: tableName,
          Key: { ...resourceKey(tenant, "USER", userId) },
          UpdateExpression: "SET seat = :yes, #resource.#active = :no",
          ExpressionAttributeNames: { "#resource": "resource", "#active": "active" },
          ExpressionAttributeValues: { ":yes": true, ":no": false },
        }),
      ),
    /^seat of .* is idle/,
  ],
])("%s is found", async (_, harm, fault) => {
  const whole = await aWholeTenant();
  await harm(whole);
  const faults = await audit(whole.tenant);
  expect(faults.filter((one) => fault.test(one))).toHaveLength(1);
});
