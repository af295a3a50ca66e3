import { createUserBody } from "./bodies-create.ts";
import type { Context } from "./context.ts";
import {
  type Change,
  diffActive,
  diffManager,
  diffUser,
  ignoredChanges,
  managerIn,
} from "./diff.ts";
import { diffRoles } from "./diff-roles.ts";
import type { SourceUser } from "./directory.ts";
import type { Resource } from "./endpoint.ts";
import type { RoleMapping } from "./mapping.ts";
import { findUser, mappedValues } from "./matching.ts";
import { filterQuery } from "./query.ts";
import { hashOf } from "./random.ts";
import { type ExpectedUser, expectChanged, expectFound, livingId } from "./state.ts";

/** Brings one user in line, but for the manager. `usesCache`: go by the id that is known. */
export async function syncUser(context: Context, user: SourceUser, usesCache: boolean) {
  const link = context.links.users.get(user.objectId);
  if (link?.isGone) return;
  if (user.standing === "deleted") return link && deleteUser(context, user, link.id);
  if (link && usesCache) return updateKnown(context, user, link.id);
  // A user that is disabled in Entra is never created.
  if (!link && user.standing !== "enabled") return;

  const found = await findUser(context, mappedValues(context.mappings, user));
  if (found.kind === "failed") return void context.failed.add(user.objectId);
  // After a rename the match query finds nothing, and the id that is remembered takes over.
  if (found.kind === "absent") {
    return link ? updateKnown(context, user, link.id) : createUser(context, user);
  }
  if (!link) adopt(context, user, found.resource);
  else if (link.id !== found.resource.id) {
    context.journal.violated("a match query finds another user than the one created", link.id);
  }
  return updateUser(context, user, found.resource);
}

function adopt(
  { links, mappings, roleMapping }: Context,
  user: SourceUser,
  resource: Resource,
): void {
  const expected = expectFound(mappings, resource, sendsSets(roleMapping));
  links.users.set(user.objectId, { id: resource.id, isGone: false, isAdopted: true, expected });
}

async function createUser(context: Context, user: SourceUser): Promise<void> {
  const { endpoint, links, failed, journal, roleMapping } = context;
  const values = mappedValues(context.mappings, user);
  const body = createUserBody({ values, active: true, roles: user.roles, roleMapping });
  const created = await endpoint.create("User", body);
  // Entra takes the refused repetition of its own POST up by the match query.
  const outcome = created.kind === "conflict" ? await findUser(context, values) : created;
  if (outcome.kind !== "created" && outcome.kind !== "found") {
    if (created.kind === "conflict")
      journal.violated("a 409 names no user that a match query finds", user.objectId);
    return void failed.add(user.objectId);
  }
  links.users.set(user.objectId, {
    id: outcome.resource.id,
    isGone: false,
    isAdopted: false,
    expected: expectCreated(context, user, values),
  });
}

const expectCreated = (
  { roleMapping }: Context,
  user: SourceUser,
  values: ReadonlyMap<string, string | undefined>,
): ExpectedUser => ({
  values: new Map([...values].flatMap(([path, value]) => (value ? [[path, value] as const] : []))),
  active: true,
  manager: undefined,
  roles: new Set(sendsSets(roleMapping) ? user.roles : []),
});

const sendsSets = (roles: RoleMapping): boolean => roles === "complex" || roles === "assertive";

async function updateKnown(context: Context, user: SourceUser, id: string): Promise<void> {
  const found = await context.endpoint.get("User", id);
  if (found.kind === "found") return updateUser(context, user, found.resource);
  if (found.kind === "absent") context.journal.violated("a user that was created is gone", id);
  context.failed.add(user.objectId);
}

async function updateUser(context: Context, user: SourceUser, found: Resource): Promise<void> {
  await applyChanges(context, user, found.id, changesOf(context, user, found));
}

/** A user in the recycle bin is only switched off; its other attributes are no longer looked at. */
function changesOf(context: Context, user: SourceUser, found: Resource): readonly Change[] {
  const { mappings, dialect, roleMapping } = context;
  if (user.standing === "softDeleted") return diffActive(false, found["active"]);

  const values = mappedValues(mappings, user);
  const wanted = dialect.clears ? new Map([...values].map(([path, v]) => [path, v ?? ""])) : values;
  return [
    ...diffUser(mappings, { values: wanted, active: user.standing === "enabled" }, found),
    ...diffRoles(roleMapping, user.roles, found),
  ];
}

async function applyChanges(
  { endpoint, dialect, links, failed, journal }: Context,
  user: SourceUser,
  id: string,
  changes: readonly Change[],
): Promise<void> {
  if (changes.length === 0) return;
  const body = dialect.user(changes, hashOf(user.objectId + changes.length));
  const patched = await endpoint.patch("User", id, body);
  if (patched.kind === "failed") return void failed.add(user.objectId);

  const ignored = patched.kind === "updated" ? ignoredChanges(changes, patched.resource) : [];
  for (const change of ignored) {
    journal.violated("a PATCH is answered 200 with a user that is not changed", change);
  }

  const link = links.users.get(user.objectId);
  if (!link) return;
  links.users.set(user.objectId, { ...link, expected: expectChanged(link.expected, changes) });
}

async function deleteUser(context: Context, user: SourceUser, id: string): Promise<void> {
  const isDone = await context.endpoint.remove("User", id);
  const link = context.links.users.get(user.objectId);
  if (isDone && link) context.links.users.set(user.objectId, { ...link, isGone: true });
  else context.failed.add(user.objectId);
}

/**
 * The reference pass: the manager is sent once both exist at the endpoint. A manager that was
 * deleted or never provisioned is not sent, and what was sent before stays.
 */
export async function syncManager(context: Context, user: SourceUser): Promise<void> {
  const { links, endpoint, failed } = context;
  const link = links.users.get(user.objectId);
  if (!link || link.isGone || user.standing === "softDeleted") return;
  const wanted = user.managerId === undefined ? undefined : livingId(links, user.managerId);
  if (user.managerId !== undefined && wanted === undefined) return;
  if (wanted === undefined && link.expected.manager === undefined) return;

  const found = await endpoint.get("User", link.id);
  if (found.kind !== "found") return void failed.add(user.objectId);
  if (context.dialect.name === "legacy" && wanted !== undefined) {
    await checkReference(context, link.id, wanted);
  }
  await applyChanges(context, user, link.id, diffManager(wanted, managerIn(found.resource)));
}

/** The oldest job asks whether the reference holds, without quotes around the ids. */
async function checkReference({ endpoint }: Context, id: string, manager: string): Promise<void> {
  const filter = filterQuery(`id eq ${id} and manager eq ${manager}`);
  await endpoint.query("check", "User", `${filter}&attributes=id`);
}
