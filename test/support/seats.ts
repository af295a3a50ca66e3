import type { Stored } from "../../lambdas/scim/stored.ts";
import { seats } from "../../lambdas/store/dynamodb/seats.ts";
import { userStore } from "../../lambdas/store/dynamodb/users.ts";
import { aTenant, aUser, defaultRules, testTable } from "./store.ts";

/** What refuses whoever comes when all of so many seats are taken. */
export const allTaken = (limit: number) => ({
  status: 400,
  scimType: undefined,
  detail: `All ${limit} seats of this tenant are taken; disable or delete users, or ask the operator of this service for more.`,
});

/** The rules of a tenant with so many seats, as a writer knows them. */
export const withSeats = (seatLimit: number) => ({ ...defaultRules, seatLimit });

/** A tenant that has had this limit from the beginning, and so many users with a seat. */
export async function aLimitedTenant(limit: number, active = 0) {
  const tenant = aTenant();
  const users = userStore(testTable());
  await seats(testTable()).setLimit(tenant, limit);
  const created: Stored[] = [];
  for (let at = 0; at < active; at++)
    created.push(await users.create(tenant, aUser(), withSeats(limit)));
  return { tenant, rules: withSeats(limit), users: created };
}
