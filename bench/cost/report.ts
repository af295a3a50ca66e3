import Table from "cli-table3";
import type { Measured, OperationName } from "./measure.ts";
import {
  busyMonth,
  countOf,
  credentialsPrice,
  firstCycle,
  fixedPrices,
  idleMonth,
  priceOf,
} from "./month.ts";
import type { Budget, Operation } from "./operation.ts";
import { pricePerMillion } from "./price.ts";

const head = [
  "operation",
  "round trips",
  "read units",
  "write units",
  "index",
  "allowed",
  "$ per million",
];

/** The operations as a table for the terminal. */
export function terminalTable(measured: Measured): string {
  const table = new Table({ head, style: { head: [], border: [] } });
  table.push(...rowsOf(measured, ({ page }) => page.split("-")[0] ?? page));
  const months = new Table({ head: monthHead, style: { head: [], border: [] } });
  months.push(...monthRows(measured));
  return `${table.toString()}\n${months.toString()}`;
}

/** All figures as docs/cost.md has them. */
export function markdown(measured: Measured): string {
  const link = ({ page }: { readonly page: string }) => {
    const [, number = "why"] = /\/(\d+)/.exec(page) ?? [];
    return `[${number}](${page}.md)`;
  };
  return `${markdownTable(head, rowsOf(measured, link))}\n\n${markdownTable(monthHead, monthRows(measured))}`;
}

const markdownTable = (columns: readonly string[], rows: readonly (readonly string[])[]) =>
  [columns, columns.map((_, at) => (at === 0 ? "---" : "---:")), ...rows]
    .map((cells) => `| ${cells.join(" | ")} |`)
    .join("\n");

function rowsOf(
  { operations, costs }: Measured,
  link: (differs: NonNullable<Operation["differs"]>) => string,
): string[][] {
  // One cost for each key of `operations`.
  return (Object.keys(operations) as OperationName[]).map((name) => {
    const operation: Operation = operations[name];
    const cost = costs[name];
    const { roundTrips, readUnits, writeUnits, indexWriteUnits } = cost;
    return [
      operation.title,
      ...[roundTrips, readUnits, writeUnits, indexWriteUnits].map(String),
      allowed(operation, link),
      pricePerMillion(cost).toFixed(2),
    ];
  });
}

/** What the design allows, or what a page has in its place. */
function allowed(
  { budget, differs }: Operation,
  link: (differs: NonNullable<Operation["differs"]>) => string,
): string {
  if (differs) return `${units(differs)} (${link(differs)})`;
  return budget ? units(budget) : "";
}

const units = ({ roundTrips, readUnits, writeUnits }: Budget) =>
  [roundTrips, readUnits, writeUnits].join(" / ");

const monthHead = ["a tenant of 10,000 users and 500 groups", "requests", "$"];

function monthRows(measured: Measured): string[][] {
  const { runs, megabytes, worker, secret, storage } = fixedPrices(measured);
  const [first, idle, busy] = [firstCycle(), idleMonth(), busyMonth()];
  const fixed = secret + storage + credentialsPrice();
  const row = (title: string, requests: number | undefined, price: number) => [
    title,
    requests === undefined ? "" : requests.toLocaleString("en"),
    price.toFixed(2),
  ];
  return [
    row("the deployment, each month: the worker's runs", runs, worker),
    row("the tenant, each month: its secret", undefined, secret),
    row(
      `the tenant, each month: ${Math.round(megabytes)} MB stored and protected`,
      undefined,
      storage,
    ),
    row("the tenant, each month: looks at its secret and state", undefined, credentialsPrice()),
    row("once: the first cycle", countOf(first), priceOf(measured, first)),
    row("requests of an idle month", countOf(idle), priceOf(measured, idle)),
    row("requests of a busy month", countOf(busy), priceOf(measured, busy)),
    row(
      "an idle month of the tenant, with what it costs in any case",
      undefined,
      fixed + priceOf(measured, idle),
    ),
    row(
      "a busy month of the tenant, with what it costs in any case",
      undefined,
      fixed + priceOf(measured, busy),
    ),
  ];
}
