import { invalidValue } from "../../scim/errors.ts";
import type { GroupRules, Member } from "../store.ts";
import { isId, type Kind, resourceKey } from "./keys.ts";
import { getItems } from "./read.ts";
import type { Table } from "./table.ts";

/**
 * Tells of each id whether it is a user or a group of the tenant.
 * @throws ScimError 400 `invalidValue` naming those that are neither, unless the tenant wants them ignored.
 */
export async function lookUpMembers(
  table: Table,
  tenant: string,
  ids: readonly string[],
  rules: Pick<GroupRules, "unknownMembers">,
): Promise<readonly Member[]> {
  const wanted = [...new Set(ids)];
  const found = new Map<string, Member["type"]>();
  const look = async (kind: Kind, consistent: boolean) => {
    const missing = wanted.filter((id) => isId(id) && !found.has(id));
    for (const id of await existing(table, tenant, kind, missing, consistent))
      found.set(id, kind === "USER" ? "User" : "Group");
  };

  // Most are users that have been there for a while; only what is not found so is worth the full price.
  await look("USER", false);
  await Promise.all([look("USER", true), look("GROUP", true)]);

  const unknown = wanted.filter((id) => !found.has(id));
  if (unknown.length > 0 && rules.unknownMembers === "refuse") throw unknownMembers(unknown);
  return [...found].map(([id, type]) => ({ id, type }));
}

function unknownMembers(ids: readonly string[]) {
  const named = ids.slice(0, 5).map((id) => `"${id.slice(0, 100)}"`);
  const more = ids.length > named.length ? ` and ${ids.length - named.length} more` : "";
  return invalidValue(
    `members: ${named.join(", ")}${more} is neither a user nor a group here; provision it first.`,
  );
}

async function existing(
  table: Table,
  tenant: string,
  kind: Kind,
  ids: readonly string[],
  consistent: boolean,
): Promise<readonly string[]> {
  const keys = ids.map((id) => resourceKey(tenant, kind, id));
  const items = await getItems(table, keys, { consistent, only: "sk" });
  return items.map((item) => String(item.sk).slice(kind.length + 1));
}

/** Those of `members` that are there still; they were looked up when their change was committed, a while ago. */
export async function living(
  table: Table,
  tenant: string,
  members: readonly Member[],
): Promise<readonly Member[]> {
  const kindOf = ({ type }: Member): Kind => (type === "Group" ? "GROUP" : "USER");
  const keys = members.map((member) => resourceKey(tenant, kindOf(member), member.id));
  const items = await getItems(table, keys, { consistent: true, only: "sk" });
  const found = new Set(items.map(({ sk }) => String(sk)));
  return members.filter((member) => found.has(`${kindOf(member)}#${member.id}`));
}
