import { afterEach, expect, test } from "@jest/globals";
import { noFaults } from "../../simulator/faults.ts";
import { silentReporter } from "../../simulator/progress.ts";
import { summarise, writeSummary } from "../../simulator/report.ts";
import { type RunOptions, runSimulation } from "../../simulator/simulate.ts";
import { type Flaw, openEndpoint, token } from "./endpoint.ts";

const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((close) => close()));
});

const aRun: Omit<RunOptions, "url"> = {
  token,
  users: 40,
  groups: 5,
  seed: 4,
  dialect: "plain",
  onDemand: false,
  match: "userName",
  roles: "single",
  membersPerPatch: 1,
  changes: 60,
  cycles: 2,
  concurrency: 4,
  faults: noFaults,
  honoursRetryAfter: true,
  maxMinutes: 1,
};

async function run(options: Partial<RunOptions>, flaw?: Flaw) {
  const endpoint = await openEndpoint(flaw);
  open.push(endpoint.close);
  const outcome = await runSimulation({ ...aRun, url: endpoint.url, ...options }, silentReporter);
  return { outcome, seen: endpoint.seen, text: writeSummary(summarise(outcome, aRun.seed), true) };
}

const faults = { drop: 0.2, repeat: 0.2, race: 0.2, abort: 0.1 };

test.each<readonly [string, Partial<RunOptions>]>([
  ["without the flag", {}],
  ["with the flag", { dialect: "flag", membersPerPatch: 5 }],
  ["with the validator's forms", { dialect: "validator" }],
  ["in the forms of the oldest job", { dialect: "legacy" }],
  ["on demand", { onDemand: true, dialect: "flag" }],
  ["matched by externalId", { match: "externalId", roles: "none" }],
  ["matched by e-mail", { match: "email", roles: "complex" }],
  ["with assertive roles", { roles: "assertive", dialect: "flag" }],
  ["over a line that fails", { faults }],
  ["over a line that fails, with the validator's forms", { faults, dialect: "validator" }],
  ["over a line that fails, with the flag", { faults, dialect: "flag", membersPerPatch: 3 }],
])("a correct endpoint passes %s", async (_name, options) => {
  const { outcome, text } = await run(options);
  expect(text).toContain("Every user and group at the endpoint is as its source says");
  expect(outcome.exitCode).toBe(0);
});

test.each<readonly [Flaw, string]>([
  ["keeps booleans as text", "which is no boolean"],
  ["keeps booleans as text", 'active: source false, endpoint "False"'],
  ["ignores filters", "a filter that matches nothing is not answered with an empty list"],
  ["answers a filter that matches nothing with 404", "a filter is answered 404"],
  ["reads + as a plus", "Test Connection on /Users: answered 400"],
  ["sends members despite exclusion", "members are sent although excludedAttributes=members"],
  ["empties a group on remove with a value", "members: source has"],
  ["loses the manager", "Written by the second cycle"],
  ["loses the manager", ":manager: source"],
  ["hides inactive users", "a filter on its matching attribute finds nothing"],
  ["writes the status as a number", 'has "status" 401, not "401" as a string'],
  ["answers application/json", "Content-Type application/json, not application/scim+json"],
  ["keeps deleted users in groups", "(deleted)"],
  ["counts wrongly", "totalResults: source"],
  ["drops the last character of a title", "title: source"],
  ["accepts any token", "a wrong token is answered 200, not 401"],
])("an endpoint that %s is told: %s", async (flaw, words) => {
  const { outcome, text } = await run({}, flaw);
  expect(text).toContain(words);
  expect(outcome.exitCode).toBe(1);
});

test("an endpoint that accepts a userName twice is told when a POST is repeated", async () => {
  const { outcome, text } = await run(
    { faults: { ...noFaults, repeat: 0.5 } },
    "accepts a userName twice",
  );
  expect(text).toContain("a POST that was repeated created it twice");
  expect(outcome.exitCode).toBe(1);
});

test("the flag in the Tenant URL switches the bodies, and on demand it is ignored", async () => {
  const endpoint = await openEndpoint();
  open.push(endpoint.close);
  const url = `${endpoint.url}/?aadOptscim062020`;
  const flagged = await runSimulation({ ...aRun, url }, silentReporter);
  expect(flagged.journal.writes().join("\n")).toContain('"op":"replace","value":{');
  expect(flagged.exitCode).toBe(0);
  const onDemand = await runSimulation({ ...aRun, url, onDemand: true, seed: 9 }, silentReporter);
  expect(onDemand.journal.writes().join("\n")).not.toContain('"op":"replace"');
  expect(onDemand.exitCode).toBe(0);
});

test("queries arrive as the service writes them", async () => {
  const { seen } = await run({ users: 10, groups: 2 });
  expect(seen[0]).toMatch(/^GET \/scim\/Users\?filter=userName\+eq\+%22[0-9a-f-]{36}%22$/u);
  expect(seen[1]).toMatch(
    /^GET \/scim\/Groups\?excludedAttributes=members&filter=displayName\+eq\+%22/u,
  );
});

test("a second run with the same seed does not stumble over the first", async () => {
  const endpoint = await openEndpoint();
  open.push(endpoint.close);
  const outcomes = [
    await runSimulation({ ...aRun, url: endpoint.url }, silentReporter),
    await runSimulation({ ...aRun, url: endpoint.url }, silentReporter),
  ];
  expect(outcomes.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
});

test("an endpoint that does not answer fails the probe", async () => {
  const { outcome, text } = await run({ url: "http://127.0.0.1:9/scim" });
  expect(text).toContain("Test Connection failed");
  expect(outcome.exitCode).toBe(1);
});
