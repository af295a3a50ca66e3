import { Command, InvalidArgumentError, Option } from "commander";
import type { DialectName } from "./dialect.ts";
import { type FaultRates, noFaults, readFaultRates } from "./faults.ts";
import type { MatchAttribute, RoleMapping } from "./mapping.ts";
import type { RunOptions } from "./simulate.ts";

/** What the command line says: of the endpoint perhaps nothing. */
export interface CliOptions extends Omit<RunOptions, "url" | "token"> {
  readonly url: string | undefined;
  readonly token: string | undefined;
  readonly verbose: boolean;
  readonly json: boolean;
}

interface Parsed {
  readonly url?: string;
  readonly token?: string;
  readonly users: number;
  readonly groups: number;
  readonly seed?: number;
  readonly flag?: true;
  readonly validator?: true;
  readonly legacy?: true;
  readonly onDemand?: true;
  readonly match: MatchAttribute;
  readonly roles: RoleMapping;
  readonly membersPerPatch: number;
  readonly changes?: number;
  readonly cycles: number;
  readonly concurrency: number;
  readonly fail: FaultRates;
  readonly retryAfter: boolean;
  readonly maxMinutes: number;
  readonly verbose?: true;
  readonly json?: true;
}

/** @throws CommanderError for arguments that make no sense, with its message already written. */
export function readArguments(argv: readonly string[]): CliOptions {
  const command = createCommand().exitOverride();
  const given = command.parse([...argv], { from: "user" }).opts<Parsed>();
  return {
    ...given,
    url: given.url,
    token: given.token,
    seed: given.seed ?? Math.floor(Math.random() * 2 ** 31),
    dialect: dialectFrom(given),
    onDemand: given.onDemand === true,
    changes: given.changes ?? Math.max(40, Math.ceil(given.users / 4)),
    faults: given.fail,
    honoursRetryAfter: given.retryAfter,
    verbose: given.verbose === true,
    json: given.json === true,
  };
}

function dialectFrom({ flag, validator, legacy }: Parsed): DialectName {
  if (validator) return "validator";
  if (legacy) return "legacy";
  return flag ? "flag" : "plain";
}

function createCommand(): Command {
  return new Command("entra")
    .description(
      "Plays Microsoft Entra's provisioning service against a SCIM endpoint: probe, initial cycle, a " +
        "second cycle that must write nothing, changes and incremental cycles, and a comparison of " +
        "every user and group with its source. Without --url it goes to the local run (npm start).",
    )
    .option("--url <url>", "the Tenant URL; ?aadOptscim062020 in it acts like --flag")
    .addOption(new Option("--token <token>", "the Secret Token").env("ROLLCALL_TOKEN"))
    .option("--users <n>", "users in the source", count(1, 1_000_000), 100)
    .option("--groups <n>", "groups in the source", count(0, 100_000), 10)
    .option(
      "--seed <n>",
      "the same seed makes the same directory and changes (default: any)",
      count(0, 2 ** 31),
    )
    .option("--changes <n>", "changes before each incremental cycle", count(0, 1_000_000))
    .option("--cycles <n>", "rounds of changes and an incremental cycle", count(0, 100), 2)
    .addOption(
      new Option("--match <attribute>", "matching attribute of users")
        .choices(["userName", "externalId", "email"])
        .default("userName"),
    )
    .addOption(
      new Option("--roles <mapping>", "expression by which app roles are mapped")
        .choices(["none", "single", "complex", "assertive"])
        .default("single"),
    )
    .addOption(
      new Option("--flag", "bodies as with ?aadOptscim062020").conflicts(["validator", "legacy"]),
    )
    .addOption(
      new Option(
        "--validator",
        "forms of the SCIM Validator and the gallery's test run, and what it asks beyond",
      ).conflicts(["flag", "legacy", "onDemand"]),
    )
    .addOption(
      new Option("--legacy", "manager and reference checks of the job before 2018").conflicts(
        "flag",
      ),
    )
    .option(
      "--on-demand",
      "provision on demand: one object at a time, never with the flag, no deletions",
    )
    .option("--members-per-patch <n>", "members in one PATCH of a group", count(1, 100_000), 1)
    .option("--concurrency <n>", "requests under way at once", count(1, 1000), 8)
    .option(
      "--fail <faults>",
      "of all writes: drop (answer lost, sent again), repeat (sent twice), race (sent twice at " +
        "once), abort (cut in mid-body), each with a rate: drop=0.1,abort=0.02",
      faultRates,
      noFaults,
    )
    .option("--no-retry-after", "leave what is answered 429 or 503 to the next cycle")
    .option("--max-minutes <n>", "give up after this time", count(1, 10_000), 60)
    .option("--verbose", "show every difference and where each fault was first seen")
    .option("--json", "print the summary as JSON on standard output");
}

const count = (least: number, most: number) => (text: string) => {
  const number = Number(text);
  if (Number.isInteger(number) && number >= least && number <= most) return number;
  throw new InvalidArgumentError(`Not a whole number from ${least} to ${most}.`);
};

function faultRates(text: string): FaultRates {
  try {
    return readFaultRates(text);
  } catch (error) {
    throw new InvalidArgumentError(error instanceof Error ? error.message : String(error));
  }
}
