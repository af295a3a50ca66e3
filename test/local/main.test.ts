import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  mkdtempSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { failLocalRun, type LocalRun, startLocalRun } from "../support/local-run.ts";

const dataDir = mkdtempSync(join(tmpdir(), "rollcall-data-"));

let run: LocalRun;
beforeAll(async () => {
  run = await startLocalRun({ args: ["--data-dir", dataDir] });
}, 120_000);
afterAll(() => run.stop());

test("the ready file holds what a program needs, and only its owner can read it", () => {
  const ready = JSON.parse(readFileSync(run.readyFile, "utf8"));
  expect(ready).toEqual({
    tenantUrl: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/prod\/scim\/v2$/),
    tenantId: "demo",
    token: expect.stringMatching(/^rc_demo_/),
    pid: run.pid,
    env: {
      AWS_ENDPOINT_URL_LAMBDA: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      AWS_ENDPOINT_URL_DYNAMODB: ready.env.AWS_ENDPOINT_URL_LAMBDA,
      AWS_ENDPOINT_URL_SECRETS_MANAGER: ready.env.AWS_ENDPOINT_URL_LAMBDA,
      AWS_ENDPOINT_URL_SQS: ready.env.AWS_ENDPOINT_URL_LAMBDA,
      AWS_REGION: "us-east-1",
      AWS_DEFAULT_REGION: "us-east-1",
      AWS_ACCESS_KEY_ID: expect.stringMatching(/^[A-Za-z0-9]+$/),
      AWS_SECRET_ACCESS_KEY: expect.stringMatching(/^[A-Za-z0-9]+$/),
      ROLLCALL_ADMIN_FUNCTION: expect.stringContaining("Admin"),
      ROLLCALL_DEAD_LETTER_QUEUE: expect.stringMatching(
        /^http:\/\/127\.0\.0\.1:\d+\/0{12}\/Rollcall-\w*DeadLetters\w*-\w+$/,
      ),
    },
  });
  expect(statSync(run.readyFile).mode & 0o777).toBe(0o600);
});

test("it prints what a person pastes into Entra, and what to try next", () => {
  for (const text of [run.tenantUrl, run.token, "npm run entra -- --users 500 --groups 20", "curl"])
    expect(run.output()).toContain(text);
});

test("requests are served", async () => {
  const response = await run.request("/Users?count=1");
  expect(response.status).toBe(200);
  expect(await response.json()).toMatchObject({ totalResults: 0 });
});

test("the admin function is invoked through the SDK with the environment of the ready file", async () => {
  const lambda = new LambdaClient({
    endpoint: run.env.AWS_ENDPOINT_URL_LAMBDA ?? "",
    region: run.env.AWS_REGION ?? "",
    credentials: {
      accessKeyId: run.env.AWS_ACCESS_KEY_ID ?? "",
      secretAccessKey: run.env.AWS_SECRET_ACCESS_KEY ?? "",
    },
  });
  const message = { action: "tenant.list" };
  const { Payload: payload, FunctionError: fault } = await lambda.send(
    new InvokeCommand({
      FunctionName: run.env.ROLLCALL_ADMIN_FUNCTION,
      Payload: JSON.stringify(message),
    }),
  );
  expect(fault).toBeUndefined();
  expect(JSON.parse(Buffer.from(payload ?? []).toString())).toMatchObject({ ok: true });
});

test("a port in use is said in one line", async () => {
  const taken = createServer().listen(0, "127.0.0.1");
  await once(taken, "listening");
  const { port } = new URL(
    `http://${JSON.stringify(taken.address()).replace(/.*"port":(\d+).*/, "x:$1")}`,
  );

  const { code, output } = await failLocalRun({ args: ["--port", port] });

  expect({ code, output }).toEqual({
    code: 1,
    output: `Port ${port} is in use; choose another with --port, or --port 0 for any that is free.\n`,
  });
  taken.close();
});

test("a second run on the same data is said in one line", async () => {
  const { code, output } = await failLocalRun({ args: ["--data-dir", dataDir] });
  expect(code).toBe(1);
  expect(output).toMatch(/^The data directory .+ is in use by another run \(process \d+\); .+\n$/);
});

test("a data directory that cannot be one is said in one line", async () => {
  const file = join(mkdtempSync(join(tmpdir(), "rollcall-data-")), "file");
  writeFileSync(file, "");
  const { code, output } = await failLocalRun({ args: ["--data-dir", join(file, "data")] });
  expect(code).toBe(1);
  expect(output).toMatch(/^The data directory .+ cannot be used: .+\n$/);
});

/** A PATH on which there is nothing but this `java`, if any. */
function pathWith(java: string | undefined): string {
  const folder = mkdtempSync(join(tmpdir(), "rollcall-path-"));
  symlinkSync("/bin/sh", join(folder, "sh"));
  if (java !== undefined)
    writeFileSync(join(folder, "java"), `#!/bin/sh\n${java}\n`, { mode: 0o755 });
  return folder;
}

test.each([
  { java: undefined, says: /^Java was not found; .*Java 17.*apt-get install.*brew install.*\n$/ },
  {
    java: 'echo "Exception: java.lang.UnsupportedClassVersionError: x" >&2; exit 1',
    says: /^The Java that was found is too old; .*Java 17.*\n$/,
  },
])("without a Java that fits it says how to get one", async ({ java, says }) => {
  const { code, output } = await failLocalRun({ env: { PATH: pathWith(java) } });
  expect(code).toBe(1);
  expect(output).toMatch(says);
});

test("a ready file of an earlier run misleads nobody", async () => {
  const readyFile = join(mkdtempSync(join(tmpdir(), "rollcall-ready-")), "ready.json");
  writeFileSync(readyFile, "{}");
  const { code } = await failLocalRun({
    args: ["--ready-file", readyFile, "--data-dir", dataDir],
  });
  expect(code).toBe(1);
  expect(existsSync(readyFile)).toBe(false);
});

test("a signal to npm ends what npm started", async () => {
  const readyFile = join(mkdtempSync(join(tmpdir(), "rollcall-ready-")), "ready.json");
  const args = ["--port", "0", "--unlisted", "--ready-file", readyFile];
  const { NODE_OPTIONS: _, ...env } = process.env;
  const npm = spawn("npm", ["start", "--", ...args], { env, stdio: "ignore" });
  try {
    expect(await within(60, () => existsSync(readyFile))).toBe(true);
    const { tenantUrl } = JSON.parse(readFileSync(readyFile, "utf8"));
    expect((await fetch(tenantUrl)).status).toBe(401);

    npm.kill("SIGTERM");

    expect(await within(3, () => !existsSync(readyFile))).toBe(true);
    await sleep(600);
    await expect(fetch(tenantUrl)).rejects.toThrow("fetch failed");
  } finally {
    // What is left would keep the test run from ending.
    npm.kill("SIGTERM");
  }
}, 90_000);

test("an option that is not known is refused", async () => {
  const { code, output } = await failLocalRun({ args: ["--prot", "1"] });
  expect(code).toBe(1);
  expect(output).toContain("unknown option '--prot'");
});

const engineRuns = () => {
  const pid = readFileSync(join(dataDir, "dynamodb/engine.pid"), "utf8");
  return spawnSync("kill", ["-0", pid]).status === 0;
};

async function within(seconds: number, holds: () => boolean): Promise<boolean> {
  for (let waited = 0; waited < seconds; waited += 0.05) {
    if (holds()) return true;
    await sleep(50);
  }
  return holds();
}

test("after SIGKILL the engine ends too, and the next run on the same data has them whole", async () => {
  const body = JSON.stringify({
    schemas: ["urn:ietf:params:scim:schemas:core:2.0:User"],
    userName: "kept@example.com",
  });
  const headers = { "Content-Type": "application/scim+json" };
  expect((await run.request("/Users", { method: "POST", headers, body })).status).toBe(201);
  const { token } = run;
  await run.stop("SIGKILL");

  run = await startLocalRun({ args: ["--data-dir", dataDir] });

  expect(run.token).toBe(token);
  expect(await (await run.request("/Users")).json()).toMatchObject({ totalResults: 1 });
}, 30_000);

test("SIGTERM ends it and the engine within 3 s, and takes the ready file away", async () => {
  expect(engineRuns()).toBe(true);
  const startedAt = Date.now();
  expect(await run.stop()).toBe(0);
  expect(Date.now() - startedAt).toBeLessThan(3000);
  expect(engineRuns()).toBe(false);
  expect(existsSync(run.readyFile)).toBe(false);
  expect(existsSync(join(dataDir, "lock"))).toBe(false);
});

test("a run that is ended while it starts leaves no engine behind", async () => {
  const starting = startLocalRun({ args: ["--data-dir", dataDir] }).catch(() => undefined);
  const pidFile = join(dataDir, "dynamodb/engine.pid");
  const before = readFileSync(pidFile, "utf8");
  await within(10, () => readFileSync(pidFile, "utf8") !== before);
  process.kill(Number(readFileSync(join(dataDir, "lock"), "utf8")), "SIGTERM");

  expect(await starting).toBeUndefined();
  expect(engineRuns()).toBe(false);
});
