import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { readFaultRates } from "../../simulator/faults.ts";
import { openEndpoint, token } from "./endpoint.ts";

const main = join(import.meta.dirname, "..", "..", "simulator", "main.ts");

let endpoint: Awaited<ReturnType<typeof openEndpoint>>;
beforeAll(async () => {
  endpoint = await openEndpoint();
});
afterAll(() => endpoint.close());

/** Runs the command; a failure of it is an answer as well. */
async function command(args: readonly string[], env: Record<string, string> = {}) {
  const run = promisify(execFile)(process.execPath, [main, ...args], {
    env: { PATH: process.env["PATH"] ?? "", ...env },
  });
  return run.then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    (error: { code: number; stdout: string; stderr: string }) => error,
  );
}

test.each<{ args: string[]; message: string }>`
  args                                    | message
  ${["--users", "many"]}                  | ${"Not a whole number"}
  ${["--match", "color"]}                 | ${"Allowed choices are userName, externalId, email"}
  ${["--fail", "sabotage"]}               | ${'unknown fault "sabotage"'}
  ${["--flag", "--validator"]}            | ${"cannot be used with"}
  ${["--url", "http://127.0.0.1:9"]}      | ${"--url needs --token"}
  ${["--url", "nowhere", "--token", "t"]} | ${'"nowhere" is not a URL'}
`("$args is a usage error", async ({ args, message }) => {
  const { code, stderr } = await command(args);
  expect(stderr).toContain(message);
  expect(code).toBe(2);
});

test("a run prints its phases in plain lines, a table and a verdict", async () => {
  const args = ["--url", endpoint.url, "--users", "12", "--groups", "3", "--seed", "1"];
  const { code, stdout, stderr } = await command(args, { ROLLCALL_TOKEN: token });
  expect(stderr).toMatch(/initial cycle: users +12\/12/u);
  expect(stdout).toMatch(/│ create +│/u);
  expect(stdout).toContain("as its source says (seed 1)");
  expect(code).toBe(0);
});

test("--json prints the summary for a program", async () => {
  const args = ["--url", endpoint.url, "--token", token, "--users", "5", "--groups", "1", "--json"];
  const { stdout } = await command([...args, "--seed", "2"]);
  expect(JSON.parse(stdout)).toMatchObject({ exitCode: 0, seed: 2, differences: [], refusals: [] });
});

test("the rates of faults are read", () => {
  expect(readFaultRates("drop,repeat=0.25")).toEqual({
    drop: 0.1,
    repeat: 0.25,
    race: 0,
    abort: 0,
  });
  expect(() => readFaultRates("drop=0.9,race=0.9")).toThrow("more than 1");
});
