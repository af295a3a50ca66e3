import { Command, InvalidArgumentError } from "commander";
import { type Faults, readFaults } from "./gateway/faults-spec.ts";

export interface Options {
  /** 0 for any that is free. */
  readonly port: number;
  readonly dataDir: string | undefined;
  readonly readyFile: string | undefined;
  /** Others, such as `npm run entra`, do not find this run by themselves. */
  readonly unlisted: boolean;
  /** What the functions are to meet of AWS as it may be. */
  readonly faults: Faults | undefined;
  /** Passed on to `cdk synth`. */
  readonly context: readonly string[];
}

/** RFC 7644 is the protocol that is served there. */
const defaultPort = 7644;

/** Reads the command line; for `--help` and mistakes it says so and ends the process. */
export function readOptions(args: readonly string[]): Options {
  const command = new Command("npm start --")
    .description("Serves the synthesized stack on this machine, for trying it and for tests.")
    .option(
      "--port <number>",
      "port to serve SCIM on, 0 for any that is free",
      readPort,
      defaultPort,
    )
    .option("--data-dir <directory>", "keep users, groups and tokens there; otherwise in memory")
    .option(
      "--ready-file <file>",
      "write addresses and token there, as JSON, once requests are served",
    )
    .option("-c, --context <key=value...>", "settings of the deployment, as for cdk deploy")
    .option(
      "--faults <spec>",
      "let AWS fail, such as conflicts=0.2,throttling=0.1,lost=0.05,lag=2000,seed=7 for DynamoDB, and secrets=down, throttled or slow; PUT <AWS endpoint>/_faults changes it later",
      readFaults,
    )
    .option("--unlisted", "do not become the deployment that npm run entra finds by itself", false)
    .parse(args, { from: "user" });

  // The shapes are those of the options above.
  const given = command.opts<{
    port: number;
    dataDir?: string;
    readyFile?: string;
    unlisted: boolean;
    faults?: Faults;
    context?: string[];
  }>();
  return {
    port: given.port,
    dataDir: given.dataDir,
    readyFile: given.readyFile,
    unlisted: given.unlisted,
    faults: given.faults,
    context: given.context ?? [],
  };
}

function readPort(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new InvalidArgumentError("It must be a number from 0 to 65535.");
}
