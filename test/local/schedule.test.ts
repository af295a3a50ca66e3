import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, expect, test } from "@jest/globals";
import { keepSchedule } from "../../local/events/schedule.ts";
import { createFunctions } from "../../local/functions/functions.ts";
import { readJson } from "../../local/json.ts";
import { aFunction } from "./fixture-functions.ts";

const stops: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).toReversed()) await stop();
});

const ruleArn = "arn:aws:events:us-east-1:000000000000:rule/every-minute";

/** A schedule of ten runs a second. */
function start(body: string, { permitted = true, input = undefined as string | undefined } = {}) {
  const spec = aFunction(`export const handler = async (event) => { ${body} };`);
  const lines: string[] = [];
  const complaints: string[] = [];
  const functions = createFunctions({
    specs: [spec],
    gateway: "http://127.0.0.1:1",
    log: (text) => lines.push(...text.trim().split("\n")),
    complain: (text) => complaints.push(text),
  });
  const ending = new AbortController();
  stops.push(
    () => functions.stop(),
    () => ending.abort(),
  );
  keepSchedule(
    { arn: ruleArn, everySeconds: 0.1, targets: [{ functionArn: spec.arn, input }] },
    {
      functions,
      mayInvoke: (fn, source) => permitted && fn === spec.arn && source === ruleArn,
      complain: (text) => complaints.push(text),
      signal: ending.signal,
    },
    10,
  );
  return { lines, complaints, stop: () => ending.abort() };
}

async function until(holds: () => boolean): Promise<void> {
  for (let waited = 0; !holds() && waited < 10_000; waited += 20) await sleep(20);
  expect(holds()).toBe(true);
}

const sayEvent = "console.log(JSON.stringify(event));";

test("a rule invokes its function again and again with EventBridge's event", async () => {
  const { lines } = start(sayEvent);
  await until(() => lines.length >= 3);
  const events = lines.map((line) => Object(readJson(line)));
  expect(events[0]).toEqual({
    version: "0",
    id: expect.any(String),
    "detail-type": "Scheduled Event",
    source: "aws.events",
    account: "000000000000",
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
    region: "us-east-1",
    resources: [ruleArn],
    detail: {},
  });
  expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
});

test("a target's own input takes the place of the event", async () => {
  const { lines } = start(sayEvent, { input: '{"a":1}' });
  await until(() => lines.length >= 1);
  expect(lines[0]).toBe('{"a":1}');
});

test("a run does not wait for the one before to end", async () => {
  const { lines } = start(
    'console.log("begun"); await new Promise((resolve) => setTimeout(resolve, 60_000));',
  );
  await until(() => lines.length >= 2);
  expect(new Set(lines)).toEqual(new Set(["begun"]));
});

test("without a permission the function is not invoked, and that is said", async () => {
  const { lines, complaints } = start(sayEvent, { permitted: false });
  await until(() => complaints.length > 0);
  expect(complaints[0]).toContain("no permission to invoke");
  expect(lines).toEqual([]);
});

test("at the end nothing is begun any more, and what is under way ends without complaint", async () => {
  const { lines, complaints, stop } = start(
    'console.log("begun"); await new Promise((resolve) => setTimeout(resolve, 60_000));',
  );
  await until(() => lines.length >= 1);
  stop();
  const begun = lines.length;
  for (const end of stops.splice(0).toReversed()) await end();
  await sleep(300);
  expect(lines.length - begun).toBeLessThan(2);
  expect(complaints).toEqual([]);
});
