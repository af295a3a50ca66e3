import { expectEqual, managerOf, read } from "./acceptance-checks.ts";
import { userUrn } from "./bodies-create.ts";
import { validatorBody } from "./bodies-validator.ts";
import type { Context } from "./context.ts";
import type { Resource } from "./endpoint.ts";
import { recordsIn } from "./json.ts";
import { enterpriseUrn, mappingsOf } from "./mapping.ts";
import type { Operation } from "./operations.ts";
import { equals, filterQuery } from "./query.ts";
import { readTarget, type Target } from "./target.ts";

/** Texts for booleans, nulls, members and schemas that nobody knows, a manager that does not exist. */
export async function createOddUser(context: Context): Promise<Resource | undefined> {
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

const targets: readonly Target[] = mappingsOf("userName", "single").map(({ target }) => target);
const optional = targets.filter(({ path }) => path !== "userName");

export const userSteps: readonly UserStep[] = [
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

const patchUser = (context: Context, user: Resource, operations: readonly Operation[]) =>
  context.endpoint.patch("User", user.id, validatorBody(operations));
