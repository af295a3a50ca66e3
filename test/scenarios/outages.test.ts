import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { DynamoDBClient, ListTablesCommand } from "@aws-sdk/client-dynamodb";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { formatToken, newTokenId } from "../../lambdas/auth/token.ts";
import { type LocalRun, startLocalRun } from "../support/local-run.ts";

const cacheMs = 5000;
/** So long a failed look holds off the next one. */
const holdOffMs = 5000;

let run: LocalRun;
beforeAll(async () => {
  run = await startLocalRun({ args: ["-c", `credentialCacheSeconds=${cacheMs / 1000}`] });
}, 120_000);
afterAll(() => run.stop());

const aws = () => ({
  region: run.env.AWS_REGION ?? "",
  credentials: {
    accessKeyId: run.env.AWS_ACCESS_KEY_ID ?? "",
    secretAccessKey: run.env.AWS_SECRET_ACCESS_KEY ?? "",
  },
});

async function setFaults(spec: string): Promise<void> {
  const url = `${run.env.AWS_ENDPOINT_URL_DYNAMODB}/_faults`;
  expect((await fetch(url, { method: "PUT", body: spec })).status).toBe(200);
}

const issueToken = async (): Promise<string> => String((await askToIssue()).token);

async function askToIssue() {
  const lambda = new LambdaClient({ ...aws(), endpoint: run.env.AWS_ENDPOINT_URL_LAMBDA ?? "" });
  const message = { action: "token.issue", tenant: run.tenantId };
  const { Payload } = await lambda.send(
    new InvokeCommand({
      FunctionName: run.env.ROLLCALL_ADMIN_FUNCTION,
      Payload: JSON.stringify(message),
    }),
  );
  lambda.destroy();
  return JSON.parse(Buffer.from(Payload ?? []).toString());
}

const using = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });
const statusOf = async (path: string, init: RequestInit = {}) =>
  (await run.request(path, init)).status;

/** Not 401, which would have Entra give the customer up. */
async function expectPostponed(answer: Response): Promise<void> {
  const wait = Number(answer.headers.get("retry-after"));
  expect({ status: answer.status, body: await answer.json() }).toMatchObject({
    status: 503,
    body: { status: "503", detail: expect.stringContaining("cannot be checked right now") },
  });
  expect(wait).toBeGreaterThan(0);
}

/** Functions that nobody has called yet know of no tenant. */
const coldCalls: Readonly<Record<string, () => Promise<Response>>> = {
  down: () => run.request("/Groups"),
  throttled: () => run.request("/.search", posting({})),
  slow: () => run.request("/Bulk", posting({ Operations: [] })),
};
const posting = (body: object) => ({
  method: "POST",
  headers: { "Content-Type": "application/scim+json" },
  body: JSON.stringify(body),
});

test("while Secrets Manager is away, known tokens go on past the cache time and what is not known waits; then all is well by itself", async () => {
  expect(await statusOf("/Users")).toBe(200);
  const late = await issueToken();
  const made = formatToken(run.tenantId, newTokenId(randomBytes), randomBytes);

  await setFaults("secrets=down");
  await expectPostponed(await run.request("/Users", using(late)));
  await sleep(cacheMs + 100);
  for (const [state, coldCall] of Object.entries(coldCalls)) {
    await setFaults(`secrets=${state}`);
    await expectPostponed(await coldCall());
    expect(await statusOf("/Users")).toBe(200);
    await expectPostponed(await run.request("/Users", using(made)));
    // What is wrong whatever Secrets Manager says is told at once.
    expect(await statusOf("/Users", using("rc_mistyped"))).toBe(401);
  }

  await setFaults("");
  await sleep(holdOffMs);
  for (const coldCall of Object.values(coldCalls))
    expect((await coldCall()).status).toBeLessThan(401);
  expect(await statusOf("/Users", using(late))).toBe(200);
  expect(await statusOf("/Users")).toBe(200);
  await sleep(holdOffMs);
  expect(await statusOf("/Users", using(made))).toBe(401);
}, 60_000);

test.each(["down", "throttled", "slow"])(
  "while Secrets Manager is %s, an operator is told so",
  async (state) => {
    await setFaults(`secrets=${state}`);
    expect(await askToIssue()).toEqual({
      ok: false,
      error: {
        code: "unavailable",
        message: expect.stringMatching(/^Secrets Manager, .* may or may not have been/),
      },
    });
    await setFaults("");
  },
  30_000,
);

test("a suspended tenant is answered 403 with the reason once the cache time is over, in an outage of Secrets Manager too", async () => {
  const db = new DynamoDBClient({ ...aws(), endpoint: run.env.AWS_ENDPOINT_URL_DYNAMODB ?? "" });
  const [TableName = ""] = (await db.send(new ListTablesCommand())).TableNames ?? [];
  const suspend = new UpdateCommand({
    TableName,
    Key: { pk: "TENANTS", sk: `TENANT#${run.tenantId}` },
    UpdateExpression: "SET #state = :suspended",
    ExpressionAttributeNames: { "#state": "state" },
    ExpressionAttributeValues: { ":suspended": "suspended" },
  });
  await db.send(suspend);
  db.destroy();
  await setFaults("secrets=down");
  await sleep(cacheMs + 100);
  const answer = await run.request("/Users");
  expect({ status: answer.status, body: await answer.json() }).toMatchObject({
    status: 403,
    body: { detail: expect.stringContaining("suspended") },
  });
}, 30_000);
