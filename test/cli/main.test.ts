import { spawn } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type AwsStandIn, startAwsStandIn } from "../support/aws-stand-in.ts";
import { type LocalRun, startLocalRun } from "../support/local-run.ts";
import { ended, launcher, rollcall } from "../support/rollcall-command.ts";

let run: LocalRun;
let aws: AwsStandIn;
/** How an operator of the local run, who has exported its environment, calls the command. */
const onRun = (line: string, input?: string) => rollcall(line.split(" "), run.env, input);
/** How an operator of a stack calls it: CloudFormation says that the function is the local run's. */
const onStack = (line: string) => {
  const { ROLLCALL_ADMIN_FUNCTION: _, ...env } = run.env;
  return rollcall(line.split(" "), { ...env, AWS_ENDPOINT_URL_CLOUDFORMATION: aws.url });
};

beforeAll(async () => {
  run = await startLocalRun();
  const outputs = {
    AdminFunctionName: run.env.ROLLCALL_ADMIN_FUNCTION ?? "",
    TenantUrl: "https://abc.execute-api.eu-west-1.amazonaws.com/prod/scim/v2",
  };
  aws = await startAwsStandIn([
    { name: "Rollcall", outputs },
    { name: "Half", outputs: {}, status: "ROLLBACK_COMPLETE" },
  ]);
}, 120_000);
afterAll(async () => {
  await aws.stop();
  await run.stop();
});

test("an operator makes a tenant and a token, rotates it, and revokes the old one", async () => {
  const created = await onRun("tenant create acme tombstoneDays=90");
  expect(created).toMatchObject({ code: 0, out: expect.stringMatching(/tombstoneDays +90\n/) });

  const again = await onRun("tenant create acme --json");
  expect(again).toMatchObject({ code: 1, err: expect.stringContaining('a tenant "acme" already') });
  expect(JSON.parse(again.out)).toMatchObject({ ok: false, error: { code: "tenantExists" } });

  const issued = await onRun("token issue acme --name Entra");
  expect(issued.out).toMatch(/^rc_acme_\w+\n$/);

  const rotated = await onRun("token rotate acme --overlap 72h --json");
  const { token, replaces } = JSON.parse(rotated.out);
  expect(await statusWith(token)).toBe(200);

  const listed = await onRun("token list acme");
  expect(listed.out.split("\n").slice(1, 3)).toEqual([
    expect.stringMatching(/ active /),
    expect.stringMatching(/ active /),
  ]);

  const unasked = await onRun(`token revoke acme ${replaces.tokenId}`);
  expect(unasked).toMatchObject({ code: 2, out: "", err: expect.stringContaining("add --yes") });

  const revoked = await onRun(`token revoke acme ${replaces.tokenId} --yes --json`);
  expect(JSON.parse(revoked.out)).toMatchObject({ ok: true, state: "revoked" });
});

const statusWith = async (token: string) => {
  const headers = { authorization: `Bearer ${token}` };
  return (await run.request("/Users?count=1", { headers })).status;
};

describe("the deployment", () => {
  test("is the one that the environment names, and that is said", async () => {
    const { out, err } = await onRun("where --json");
    const functionName = run.env.ROLLCALL_ADMIN_FUNCTION;
    expect(JSON.parse(out)).toMatchObject({ functionName, foundBy: "ROLLCALL_ADMIN_FUNCTION" });
    expect(err).toContain(`acting on function ${functionName} at http://127.0.0.1:`);
  });

  test("is the local run whose ready file there is, and that is said", async () => {
    const env = { ROLLCALL_READY_FILE: run.readyFile };
    const [found, listed] = await Promise.all([
      rollcall(["where"], env),
      rollcall(["tenant", "list", "--local"], env),
    ]);
    expect(found.out).toContain(run.tenantUrl);
    expect(found.err).toContain("acting on the local run");
    expect(listed).toMatchObject({ code: 0, err: "", out: expect.stringContaining("demo") });
  });

  test("is the stack, by whose outputs the function is found", async () => {
    const [found, listed] = await Promise.all([onStack("where"), onStack("tenant list")]);
    expect(found.out).toContain("stack Rollcall in account 123456789012, us-east-1");
    // What a shell has exported leads elsewhere, and nobody shall overlook that.
    expect(found.out).toContain(`by way of ${run.env.AWS_ENDPOINT_URL_LAMBDA}`);
    expect(found.out).toContain("https://abc.execute-api.eu-west-1.amazonaws.com/prod/scim/v2");
    expect(listed).toMatchObject({ code: 0, out: expect.stringContaining("demo") });
  });

  test("that was killed and left its ready file is no deployment", async () => {
    const file = join(mkdtempSync(join(tmpdir(), "rollcall-left-")), "running.json");
    const child = spawn("true");
    await new Promise((resolve) => child.on("exit", resolve));
    writeFileSync(file, JSON.stringify({ ...run, pid: child.pid }));
    const { code, err } = await rollcall(["where", "--local"], { ROLLCALL_READY_FILE: file });
    expect({ code, err }).toEqual({
      code: 3,
      err: "rollcall: No local run of this checkout is up: start it with `npm start`.\n",
    });
  });

  test.each([
    {
      what: "a stack that is not there",
      args: ["where", "--stack", "Rollcal"],
      says: 'There is no stack "Rollcal" in us-east-1',
    },
    {
      what: "a stack that was not deployed to its end",
      args: ["where", "--stack", "Half"],
      says: 'The stack "Half" in us-east-1 (ROLLBACK_COMPLETE) has no output AdminFunctionName',
    },
  ])("is not found in $what", async ({ args, says }) => {
    const { code, err } = await onStack(args.join(" "));
    expect({ code, err }).toEqual({ code: 3, err: expect.stringContaining(says) });
  });

  test("is not found without credentials or a region, and that is said in one line", async () => {
    const [nobody, nowhere] = await Promise.all([
      rollcall(["tenant", "list"], { AWS_REGION: "eu-west-1" }),
      rollcall(["tenant", "list"], {}),
    ]);
    expect(nobody).toMatchObject({ code: 3, out: "" });
    expect(nobody.err).toMatch(/^rollcall: No AWS credentials were found: .*\n$/);
    expect(nowhere).toMatchObject({ code: 3, out: "" });
    expect(nowhere.err).toMatch(/^rollcall: No region is known: .*\n$/);
  });

  test("that has ended is told from one that refuses", async () => {
    const env = { ...run.env, AWS_ENDPOINT_URL_LAMBDA: "http://127.0.0.1:9" };
    const { code, err } = await rollcall(["tenant", "list"], env);
    expect({ code, err }).toEqual({
      code: 4,
      err: expect.stringContaining("Nobody listens there"),
    });
  });
});

describe("the launcher", () => {
  test("runs from a checkout by npx, without a warning", async () => {
    const cache = mkdtempSync(join(tmpdir(), "rollcall-npx-"));
    const env = { ...run.env, npm_config_cache: cache, npm_config_offline: "true" };
    const { code, out, err } = await ended("npx", ["rollcall", "tenant", "list", "--json"], env);
    expect(JSON.parse(out)).toMatchObject({ ok: true });
    expect({ code, err }).toEqual({ code: 0, err: expect.not.stringMatching(/warning/i) });
  });

  test("does not mind that nobody reads on", async () => {
    const { code, out, err } = await ended(
      "bash",
      ["-c", `${launcher} tenant list | true; echo "\${PIPESTATUS[0]}"`],
      run.env,
    );
    expect({ code, out, err }).toEqual({
      code: 0,
      out: "0\n",
      err: expect.not.stringContaining("EPIPE"),
    });
  });

  // Other systems have a `script` with other options.
  const onLinux = process.platform === "linux" ? test : test.skip;

  onLinux("takes Ctrl-D at a question for no answer, and says so", async () => {
    const inTerminal = ["-qec", `${launcher} token whois`, "/dev/null"];
    const child = spawn("script", inTerminal, { stdio: ["pipe", "pipe", "ignore"] });
    let shown = "";
    let hasEnded = false;
    child.stdout.on("data", (chunk) => {
      // Until it is asked, the terminal takes Ctrl-D itself.
      shown += chunk;
      if (shown.includes("└") && !hasEnded) {
        hasEnded = true;
        child.stdin.write("\x04");
      }
    });
    const code = await new Promise((resolve) => child.on("exit", resolve));
    expect({ code, shown }).toEqual({
      code: 2,
      shown: expect.stringContaining("rollcall: There was no answer; nothing more was done."),
    });
  });

  test("passes a signal on, and ends by it", async () => {
    // What never answers keeps the command waiting.
    const silent = await startAwsStandIn();
    silent.answer({ body: {}, isSilent: true });
    const child = spawn(launcher, ["tenant", "list"], {
      env: { ...process.env, NODE_OPTIONS: "", ...run.env, AWS_ENDPOINT_URL_LAMBDA: silent.url },
      stdio: "ignore",
    });
    while (silent.messages.length === 0) await sleep(20);
    const end = new Promise((resolve) => child.on("exit", (_, signal) => resolve(signal)));
    child.kill("SIGTERM");
    expect(await end).toBe("SIGTERM");
    await silent.stop();
  });
});

describe("completion", () => {
  test("has a script for each shell", async () => {
    const shells = ["bash", "zsh", "fish", "powershell"];
    const scripts = await Promise.all(shells.map((shell) => rollcall(["completion", shell], {})));
    for (const { code, out, err } of scripts) {
      expect({ code, err }).toEqual({ code: 0, err: "" });
      expect(out).toContain("rollcall complete");
    }
    const [bash] = scripts;
    expect(await ended("bash", ["-n"], {}, bash?.out)).toMatchObject({ code: 0, err: "" });
  });

  test("offers commands, options, settings and their values", async () => {
    const cases = [
      { typed: ["tenant", "su"], offers: "suspend" },
      { typed: ["tenant", "set", "acme", "seat"], offers: "seatLimit=" },
      { typed: ["tenant", "set", "acme", "strict"], offers: "strictness=rfc" },
      { typed: ["token", "rotate", "acme", "--ov"], offers: "--overlap" },
      { typed: ["user", "erase", "--sta"], offers: "--stack" },
      { typed: ["token", "issue", "acme", "--scope", "groups:"], offers: "groups:read" },
    ];
    const offered = await Promise.all(
      cases.map(({ typed }) => rollcall(["complete", "--", ...typed], {})),
    );
    for (const [at, { offers }] of cases.entries())
      expect(offered[at]?.out.split("\n").map((line) => line.split("\t")[0])).toContain(offers);
  });
});
