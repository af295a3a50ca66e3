import type { Measured, OperationName } from "./measure.ts";
import { lambdaPerMillion, logsPerMillion, pricePerMillion } from "./price.ts";
import { prices } from "./prices.ts";

/** The tenant whose month is reckoned. */
export const tenant = { users: 10_000, groups: 500, membersOfGroup: 20 } as const;

const days = 30;

/** A provisioning job runs about every 40 minutes. */
const cyclesOfMonth = (days * 24 * 60) / 40;

/** Functions that read the tenant's secret in a cycle, once each. */
const functionsOfCycle = 3;

/** How often an operation is asked for. */
export type Requests = Readonly<Partial<Record<OperationName, number>>>;

/** What a cycle asks for when nothing has changed: what it tries again since it failed before. */
const ofIdleCycle: Requests = { findUserIn1: 20 };

/** What changes on a day of a busy tenant; users are in one group each. */
const ofBusyDay = {
  joiners: 20,
  leavers: 20,
  changed: 200,
  withNewEmail: 50,
  comers: 140,
  goers: 100,
  newGroups: 2,
} as const;

/** The requests of a month in which nothing changes. */
export const idleMonth = (): Requests => times(ofIdleCycle, cyclesOfMonth);

/** The requests of a month of busy days, beside those of an idle one. */
export function busyMonth(): Requests {
  const { joiners, leavers, changed, withNewEmail, comers, goers, newGroups } = ofBusyDay;
  const day: Requests = {
    findNoUserName: joiners,
    createUser: joiners,
    findManager: joiners,
    // Leavers are disabled, and deleted a month later.
    findUserIn1: changed + 2 * leavers,
    patchUserIn1: changed - withNewEmail + leavers,
    patchEmail: withNewEmail,
    deleteUser: leavers,
    findGroup: comers + goers,
    addMember: comers,
    removeMember: goers,
    findNoGroup: newGroups,
    createGroup: newGroups,
  };
  return sum(times(day, days), idleMonth());
}

/** The requests that fill the tenant, each membership by one of its own. */
export const firstCycle = (): Requests => ({
  findNoUserName: tenant.users,
  createUser: tenant.users,
  findNoGroup: tenant.groups,
  createGroup: tenant.groups,
  addMember: tenant.groups * tenant.membersOfGroup,
});

/** What these requests are charged, in dollars. */
export const priceOf = ({ costs }: Measured, requests: Requests): number =>
  entries(requests).reduce(
    (total, [name, count]) => total + (count / 1e6) * pricePerMillion(costs[name]),
    0,
  );

export const countOf = (requests: Requests): number =>
  entries(requests).reduce((total, [, count]) => total + count, 0);

/** The worker runs every minute, and asks four keys of the index for work. */
const worker = { runs: days * 24 * 60, seconds: 0.05, queries: 4 } as const;

/** What a month is charged although nobody asks for anything, in dollars. */
export function fixedPrices({ bytes }: Measured) {
  const { monthly, perMillion } = prices;
  const stored =
    tenant.users * bytes.user +
    tenant.groups * bytes.group +
    tenant.groups * tenant.membersOfGroup * bytes.membership;
  const run =
    lambdaPerMillion(worker.seconds) +
    logsPerMillion() +
    perMillion.scheduled +
    worker.queries * 0.5 * perMillion.readUnits;
  return {
    runs: worker.runs,
    megabytes: stored / 1e6,
    worker: (worker.runs / 1e6) * run,
    secret: monthly.secret,
    storage: (stored / 1e9) * (monthly.gbStored + monthly.gbProtected),
  };
}

/** What reading the tenant's secret and state costs, once in a cycle and function, in dollars. */
export const credentialsPrice = (): number =>
  ((cyclesOfMonth * functionsOfCycle) / 1e6) *
  (prices.perMillion.secretCalls + prices.perMillion.readUnits);

const entries = (requests: Requests) =>
  // `Object.entries` forgets which names there are.
  Object.entries(requests) as [OperationName, number][];

const times = (requests: Requests, factor: number): Requests =>
  Object.fromEntries(entries(requests).map(([name, count]) => [name, count * factor]));

const sum = (one: Requests, other: Requests): Requests =>
  Object.fromEntries(
    [...new Set([...entries(one), ...entries(other)].map(([name]) => name))].map((name) => [
      name,
      (one[name] ?? 0) + (other[name] ?? 0),
    ]),
  );
