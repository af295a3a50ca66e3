import { unavailable } from "../scim/errors.ts";
import { type BoundedMap, boundedMap } from "./bounded-map.ts";
import { type CallBudget, callBudget } from "./call-budget.ts";
import { mostReliedOnMs, type Tenant, type TenantReader } from "./tenant.ts";
import type { TenantSecret, TenantSecretReader } from "./tenant-secret.ts";

/** Where credentials come from, and how long they may be relied on. */
export interface CredentialSources {
  readonly secrets: TenantSecretReader;
  readonly tenants: TenantReader;
  /** The time in milliseconds. */
  readonly clock: () => number;
  /** How long a tenant's tokens, state and settings are relied on; a revoked token works no longer than this. */
  readonly cacheSeconds?: number;
  /** Is told what kept a tenant from being read, for the log. */
  readonly report?: (error: unknown) => void;
}

/** What was found of a tenant. */
export interface Look {
  /** Undefined where there is no tenant of that name. */
  readonly found: { readonly tenant: Tenant; readonly secret: TenantSecret } | undefined;
  /** Whether it was read after it was asked for, so that what is missing in it is missing indeed. */
  readonly isNew: boolean;
}

interface Entry {
  readonly found: Look["found"];
  readonly readAt: number;
}

/** Tenants and their secrets, read seldom however many requests come. */
export interface TenantCache {
  /** What is known of a tenant, read anew where it is too old. @throws ScimError 503 where it cannot be told. */
  get(tenant: string): Promise<Look>;
  /** Reads a tenant anew although it is known. @throws ScimError 503 where that was done a moment ago, or fails. */
  lookAgain(tenant: string): Promise<Look>;
}

/** The least time between two looks that a bad token or a failure causes. */
const holdOffMs = 5000;

/**
 * Looks a minute that tokens may cause which turn out bad, in one function instance: for tenants that
 * exist, and for names that no tenant has. The two are kept apart, so that made-up names cannot hold
 * up a new token of a real tenant. Secrets Manager is asked for one tenant at most 13 times in a
 * minute, however many bad tokens come (once in 5 s, and once for the cache time of 60 s), for all
 * tenants at most 240 times beyond once each per cache time, and for made-up names never: those cost
 * reads of the table. What turns out good costs nothing of this.
 */
const looksPerMinute = { known: 240, unknown: 600 };

/** Of more tenants than are known, some would be read for each of their requests. */
const mostTenants = { known: 5000, unknown: 1000 };

interface State {
  readonly sources: CredentialSources;
  readonly cacheMs: number;
  readonly known: BoundedMap<Entry>;
  readonly unknown: BoundedMap<Entry>;
  /** When a tenant may be looked at again for a token that is not known, and after a failure. */
  readonly nextLook: BoundedMap<number>;
  readonly nextTry: BoundedMap<number>;
  readonly pending: Map<string, Promise<Entry>>;
  readonly budgets: { readonly known: CallBudget; readonly unknown: CallBudget };
}

/** Caches what `sources` give, bounded in memory and in calls, as anyone may write any tenant's name. */
export function tenantCache(sources: CredentialSources): TenantCache {
  const { clock, cacheSeconds = 60 } = sources;
  const state: State = {
    sources,
    cacheMs: cacheSeconds * 1000,
    known: boundedMap(mostTenants.known),
    unknown: boundedMap(mostTenants.unknown),
    nextLook: boundedMap(mostTenants.known + mostTenants.unknown),
    nextTry: boundedMap(mostTenants.known + mostTenants.unknown),
    pending: new Map(),
    budgets: {
      known: callBudget(looksPerMinute.known, clock),
      unknown: callBudget(looksPerMinute.unknown, clock),
    },
  };
  return {
    get: (tenant) => get(state, tenant),
    lookAgain: (tenant) => lookAgain(state, tenant),
  };
}

async function get(state: State, tenant: string): Promise<Look> {
  const entry = state.known.get(tenant) ?? state.unknown.get(tenant);
  const age = entry ? state.sources.clock() - entry.readAt : Number.POSITIVE_INFINITY;
  const cached: Look = { found: entry?.found, isNew: false };
  if (age < state.cacheMs) return cached;

  if (entry?.found && age < mostReliedOnMs) {
    if (secondsTo(state, state.nextTry.get(tenant)) > 0) return cached;
    return readTogether(state, tenant).catch(() => known(state, tenant));
  }
  if (entry?.found) waitAfterFailure(state, tenant);
  else admit(state, tenant, state.budgets.unknown);
  const look = await readTogether(state, tenant);
  // A function that has just started meets all its tenants for the first time.
  if (!entry?.found && look.found && look.isNew) state.budgets.unknown.giveBack();
  return look;
}

/** What there is of a tenant that could be read in part only, or not at all. */
const known = (state: State, tenant: string): Look => ({
  found: state.known.get(tenant)?.found,
  isNew: false,
});

async function lookAgain(state: State, tenant: string): Promise<Look> {
  const seconds = secondsTo(state, state.nextLook.get(tenant));
  if (seconds > 0 && !state.pending.has(tenant)) throw cannotTell(seconds);

  admit(state, tenant, state.budgets[state.known.get(tenant) ? "known" : "unknown"]);
  if (!state.pending.has(tenant)) state.nextLook.set(tenant, state.sources.clock() + holdOffMs);
  return readTogether(state, tenant);
}

/** Lets a read pass unless one failed a moment ago or there were too many. */
function admit(state: State, tenant: string, budget: CallBudget): void {
  if (state.pending.has(tenant)) return;
  waitAfterFailure(state, tenant);
  if (!budget.take()) throw cannotTell(budget.secondsLeft());
}

function waitAfterFailure(state: State, tenant: string): void {
  const seconds = secondsTo(state, state.nextTry.get(tenant));
  if (seconds > 0 && !state.pending.has(tenant)) throw cannotTell(seconds);
}

/** One read at a time for each tenant: who comes meanwhile gets what that one finds. */
async function readTogether(state: State, tenant: string): Promise<Look> {
  const underWay = state.pending.get(tenant);
  if (underWay) return { found: (await underWay).found, isNew: false };

  const reading = read(state, tenant).finally(() => state.pending.delete(tenant));
  state.pending.set(tenant, reading);
  return { found: (await reading).found, isNew: true };
}

async function read(state: State, tenant: string): Promise<Entry> {
  const readAt = state.sources.clock();
  try {
    const entry = { found: await readFound(state, tenant), readAt };
    (entry.found ? state.unknown : state.known).delete(tenant);
    (entry.found ? state.known : state.unknown).set(tenant, entry);
    return entry;
  } catch (error) {
    state.sources.report?.(error);
    state.nextTry.set(tenant, state.sources.clock() + holdOffMs);
    throw cannotTell(holdOffMs / 1000);
  }
}

/**
 * A name that may be made up is looked up in the table first, so that it never costs a call to the
 * secrets. Of a known tenant whose secret cannot be read the state and the settings are news
 * nevertheless: who is suspended is not let in by an outage.
 */
async function readFound(state: State, name: string): Promise<Look["found"]> {
  const { tenants, secrets } = state.sources;
  const before = state.known.get(name);
  const early = before?.found && secrets.read(name);
  early?.catch(() => undefined);
  const tenant = await tenants.get(name);
  if (!tenant) return undefined;
  try {
    return { tenant, secret: (await (early ?? secrets.read(name))) ?? { tokens: [] } };
  } catch (error) {
    if (before?.found) state.known.set(name, { ...before, found: { ...before.found, tenant } });
    throw error;
  }
}

const secondsTo = (state: State, time = 0): number =>
  Math.max(0, Math.ceil((time - state.sources.clock()) / 1000));

const cannotTell = (retryAfterSeconds: number) =>
  unavailable("The bearer token cannot be checked right now; send this again.", retryAfterSeconds);
