import { groupUrn, userUrn } from "./bodies-create.ts";
import { validatorBody } from "./bodies-validator.ts";
import type { Context } from "./context.ts";
import type { Resource, ResourceType } from "./endpoint.ts";
import { isRecord, type Json, recordsIn } from "./json.ts";
import { enterpriseUrn, mappingsOf } from "./mapping.ts";
import { membersIn } from "./memberships.ts";
import type { Operation } from "./operations.ts";
import { equals, filterQuery } from "./query.ts";
import { readTarget, type Target } from "./target.ts";

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

const targets: readonly Target[] = mappingsOf("userName", "single").map(({ target }) => target);
const optional = targets.filter(({ path }) => path !== "userName");

/** Texts for booleans, nulls, members and schemas that nobody knows, a manager that does not exist. */
async function createOddUser(context: Context): Promise<Resource | undefined> {
  const name = `Odd.${context.random.guid()}@contoso.test`;
  const created = await context.endpoint.create("User", {
    schemas: [userUrn, enterpriseUrn, "urn:ietf:params:scim:schemas:extension:enterprise:2.0User"],
    userName: name,
    externalId: context.random.guid(),
    active: "True",
    addresses: null,
    phoneNumbers: null,
    preferredLanguage: null,
    title: null,
    department: null,
    manager: null,
    emails: [{ primary: true, type: "work", value: name }],
    roles: [{ primary: "True", type: "x", display: "d", value: "v" }],
    [enterpriseUrn]: { manager: { value: "GZFDHGRKQLCG" } },
  });
  if (created.kind !== "created") return undefined;

  const { resource } = created;
  expectEqual(context, "active sent as a text", true, resource["active"]);
  const [role] = recordsIn(resource["roles"]);
  expectEqual(context, "a role's primary sent as a text", true, role?.["primary"]);
  expectEqual(context, "a manager that does not exist", "GZFDHGRKQLCG", managerOf(resource));
  return resource;
}

type UserStep = (context: Context, user: Resource) => Promise<void>;

const userSteps: readonly UserStep[] = [
  async (context, user) =>
    setAll(context, user, (target) => `upd-${target.path.length}`, "arbitrary text"),
  async (context, user) => clearAll(context, user, ""),
  async (context, user) => clearAll(context, user, null),
  async (context, user) =>
    setAll(context, user, (target) => `again ${target.path}`, "text after clearing"),
  async (context, user) => {
    await context.endpoint.patch("User", user.id, validatorBody([]));
    await patchUser(context, user, [
      { op: "remove", path: "displayName" },
      { op: "add", path: "displayName", value: "one" },
      { op: "replace", path: "displayName", value: "two" },
    ]);
    const after = await read(context, "User", user.id);
    expectEqual(context, "remove, add, replace of one attribute", "two", after["displayName"]);
  },
  async (context, user) => {
    await patchUser(context, user, [{ op: "replace", value: { active: false } }]);
    const after = await read(context, "User", user.id);
    expectEqual(context, "active in a map without a path", false, after["active"]);
    expectEqual(context, "a map without a path is a merge", "two", after["displayName"]);
    const filter = filterQuery(equals("userName", String(after["userName"]).toUpperCase()));
    const hit = await context.endpoint.find("check", "User", filter);
    expectEqual(context, "userName in another case", "found", hit.kind);
  },
  async (context, user) => {
    for (const value of ["", { value: "" }]) {
      const path = `${enterpriseUrn}:manager`;
      await patchUser(context, user, [{ op: "replace", path, value: { value: "HLKJ" } }]);
      const set = await read(context, "User", user.id);
      expectEqual(context, "a manager of any text", "HLKJ", managerOf(set));
      await patchUser(context, user, [{ op: "replace", path, value }]);
      const after = await read(context, "User", user.id);
      expectEqual(context, "a manager replaced by nothing", undefined, managerOf(after));
    }
  },
];

async function setAll(
  context: Context,
  user: Resource,
  text: (target: Target) => string,
  what: string,
) {
  const valueOf = (target: Target) => `${text(target)}${target.path === "userName" ? user.id : ""}`;
  await patchUser(
    context,
    user,
    targets.map((target) => ({ op: "replace", path: target.path, value: valueOf(target) })),
  );
  const after = await read(context, "User", user.id);
  for (const target of targets) {
    expectEqual(context, `${what} in ${target.path}`, valueOf(target), readTarget(after, target));
  }
}

async function clearAll(context: Context, user: Resource, value: "" | null): Promise<void> {
  await patchUser(
    context,
    user,
    optional.map(({ path }) => ({ op: "replace", path, value })),
  );
  const after = await read(context, "User", user.id);
  for (const target of optional) {
    const left = readTarget(after, target) ?? undefined;
    expectEqual(context, `${JSON.stringify(value)} clears ${target.path}`, undefined, left);
  }
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

const patchUser = (context: Context, user: Resource, operations: readonly Operation[]) =>
  context.endpoint.patch("User", user.id, validatorBody(operations));

async function read(
  context: Context,
  type: ResourceType,
  id: string,
): Promise<Record<string, unknown>> {
  const found = await context.endpoint.get(type, id);
  return found.kind === "found" ? found.resource : {};
}

function managerOf(resource: Record<string, unknown>): unknown {
  const extension = resource[enterpriseUrn];
  const manager = isRecord(extension) ? extension["manager"] : undefined;
  return isRecord(manager) ? manager["value"] : (manager ?? undefined);
}

function expectEqual(
  { journal }: Context,
  what: string,
  wanted: Json | undefined,
  got: unknown,
): void {
  if (wanted === got) return;
  journal.differs(
    `acceptance: ${what}: sent ${JSON.stringify(wanted) ?? "nothing"}, endpoint ${JSON.stringify(got) ?? "nothing"}`,
  );
}

function expectRefusal(
  { journal }: Context,
  what: string,
  answer: { readonly status: number; readonly body: unknown },
  status: number,
  scimType?: string,
): void {
  const got = isRecord(answer.body) ? answer.body["scimType"] : undefined;
  if (answer.status === status && (scimType === undefined || got === scimType)) return;
  journal.differs(
    `acceptance: ${what}: expected ${status} ${scimType ?? ""}, endpoint ${answer.status} ${JSON.stringify(got) ?? ""}`,
  );
}
