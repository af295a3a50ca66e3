import { runAcceptance } from "./acceptance.ts";
import { changeDirectory } from "./changes.ts";
import { createClient, RunStopped } from "./client.ts";
import { compareAll, type Totals } from "./compare.ts";
import type { Context } from "./context.ts";
import { type CycleStyle, changedSince, everything, runCycle, type Scope } from "./cycle.ts";
import { type DialectName, dialectOf } from "./dialect.ts";
import type { Directory } from "./directory.ts";
import { createEndpoint } from "./endpoint.ts";
import { createExisting, freshDirectory } from "./existing.ts";
import { type FaultRates, type Send, withFaults } from "./faults.ts";
import { createJournal, type Journal } from "./journal.ts";
import { readTotal } from "./listing.ts";
import { type MatchAttribute, mappingsOf, type RoleMapping } from "./mapping.ts";
import { runOnDemand } from "./on-demand.ts";
import { testConnection, testWrongToken } from "./probe.ts";
import type { Reporter } from "./progress.ts";
import { createRandom } from "./random.ts";
import { noLinks } from "./state.ts";
import { readTenantUrl } from "./tenant-url.ts";
import { openTransport, type Transport } from "./transport.ts";

/** How one job is set up. */
export interface RunOptions {
  /** The Tenant URL; with the flag in it, the bodies are the flagged ones. */
  readonly url: string;
  readonly token: string;
  readonly users: number;
  readonly groups: number;
  readonly seed: number;
  readonly dialect: DialectName;
  readonly onDemand: boolean;
  readonly match: MatchAttribute;
  readonly roles: RoleMapping;
  readonly membersPerPatch: number;
  /** Changes to the source before each incremental cycle. */
  readonly changes: number;
  /** How many times the source changes and an incremental cycle follows. */
  readonly cycles: number;
  readonly concurrency: number;
  readonly faults: FaultRates;
  readonly honoursRetryAfter: boolean;
  readonly maxMinutes: number;
}

export interface Outcome {
  readonly exitCode: 0 | 1;
  readonly journal: Journal;
  /** What was written by the cycle that had nothing to write. */
  readonly idleWrites: readonly string[];
  /** Why the run ended before its time. */
  readonly stopped: string | undefined;
}

/** Plays the provisioning service against the endpoint, from the first probe to the comparison. */
export async function runSimulation(options: RunOptions, reporter: Reporter): Promise<Outcome> {
  const journal = createJournal();
  const tenantUrl = readTenantUrl(options.url);
  const transport = openTransport(tenantUrl.origin, options.concurrency * 2);
  const context = contextOf(options, journal, reporter, transport);

  const idleWrites: string[] = [];
  const stopped = await play(context, options, idleWrites)
    .catch((error: unknown) => {
      if (error instanceof RunStopped) return error.message;
      throw error;
    })
    .finally(transport.close);

  const faults = [journal.refusals(), journal.violations(), journal.differences(), idleWrites];
  const isClean = stopped === undefined && faults.every(({ length }) => length === 0);
  return { exitCode: isClean ? 0 : 1, journal, idleWrites, stopped };
}

function contextOf(
  options: RunOptions,
  journal: Journal,
  reporter: Reporter,
  transport: Transport,
): Context {
  const tenantUrl = readTenantUrl(options.url);
  const { token, faults: rates, honoursRetryAfter } = options;
  const deadline = Date.now() + options.maxMinutes * 60_000;
  const client = createClient({ transport, token, journal, deadline, honoursRetryAfter });
  const random = createRandom(options.seed ^ 0x5eed);
  const send = withFaults({ send: client, transport, token, rates, random });
  const steadily: Send = async (call) => ({ answer: await client(call), others: [] });
  const isFlagged = tenantUrl.isFlagged && options.dialect === "plain";
  // The button ignores the flag.
  const dialect = options.onDemand ? "plain" : isFlagged ? "flag" : options.dialect;

  return {
    endpoint: createEndpoint({ tenantUrl, send, journal }),
    steady: createEndpoint({ tenantUrl, send: steadily, journal }),
    dialect: dialectOf(dialect, tenantUrl.baseUrl),
    mappings: mappingsOf(options.match, options.onDemand ? "none" : options.roles),
    match: options.match,
    roleMapping: options.onDemand ? "none" : options.roles,
    membersPerPatch: options.membersPerPatch,
    concurrency: options.concurrency,
    isOnDemand: options.onDemand,
    journal,
    reporter,
    random,
    links: noLinks(),
    failed: new Set(),
  };
}

/** Returns why it ended early, or nothing. */
async function play(
  context: Context,
  options: RunOptions,
  idleWrites: string[],
): Promise<string | undefined> {
  if (!(await probe(context))) return "Test Connection failed: Entra would not start the job";
  const directory = await freshDirectory(context, options);
  await createExisting(context, directory);
  const before: Totals = {
    User: await readTotal(context, "User"),
    Group: await readTotal(context, "Group"),
  };

  await cycle(context, everything(directory), { name: "initial cycle", readsMembers: false });

  context.failed.clear();
  const written = context.journal.writes().length;
  await cycle(context, everything(directory), { name: "second cycle", readsMembers: true });
  idleWrites.push(...context.journal.writes().slice(written));

  const last = await runIncrements(context, options, directory);
  if (context.dialect.name === "validator")
    await runAcceptance({ ...context, endpoint: context.steady });
  await compareAll(context, last, before);
  return undefined;
}

async function probe(context: Context): Promise<boolean> {
  const phase = context.reporter.phase("probe", 3);
  const users = await testConnection(context, "User");
  phase.step();
  const groups = await testConnection(context, "Group");
  phase.step();
  if (users || groups) await testWrongToken(context);
  phase.step();
  phase.end();
  return users && groups;
}

/** Every cycle begins with the test queries; a fault there is noted, and the cycle goes on. */
async function cycle(context: Context, scope: Scope, style: CycleStyle): Promise<void> {
  await testConnection(context, "User");
  await testConnection(context, "Group");
  await (context.isOnDemand ? runOnDemand : runCycle)(context, scope, style);
}

async function runIncrements(
  context: Context,
  options: RunOptions,
  directory: Directory,
): Promise<Directory> {
  let current = directory;
  for (let round = 1; round <= options.cycles; round += 1) {
    const plan = {
      count: options.changes,
      seed: options.seed + round,
      onDemandOnly: context.isOnDemand,
    };
    const { directory: changed, counts } = changeDirectory(current, plan);
    const listed = [...counts].map(([name, count]) => `${count} ${name}`).join(", ");
    context.reporter.note(`changes ${round}: ${listed}`);

    const scope = changedSince(context, current, changed);
    await cycle(context, scope, { name: `incremental ${round}`, readsMembers: false });
    current = changed;
  }
  return current;
}
