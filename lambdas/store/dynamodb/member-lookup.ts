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
  const look = async (kinds: readonly Kind[], consistent: boolean) => {
    const missing = wanted.filter((id) => isId(id) && !found.has(id));
    for (const member of await existing(table, tenant, kinds, missing, consistent))
      found.set(member.id, member.type);
  };

  // Most are users that have been there for a while; only what is not found so is worth the full
  // price. A single one may as well be asked for as a group at once: half a unit, not a call more.
  await look(wanted.length === 1 ? ["USER", "GROUP"] : ["USER"], false);
  await look(["USER", "GROUP"], true);

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
  kinds: readonly Kind[],
  ids: readonly string[],
  consistent: boolean,
): Promise<readonly Member[]> {
  const keys = kinds.flatMap((kind) => ids.map((id) => resourceKey(tenant, kind, id)));
  const items = await getItems(table, keys, { consistent, only: "sk" });
  return items.map(({ sk }) => {
    const [kind, id = ""] = String(sk).split("#");
    return { id, type: kind === "USER" ? "User" : "Group" };
  });
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
