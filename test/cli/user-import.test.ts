import { spawn } from "node:child_process";
import { appendFileSync, existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { type LocalRun, startLocalRun } from "../support/local-run.ts";
import { rollcall } from "../support/rollcall-command.ts";

let run: LocalRun;
beforeAll(async () => {
  run = await startLocalRun();
}, 120_000);
afterAll(() => run.stop());

const folder = mkdtempSync(join(tmpdir(), "rollcall-import-"));
let made = 0;

/** A tenant of the test's own, a token of it, and a CSV file. */
async function aTenantAndFile(lines: readonly string[]) {
  const tenant = `import-${made++}`;
  await called("tenant", "create", tenant);
  const { token } = JSON.parse((await called("token", "issue", tenant, "--json")).out);
  const path = join(folder, `${tenant}.csv`);
  writeFileSync(path, `${lines.join("\n")}\n`);
  const scim = async (method: string, url: string, body?: object) => {
    const headers = { authorization: `Bearer ${token}`, "content-type": "application/scim+json" };
    const init = { method, headers, ...(body && { body: JSON.stringify(body) }) };
    const answer = await run.request(url, init);
    return answer.status === 204 ? {} : answer.json();
  };
  const total = async () => Object(await scim("GET", "/Users?count=0")).totalResults;
  return { tenant, path, scim, total };
}

const called = (...args: readonly string[]) => rollcall(args, run.env);
const answerOf = ({ out }: { readonly out: string }) => JSON.parse(out);

/** Imports, and sends a signal to the command once it says that a tenth is done. */
async function cutOff(args: readonly string[], signal: NodeJS.Signals) {
  const main = join(import.meta.dirname, "../../cli/main.ts");
  const { PATH = "" } = process.env;
  const child = spawn(process.execPath, [main, ...args], { env: { PATH, ...run.env } });
  let err = "";
  let isSent = false;
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    err += text;
    if (!isSent && text.includes(" rows")) isSent = child.kill(signal);
  });
  const code = await new Promise((resolve) => child.on("close", resolve));
  return { code, err };
}

test.each([
  ["SIGINT", 4, "The same command goes on where it stopped"],
  ["SIGKILL", null, "rows"],
] as const)(
  "an import that %s cuts off half-way goes on where it stopped",
  async (signal, code, said) => {
    const people = Array.from({ length: 100 }, (_, at) => `u${at}@example.com,U${at}`);
    const { tenant, path, total } = await aTenantAndFile(["userName,first name", ...people]);
    const args = ["user", "import", tenant, path, "--batch", "5"];

    const stopped = await cutOff(args, signal);
    expect(stopped).toEqual({ code, err: expect.stringContaining(said) });
    const before = await total();
    expect(before).toBeGreaterThan(0);
    expect(before).toBeLessThan(100);
    // What a kill leaves of a line that was being written.
    if (signal === "SIGKILL") appendFileSync(`${path}.import-state`, '[{"line":1');

    const resumed = await called(...args, "--json");
    expect(resumed).toMatchObject({ code: 0, err: expect.stringContaining("Going on") });
    const { created, updated, unchanged } = answerOf(resumed).counts;
    expect(created + unchanged).toBe(100);
    expect(updated).toBe(0);
    // Only what was under way when it was killed is met again; an end that was asked for leaves nothing such.
    expect(unchanged).toBeLessThanOrEqual(signal === "SIGKILL" ? 15 : 0);
    expect(await total()).toBe(100);
    expect(existsSync(`${path}.import-state`)).toBe(false);
  },
  60_000,
);

test("refused rows are in a file with the reasons, which is corrected and imported", async () => {
  const { tenant, path, total } = await aTenantAndFile([
    "userName,active",
    "ann@example.com,True",
    "bob@example.com,perhaps",
    "cyd@example.com,True",
    "CYD@example.com,True",
  ]);
  const first = await called("user", "import", tenant, path, "--json");
  expect(first.code).toBe(1);
  expect(answerOf(first)).toMatchObject({
    ok: false,
    error: { code: "rowsRefused" },
    counts: { created: 1, refused: 1, duplicateRow: 2 },
    refused: [{ line: 3 }, { line: 4 }, { line: 5 }],
  });
  expect(await total()).toBe(1);

  const refused = path.replace(".csv", ".refused.csv");
  const text = readFileSync(refused, "utf8");
  expect(text).toContain("Lines 4, 5 have the same userName");
  // The second of the two that share a name is left out.
  const corrected = text.replace("perhaps", "False").split("\r\n").slice(0, 3);
  writeFileSync(refused, corrected.join("\r\n"));
  const second = await called("user", "import", tenant, refused);
  expect(second).toMatchObject({ code: 0, out: expect.stringMatching(/created +2\n/) });
  expect(await total()).toBe(3);
});

test("columns that nobody knows, and lines that are no rows, are told before anything is sent", async () => {
  const lines = ["userName,shoe size,groups", "ann,38,admins"];
  const { tenant, path, total } = await aTenantAndFile(lines);
  const unknown = await called("user", "import", tenant, path);
  expect(unknown).toMatchObject({
    code: 2,
    err: expect.stringMatching(/"shoe size"[^]*"groups": Only the service/),
  });
  writeFileSync(path, "userName,title\nann\n");
  const uneven = await called("user", "import", tenant, path);
  expect(uneven).toMatchObject({ code: 2, err: expect.stringContaining("line 2 has 1") });
  writeFileSync(path, lines.join("\n"));
  const keyless = await called("user", "import", tenant, path, "--key", "externalId");
  expect(keyless.code).toBe(2);
  expect(await total()).toBe(0);

  const without = await called(
    "user",
    "import",
    tenant,
    path,
    "--ignore-unknown-columns",
    "--json",
  );
  expect(answerOf(without)).toMatchObject({ ok: true, counts: { created: 1 } });
});

test("a dry run writes nothing, neither users nor files", async () => {
  const { tenant, path, total } = await aTenantAndFile(["userName,active", "ann,True", "bob,x"]);
  const dry = await called("user", "import", tenant, path, "--dry-run");
  expect(dry).toMatchObject({
    code: 1,
    out: expect.stringMatching(/would be +rows\ncreated +1\n/),
  });
  expect(await total()).toBe(0);
  expect(existsSync(`${path}.import-state`)).toBe(false);
  expect(existsSync(path.replace(".csv", ".refused.csv"))).toBe(false);
});

test("a dry run of several messages shares the seats that are free among all of them", async () => {
  const people = Array.from({ length: 9 }, (_, at) => `u${at}@example.com`);
  const { tenant, path } = await aTenantAndFile(["userName", ...people]);
  await called("tenant", "set", tenant, "seatLimit=4");
  const args = ["user", "import", tenant, path, "--batch", "3", "--json"];
  for (const more of [["--dry-run"], []]) {
    const ended = await called(...args, ...more);
    expect(ended.code).toBe(1);
    expect(answerOf(ended).counts).toMatchObject({ created: 4, refused: 5 });
  }
});

test("who was imported is found by Entra's query and linked: it creates only whom the report says", async () => {
  const { tenant, path, scim, total } = await aTenantAndFile([
    "login,email,first name",
    "ada@example.com,ada@example.com,Ada",
    "grace,grace@example.com,Grace",
    "alan@example.com,alan@example.com,Alan",
  ]);
  await called("user", "import", tenant, path);
  const synced = ["Ada@example.com", "grace@example.com", "new@example.com"];
  const download = join(folder, "entra.csv");
  const rows = synced.map((name, at) => `${name},${name.toLowerCase()},o-${at}`);
  writeFileSync(download, ["userPrincipalName,mail,objectId", ...rows].join("\n"));

  const report = join(folder, "report.csv");
  const byName = await called("user", "match", tenant, download, "--output", report);
  expect(byName).toMatchObject({
    code: 1,
    out: expect.stringMatching(/wouldDuplicate +1[^]*missed +1[^]*Match by another attribute/),
    err: expect.stringContaining("1 of the sync's 3 users"),
  });
  expect(readFileSync(report, "utf8")).toMatch(/wouldDuplicate,3,[^]*missed,/);
  const byMail = answerOf(
    await called("user", "match", tenant, download, "--on", "emails.value", "--json"),
  );
  expect(byMail.counts).toMatchObject({ matched: 2, created: 1, wouldDuplicate: 0, missed: 1 });

  // The sync, as Entra does it: ask, then change whom it finds, create whom it does not.
  const created: string[] = [];
  for (const [at, name] of synced.entries()) {
    const filter = encodeURIComponent(`emails[type eq "work"].value eq "${name}"`);
    const { Resources } = Object(await scim("GET", `/Users?filter=${filter}`));
    if (Resources.length === 0) {
      created.push(name);
      const schemas = ["urn:ietf:params:scim:schemas:core:2.0:User"];
      await scim("POST", "/Users", { schemas, userName: name, externalId: `o-${at}` });
      continue;
    }
    const Operations = [{ op: "Add", path: "externalId", value: `o-${at}` }];
    const schemas = ["urn:ietf:params:scim:api:messages:2.0:PatchOp"];
    const linked = await scim("PATCH", `/Users/${Resources[0].id}`, { schemas, Operations });
    expect(linked).toMatchObject({ externalId: `o-${at}` });
  }
  expect(created).toEqual(["new@example.com"]);
  expect(await total()).toBe(4);
});
