import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { readArguments } from "../../simulator/options.ts";
import { silentReporter } from "../../simulator/progress.ts";
import { summarise } from "../../simulator/report.ts";
import { runSimulation } from "../../simulator/simulate.ts";
import { type LocalRun, startLocalRun } from "../support/local-run.ts";

let run: LocalRun;
beforeAll(async () => {
  run = await startLocalRun();
});
afterAll(() => run.stop());

const small = ["--users", "25", "--groups", "5", "--changes", "15"];

/** Every mode; each has a directory of its own, in the one tenant. */
test.each([
  ["without the flag"],
  ["with the flag", "--flag"],
  ["with the flag in the Tenant URL", "--url", "?aadOptscim062020"],
  ["with the flag after a slash in the Tenant URL", "--url", "/?aadOptscim062020"],
  ["matching by externalId", "--match", "externalId"],
  ["matching by e-mail, with the flag", "--match", "email", "--flag"],
  ["on demand", "--on-demand"],
  ["on demand, though the flag is set", "--on-demand", "--flag", "--match", "externalId"],
  ["as the SCIM Validator", "--validator"],
  ["as the job before 2018", "--legacy"],
  ["with 5 members in a PATCH", "--members-per-patch", "5"],
  ["with up to 1,000 members in a PATCH", "--members-per-patch", "1000", "--flag"],
  ["with all roles, added only", "--roles", "complex"],
  ["with all roles, replaced", "--roles", "assertive", "--flag"],
  ["with no roles", "--roles", "none"],
  ["losing answers and repeating itself", "--fail", "drop=0.1,repeat=0.1,race=0.1,abort=0.05"],
  ["the same with the flag, 16 at once", "--flag", "--concurrency", "16", "--fail", "race=0.3"],
])("Entra %s leaves everything as its source says", async (mode, ...args) => {
  const at = args[0] === "--url" ? `${run.tenantUrl}${args[1]}` : run.tenantUrl;
  const flags = args[0] === "--url" ? [] : args;
  const options = readArguments([...small, "--seed", String(seedOf(mode)), ...flags]);
  const outcome = await runSimulation({ ...options, url: at, token: run.token }, silentReporter);

  const { seed: _, requests, ...faults } = summarise(outcome, options.seed);
  expect(faults).toEqual({
    exitCode: 0,
    stopped: undefined,
    refusals: [],
    postponed: expect.anything(),
    violations: [],
    idleWrites: [],
    differences: [],
  });
  expect(requests.find(({ kind }) => kind === "create")?.count).toBeGreaterThanOrEqual(25);
});

/** A directory of its own for each mode, the same in every run. */
const seedOf = (mode: string) =>
  Array.from(mode).reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 1_000_003, 7);
