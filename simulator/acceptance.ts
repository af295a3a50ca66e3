import { expectEqual, expectRefusal, read } from "./acceptance-checks.ts";
import { createOddUser, userSteps } from "./acceptance-user.ts";
import { groupUrn, userUrn } from "./bodies-create.ts";
import { validatorBody } from "./bodies-validator.ts";
import type { Context } from "./context.ts";
import type { Resource, ResourceType } from "./endpoint.ts";
import { membersIn } from "./memberships.ts";
import type { Operation } from "./operations.ts";

/**
 * What Microsoft's validator and the gallery's test run ask beyond provisioning, on a user and
 * groups of its own that are deleted at the end.
 */
export async function runAcceptance(context: Context): Promise<void> {
  const phase = context.reporter.phase("acceptance", 3);
  const user = await createOddUser(context);
  phase.step();
  if (user) {
    for (const step of userSteps) await step(context, user);
    phase.step();
    await testGroups(context, user);
    await testDeletion(context, "User", user.id);
  }
  phase.step();
  phase.end();
}

async function testGroups(context: Context, user: Resource): Promise<void> {
  const { endpoint, random } = context;
  const displayName = `Odd group ${random.guid()}`;
  const body = { schemas: [groupUrn], displayName, members: [{ value: user.id }] };
  const created = await endpoint.create("Group", body);
  if (created.kind !== "created") return;
  const { id } = created.resource;
  const patch = async (what: string, size: number, operations: readonly Operation[]) => {
    await endpoint.patch("Group", id, validatorBody(operations));
    const members = membersIn(await read(context, "Group", id));
    expectEqual(context, what, size, members.size);
  };
  const member = [{ value: user.id, $ref: null }];

  await patch("members in a POST", 1, []);
  await patch("adding a member again", 1, [{ op: "Add", path: "members", value: member }]);
  await patch("adding and removing a member in one request", 0, [
    { op: "add", path: "members", value: member },
    { op: "remove", path: "members", value: member },
  ]);
  await patch("replacing members", 1, [{ op: "replace", path: "members", value: member }]);
  await patch("a replace without members", 1, [
    { op: "replace", value: { displayName: `${displayName} 2` } },
  ]);
  await patch("removing somebody else", 1, [
    { op: "Remove", path: "members", value: [{ value: random.guid() }] },
  ]);
  await patch("removing all members", 0, [{ op: "remove", path: "members" }]);

  const again = await endpoint.attempt("POST", "Group", undefined, {
    ...body,
    displayName: `${displayName.toUpperCase()} 2`,
  });
  expectRefusal(context, "a displayName that is taken", again, 409, "uniqueness");
  await testDeletion(context, "Group", id);
}

async function testDeletion(context: Context, type: ResourceType, id: string): Promise<void> {
  const { endpoint } = context;
  if (type === "User") await testTakenName(context, id);
  await endpoint.remove(type, id);
  const again = await endpoint.attempt("DELETE", type, id);
  expectRefusal(context, `a second DELETE of a ${type}`, again, 404);
}

async function testTakenName(context: Context, id: string): Promise<void> {
  const { endpoint } = context;
  const found = await endpoint.get("User", id);
  if (found.kind !== "found") return;
  const userName = String(found.resource["userName"]).toUpperCase();
  const body = { schemas: [userUrn], userName };
  const again = await endpoint.attempt("POST", "User", undefined, body);
  expectRefusal(context, "a userName that is taken", again, 409, "uniqueness");
  const nameless = await endpoint.attempt("POST", "User", undefined, { schemas: [userUrn] });
  expectRefusal(context, "a user without userName", nameless, 400);
}
