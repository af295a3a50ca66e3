import type { Message } from "./messages.ts";
import type { AdminPorts } from "./ports.ts";

/** A page of tenants; `next` goes into the next message as `after`. */
export async function listTenants({ tenants }: AdminPorts, message: Message<"tenant.list">) {
  const { tenants: page, next } = await tenants.list(message.limit ?? 100, message.after);
  return next === undefined ? { tenants: page } : { tenants: page, next };
}
