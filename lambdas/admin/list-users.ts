import { isArray, isObject } from "../scim/json.ts";
import type { Stored } from "../scim/stored.ts";
import type { Message } from "./messages.ts";
import type { AdminPorts } from "./ports.ts";
import { keptTenant } from "./tenant-entry.ts";

/** A page of a tenant's users, by what a sync knows them; `next` goes into the next message as `after`. */
export async function listUsers(
  { tenants, users }: AdminPorts,
  { tenant, limit, after }: Message<"user.list">,
) {
  await keptTenant({ tenants }, tenant);
  const page: Stored[] = [];
  for await (const user of users.store.each(tenant, { after, most: limit + 1 })) {
    page.push(user);
    if (page.length > limit) break;
  }
  const shown = page.slice(0, limit);
  const next = page.length > limit ? { next: shown.at(-1)?.id } : {};
  return { tenant, users: shown.map(listed), ...next };
}

function listed({ id, resource, created }: Stored) {
  const { userName, externalId, active, emails = [] } = resource;
  const values = isArray(emails) ? emails.filter(isObject).map(({ value }) => value) : [];
  return { id, userName, externalId, active, emails: values, created };
}
