import { DynamoDBClient, ListTablesCommand } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { readArguments } from "../../simulator/options.ts";
import { silentReporter } from "../../simulator/progress.ts";
import { summarise } from "../../simulator/report.ts";
import { runSimulation } from "../../simulator/simulate.ts";
import { type LocalRun, startLocalRun } from "../support/local-run.ts";

let run: LocalRun;
beforeAll(async () => {
  const faults = "conflicts=0.1,throttling=0.1,lost=0.05,lag=500,seed=3";
  run = await startLocalRun({ args: ["--faults", faults] });
}, 120_000);
afterAll(() => run.stop());

test("Entra leaves everything as its source says, though the store is in trouble", async () => {
  const options = readArguments([
    "--users",
    "12",
    "--groups",
    "3",
    "--changes",
    "8",
    "--seed",
    "9",
  ]);
  const outcome = await runSimulation(
    { ...options, url: run.tenantUrl, token: run.token },
    silentReporter,
  );
  const { requests: _, ...faults } = summarise(outcome, options.seed);
  expect(faults).toEqual({
    seed: options.seed,
    exitCode: 0,
    stopped: undefined,
    refusals: [],
    postponed: expect.anything(),
    violations: [],
    idleWrites: [],
    differences: [],
  });
}, 180_000);

test("a person's own calls are left alone", async () => {
  const db = new DynamoDBClient({
    endpoint: run.env.AWS_ENDPOINT_URL_DYNAMODB ?? "",
    region: "us-east-1",
    credentials: { accessKeyId: run.env.AWS_ACCESS_KEY_ID ?? "", secretAccessKey: "x" },
    maxAttempts: 1,
  });
  for (let at = 0; at < 60; at++)
    expect((await db.send(new ListTablesCommand())).TableNames).toHaveLength(1);
  db.destroy();
});
