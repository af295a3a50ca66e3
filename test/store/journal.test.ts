import { TransactionCanceledException } from "@aws-sdk/client-dynamodb";
import { expect, jest, test } from "@jest/globals";
import * as fc from "fast-check";
import { deletedUsers } from "../../lambdas/store/dynamodb/deleted-users.ts";
import { groupStore } from "../../lambdas/store/dynamodb/groups.ts";
import { userStore } from "../../lambdas/store/dynamodb/users.ts";
import { audit } from "../support/audit.ts";
import { finishWork, isCutOff, leavePending, workLeft } from "../support/crash.ts";
import {
  aGroup,
  aTenant,
  cutOffAfter,
  defaultRules,
  doBackgroundWork,
  membersOf,
  someUsers,
  testTable,
  update,
} from "../support/store.ts";
import { testDb } from "../support/table.ts";

jest.setTimeout(180_000);

const table = testTable();
const groups = groupStore(table);
const users = userStore(table);

test("a member that is there is added again behind a pending removal, though the group is busy", async () => {
  const tenant = aTenant();
  const ids = await someUsers(tenant, 100);
  const [one = ""] = ids;
  const { group } = await groups.create(tenant, aGroup("g"), ids, defaultRules);
  await finishWork(tenant);
  await leavePending(tenant, group.id, [], ids);

  // DynamoDB tells of the one item that it is busy, and of the other that it is there.
  const db = testDb();
  let isFirst = true;
  db.middlewareStack.add(
    (next, context) => async (args) => {
      if (context.commandName !== "TransactWriteItemsCommand" || !isFirst) return next(args);
      isFirst = false;
      throw new TransactionCanceledException({
        message: "cancelled",
        $metadata: {},
        CancellationReasons: [{ Code: "TransactionConflict" }, { Code: "ConditionalCheckFailed" }],
      });
    },
    { step: "initialize", name: "busy" },
  );
  const busy = groupStore(testTable({ db }));
  await busy.changeMembers(tenant, group.id, update([one]), defaultRules);
  expect(await membersOf(tenant, group.id)).toEqual([one]);
  await finishWork(tenant);
  expect(await membersOf(tenant, group.id)).toEqual([one]);
});

type Step =
  | { readonly kind: "change"; readonly group: number; readonly add: Range; readonly remove: Range }
  | { readonly kind: "replace"; readonly group: number; readonly members: Range }
  | { readonly kind: "rename" | "deleteGroup"; readonly group: number }
  | { readonly kind: "deleteUser" | "restore"; readonly user: number }
  | { readonly kind: "work" }
  | { readonly kind: "workAndCrash"; readonly calls: number };
type Range = readonly [from: number, size: number];

const size = 110;
const group = fc.nat(2);
const range: fc.Arbitrary<Range> = fc.tuple(
  fc.nat(size - 1),
  fc.oneof(fc.nat(3), fc.constantFrom(0, 95, 100)),
);
// Few, so that what is deleted is restored often.
const user = fc.constantFrom(0, 1, 50, 109);
const kindOf = <K extends Step["kind"]>(kind: K) => fc.constant(kind);
const steps: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: kindOf("change"), group, add: range, remove: range }) },
  { weight: 2, arbitrary: fc.record({ kind: kindOf("replace"), group, members: range }) },
  { weight: 1, arbitrary: fc.record({ kind: kindOf("rename"), group }) },
  { weight: 1, arbitrary: fc.record({ kind: kindOf("deleteGroup"), group }) },
  { weight: 2, arbitrary: fc.record({ kind: kindOf("deleteUser"), user }) },
  { weight: 2, arbitrary: fc.record({ kind: kindOf("restore"), user }) },
  { weight: 1, arbitrary: fc.record({ kind: kindOf("work") }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: kindOf("workAndCrash"), calls: fc.integer({ min: 4, max: 25 }) }),
  },
);
/** Whether the process ends once a change is committed, before anything of it is carried over. */
const runs = fc.array(fc.tuple(steps, fc.boolean()), { minLength: 4, maxLength: 14 });

/** What there should be: who is in a group also while deleted, since it comes back with a restore. */
interface Model {
  readonly ids: readonly string[];
  readonly deleted: Set<string>;
  readonly groups: ModelGroup[];
}

interface ModelGroup {
  readonly id: string;
  members: Set<string>;
  /** Taken out while deleted: a restore brings back whoever was swept before that, and no other. */
  readonly outWhileDeleted: Set<string>;
  version: number;
}

test("whatever comes in whatever order, members are what a plain model says", async () => {
  const tenant = aTenant();
  const ids = await someUsers(tenant, size);
  let names = 0;
  const aNewGroup = async () => {
    const made = await groups.create(tenant, aGroup(`g${names++}`), [], defaultRules);
    return {
      id: made.group.id,
      members: new Set<string>(),
      outWhileDeleted: new Set<string>(),
      version: 1,
    };
  };
  await fc.assert(
    fc.asyncProperty(runs, async (sequence) => {
      const of = await Promise.all([aNewGroup(), aNewGroup(), aNewGroup()]);
      const model: Model = { ids, deleted: new Set(), groups: of };
      for (const [step, isCut] of sequence) {
        await take(tenant, model, step, { isCut, aNewGroup, name: `g${names++}` });
        for (const one of model.groups) await compare(tenant, model, one);
      }
      await finishWork(tenant);
      expect(await workLeft(tenant)).toEqual([]);
      expect(await audit(tenant)).toEqual([]);
      for (const one of model.groups) await compare(tenant, model, one);
      const living = ids.filter((id) => !model.deleted.has(id));
      const groupsOf = await users.groupsOf(tenant, living);
      for (const id of living) {
        const wanted = model.groups.filter(({ members }) => members.has(id)).map((one) => one.id);
        expect((groupsOf.get(id) ?? []).map((one) => one.id).toSorted()).toEqual(wanted.toSorted());
      }
      for (const id of model.deleted) await deletedUsers(table).restore(tenant, id);
      for (const { id } of model.groups) {
        const before = await groups.get(tenant, id);
        if (before) await groups.delete(tenant, before, defaultRules);
      }
      await finishWork(tenant);
    }),
    { numRuns: 12, endOnFailure: true },
  );
});

async function compare(tenant: string, { deleted }: Model, one: ModelGroup) {
  const wanted = [...one.members].filter((id) => !deleted.has(id)).toSorted();
  expect(await membersOf(tenant, one.id)).toEqual(wanted);
  const { version = 0 } = (await groups.get(tenant, one.id)) ?? {};
  expect(version).toBeGreaterThanOrEqual(one.version);
  one.version = version;
}

function takeOut({ deleted }: Model, one: ModelGroup, ids: readonly string[]) {
  for (const id of ids) if (one.members.delete(id) && deleted.has(id)) one.outWhileDeleted.add(id);
}

async function take(
  tenant: string,
  model: Model,
  step: Step,
  {
    isCut,
    aNewGroup,
    name,
  }: { isCut: boolean; aNewGroup: () => Promise<ModelGroup>; name: string },
): Promise<void> {
  const { ids, deleted } = model;
  const pick = ([from, count]: Range) =>
    ids.slice(from, from + count).concat(ids.slice(0, Math.max(0, from + count - size)));
  const alive = (some: readonly string[]) => some.filter((id) => !deleted.has(id));
  switch (step.kind) {
    case "change": {
      const one = model.groups[step.group];
      if (!one) return;
      const add = alive(pick(step.add));
      const remove = pick(step.remove).filter((id) => !add.includes(id));
      if (isCut && add.length + remove.length > 90) await leavePending(tenant, one.id, add, remove);
      else await groups.changeMembers(tenant, one.id, update(add, remove), defaultRules);
      for (const id of add) one.members.add(id);
      takeOut(model, one, remove);
      return;
    }
    case "replace": {
      const one = model.groups[step.group];
      const before = one && (await groups.get(tenant, one.id));
      if (!one || !before) return;
      const members = alive(pick(step.members));
      const membership = { kind: "replace", members } as const;
      await groups.replace(tenant, before, before.resource, membership, defaultRules);
      takeOut(model, one, [...one.members]);
      for (const id of members) one.members.add(id);
      return;
    }
    case "rename": {
      const before = await groups.get(tenant, model.groups[step.group]?.id ?? "");
      if (before) await groups.replace(tenant, before, aGroup(name), undefined, defaultRules);
      return;
    }
    case "deleteGroup": {
      const before = await groups.get(tenant, model.groups[step.group]?.id ?? "");
      if (before) await groups.delete(tenant, before, defaultRules);
      expect(await membersOf(tenant, before?.id ?? "")).toEqual([]);
      model.groups[step.group] = await aNewGroup();
      return;
    }
    case "deleteUser": {
      const before = await users.get(tenant, ids[step.user] ?? "");
      if (!before) return;
      // What a pending change gives to a user that is deleted before it is carried over is lost to a restore.
      await finishWork(tenant);
      await users.delete(tenant, before, defaultRules);
      deleted.add(before.id);
      return;
    }
    case "restore": {
      const id = ids[step.user] ?? "";
      if (!deleted.has(id)) return;
      await deletedUsers(table).restore(tenant, id);
      deleted.delete(id);
      for (const { id: groupId, members, outWhileDeleted } of model.groups) {
        if (!outWhileDeleted.delete(id)) continue;
        if ((await membersOf(tenant, groupId)).includes(id)) members.add(id);
      }
      return;
    }
    case "work":
      return finishWork(tenant);
    case "workAndCrash": {
      const db = cutOffAfter(step.calls);
      await isCutOff(async () => {
        const { failures } = await doBackgroundWork(tenant, { db });
        if (failures.length > 0) throw failures[0];
      });
    }
  }
}
