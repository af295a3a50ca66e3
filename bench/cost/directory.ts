import { BatchWriteCommand } from "@aws-sdk/lib-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import { v7 as newId } from "uuid";
import type { JsonObject } from "../../lambdas/scim/json.ts";
import { enterpriseUserUrn, groupUrn, userUrn } from "../../lambdas/scim/urns.ts";
import { textOf } from "../../lambdas/store/dynamodb/indexing.ts";
import { toItem } from "../../lambdas/store/dynamodb/items.ts";
import { putMember } from "../../lambdas/store/dynamodb/memberships.ts";
import { inTurns } from "../../lambdas/store/dynamodb/read.ts";
import type { Table } from "../../lambdas/store/dynamodb/table.ts";
import { itemBytes } from "./item-size.ts";
import type { Answer, Sent, Service } from "./service.ts";

/** A tenant in which operations are measured, and ways to fill it. */
export interface Directory {
  readonly tenant: string;
  readonly send: (sent: Sent) => Promise<Answer>;
  /** A user that is not there yet, of about so many bytes in the table. */
  readonly aUser: (bytes?: number) => JsonObject;
  readonly addUser: (bytes?: number) => Promise<User>;
  readonly addUsers: (count: number) => Promise<readonly string[]>;
  readonly aGroup: () => JsonObject;
  /** The id of a new group with these members. */
  readonly addGroup: (members?: readonly string[]) => Promise<Group>;
  /** Puts so many memberships into a group, of ids that no user has. */
  readonly fill: (groupId: string, members: number) => Promise<void>;
}

export interface User {
  readonly id: string;
  readonly userName: string;
  readonly externalId: string;
  readonly email: string;
  readonly body: JsonObject;
}

export interface Group {
  readonly id: string;
  readonly displayName: string;
}

/** The size of a user in the table for which the design states its budgets: two write units, one read unit. */
export const fullUser = 2000;

/** Opens a new tenant. */
export async function openDirectory(
  service: Service,
  table: Table,
  tenant: string,
  settings: { seatLimit?: number } = {},
): Promise<Directory> {
  const token = await service.addTenant(tenant, settings);
  let made = 0;
  const next = () => String(++made).padStart(6, "0");

  const send = (sent: Sent) => service.send(token, sent);
  const sendFor = async (sent: Sent, status: number) => {
    const answer = await send(sent);
    if (answer.status !== status)
      throw new Error(
        `${sent.route} was answered ${answer.status}: ${JSON.stringify(answer.body)}`,
      );
    return answer.body;
  };
  const aUser = (bytes = fullUser) => userOf(tenant, next(), bytes);
  const addUser = async (bytes = fullUser): Promise<User> => {
    const number = next();
    const body = userOf(tenant, number, bytes);
    const created = await sendFor({ route: "POST /Users", body }, 201);
    return { id: textOf(created, "id"), ...namesOf(number), body };
  };
  const aGroup = () => ({
    schemas: [groupUrn],
    displayName: `Group ${next()}`,
    externalId: newId(),
  });

  // What is read first of a tenant is cached, as it is in a function that has answered before.
  await sendFor({ route: "GET /Users", query: { count: "0" } }, 200);
  return {
    tenant,
    send,
    aUser,
    addUser,
    addUsers: async (count) => {
      const add = async () => (await addUser(1000)).id;
      return inTurns(Array.from({ length: count }), add);
    },
    aGroup,
    addGroup: async (members = []) => {
      const values = members.map((value) => ({ value }));
      const body = { ...aGroup(), members: values };
      const created = await sendFor({ route: "POST /Groups", body }, 201);
      return { id: textOf(created, "id"), displayName: body.displayName };
    },
    fill: (groupId, members) => fill(table, tenant, groupId, members),
  };
}

const namesOf = (number: string) => ({
  userName: `user-${number}@example.com`,
  externalId: `a0c3e1d2-0000-4000-8000-000000${number}`,
  email: `first.last-${number}@example.com`,
});

/** A user as Entra sends one, made so many bytes long by its title. */
function userOf(tenant: string, number: string, bytes: number): JsonObject {
  const { userName, externalId, email } = namesOf(number);
  const bare: JsonObject = {
    schemas: [userUrn, enterpriseUserUrn],
    userName,
    externalId,
    active: true,
    displayName: `First Last ${number}`,
    name: { givenName: "First", familyName: "Last", formatted: `First Last ${number}` },
    emails: [{ type: "work", value: email, primary: true }],
    preferredLanguage: "en-GB",
    [enterpriseUserUrn]: { department: "Engineering", employeeNumber: number },
    title: "",
  };
  const now = new Date(0).toISOString();
  const stored = { id: newId(), resource: bare, version: 1, created: now, lastModified: now };
  const missing = bytes - itemBytes(marshall(toItem(tenant, "USER", stored)));
  return { ...bare, title: "x".repeat(Math.max(1, missing)) };
}

/** Written past the service: a group of 10,000 members is only there to be large. */
async function fill(table: Table, tenant: string, groupId: string, members: number) {
  const puts = Array.from({ length: members }, () => {
    const { Put } = putMember(table, tenant, groupId, { id: newId(), type: "User" });
    // Every put has its item.
    const { Item } = Put as { Item: Record<string, unknown> };
    return { PutRequest: { Item } };
  });
  const batches = Array.from({ length: Math.ceil(puts.length / 25) }, (_, at) =>
    puts.slice(at * 25, at * 25 + 25),
  );
  await inTurns(batches, async (batch) => {
    const written = await table.db.send(
      new BatchWriteCommand({ RequestItems: { [table.name]: batch } }),
    );
    if (Object.keys(written.UnprocessedItems ?? {}).length > 0)
      throw new Error("Not all memberships were written.");
  });
}
