import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { Authenticator } from "../../lambdas/auth/principal.ts";
import { readTenantSettings } from "../../lambdas/auth/tenant-settings.ts";
import { standardTypes } from "../../lambdas/scim/resource-types.ts";
import { userUrn } from "../../lambdas/scim/urns.ts";
import { aTenant } from "../support/deployment.ts";
import { aService, type Service } from "../support/service.ts";
import { itemsOf } from "../support/store.ts";

const tenant = aTenant();

/** A way to authenticate that has nothing to do with tokens of ours. */
const tickets: Authenticator = {
  recognises: (text) => text.startsWith("ticket."),
  verify: async (text) =>
    text === "ticket.good"
      ? {
          tenant,
          credential: { kind: "ticket", id: "number-7" },
          scopes: ["users:read", "users:write"],
          settings: readTenantSettings({}),
        }
      : undefined,
};

let service: Service;
beforeAll(async () => {
  service = await aService({}, standardTypes, [tickets]);
});
afterAll(() => service.stop());

const create = (token: string) =>
  service.send("POST /Users", { token, body: { schemas: [userUrn], userName: "a" } });

test("a second way to authenticate is all that it takes: no route knows which it was", async () => {
  expect((await create("ticket.good")).status).toBe(201);
  expect((await create("ticket.bad")).status).toBe(401);
  expect((await create("permit.good")).status).toBe(401);
  // Its scopes and its tenant hold as those of a token do.
  expect((await service.send("GET /Groups", { token: "ticket.good" })).status).toBe(403);
  const { token } = await service.tenant();
  const list = async (by: string) => (await service.send("GET /Users", { token: by })).body;
  expect(await list("ticket.good")).toMatchObject({ totalResults: 1 });
  expect(await list(token)).toMatchObject({ totalResults: 0 });
});

test("a log line names the credential by its kind and id", async () => {
  const { token, tokenId } = await service.tenant();
  service.logged.length = 0;
  await service.send("GET /Users", { token: "ticket.good" });
  await service.send("GET /Users", { token });
  await service.send("GET /Users", { token: "ticket.bad" });
  const lines = service.logged as [string, { credential?: object }][];
  expect(lines.map(([, line]) => line.credential)).toEqual([
    { kind: "ticket", id: "number-7" },
    { kind: "token", id: tokenId },
    undefined,
  ]);
});

test("only of tokens is kept when they were used", async () => {
  await service.send("GET /Users", { token: "ticket.good" });
  const kept = (await itemsOf(tenant)).filter(({ pk }) => String(pk).endsWith("#TOKENS"));
  expect(kept).toEqual([]);
});

test("no route looks at a credential", () => {
  const root = join(import.meta.dirname, "../../lambdas");
  const rooms = "{bulk,discovery,entra,groups,resources,scim,search,users}/**/*.ts";
  const files = globSync(rooms, { cwd: root });
  const looking = /\bcredential\b|\btokenId\b|auth\/(?!principal|scopes|tenant-settings)/;
  expect(files.length).toBeGreaterThan(50);
  expect(files.filter((file) => looking.test(readFileSync(join(root, file), "utf8")))).toEqual([]);
});
