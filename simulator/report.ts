import Table from "cli-table3";
import { kinds } from "./client.ts";
import type { Refusal } from "./journal.ts";
import type { Outcome } from "./simulate.ts";

export interface Summary {
  readonly seed: number;
  readonly exitCode: number;
  readonly stopped: string | undefined;
  readonly requests: readonly {
    readonly kind: string;
    readonly count: number;
    readonly p50: number;
    readonly p99: number;
  }[];
  readonly refusals: readonly Refusal[];
  readonly postponed: readonly Refusal[];
  readonly violations: readonly {
    readonly text: string;
    readonly count: number;
    readonly first: string;
  }[];
  readonly idleWrites: readonly string[];
  readonly differences: readonly string[];
}

export function summarise(
  { journal, exitCode, idleWrites, stopped }: Outcome,
  seed: number,
): Summary {
  const timings = journal.timings();
  return {
    seed,
    exitCode,
    stopped,
    requests: kinds.flatMap((kind) => {
      const sorted = [...(timings.get(kind) ?? [])].toSorted((one, two) => one - two);
      if (sorted.length === 0) return [];
      return [
        { kind, count: sorted.length, p50: percentile(sorted, 0.5), p99: percentile(sorted, 0.99) },
      ];
    }),
    refusals: journal.refusals(),
    postponed: journal.postponements(),
    violations: journal.violations(),
    idleWrites,
    differences: journal.differences(),
  };
}

/** The summary for a person: a table of requests, then whatever is wrong, each list bounded. */
export function writeSummary(summary: Summary, isVerbose: boolean): string {
  const most = isVerbose ? Number.POSITIVE_INFINITY : 20;
  const refused = (list: readonly Refusal[]) =>
    list.map(({ method, status, scimType, detail, count, first }) =>
      [
        `${count} × ${method} ${status} ${scimType} ${detail}`,
        ...(isVerbose ? [`    ${first}`] : []),
      ].join("\n"),
    );
  const violations = summary.violations.map(({ text, count, first }) =>
    [`${count} × ${text}`, `    first: ${isVerbose ? first : first.slice(0, 160)}`].join("\n"),
  );

  const isClean = summary.exitCode === 0;
  return [
    requestTable(summary.requests),
    section("Refused", refused(summary.refusals), most),
    section("Waited for or repeated (not a fault)", refused(summary.postponed), most),
    section("Not what Entra expects", violations, most),
    section("Written by the second cycle, which has nothing to write", summary.idleWrites, most),
    section("Differences between source and endpoint", summary.differences, most),
    ...(summary.stopped === undefined ? [] : [`\nEnded early: ${summary.stopped}.`]),
    isClean
      ? `\nEvery user and group at the endpoint is as its source says (seed ${summary.seed}).`
      : `\nThe endpoint does not pass (repeat with --seed ${summary.seed}).`,
  ]
    .filter(Boolean)
    .join("\n");
}

function requestTable(requests: Summary["requests"]): string {
  const table = new Table({
    head: ["requests", "count", "p50 ms", "p99 ms"],
    colAligns: ["left", "right", "right", "right"],
    style: { head: [], border: [] },
    chars: { mid: "", "left-mid": "", "mid-mid": "", "right-mid": "" },
  });
  for (const { kind, count, p50, p99 } of requests) {
    table.push([kind, count, p50.toFixed(1), p99.toFixed(1)]);
  }
  return table.toString();
}

function section(title: string, lines: readonly string[], most: number): string {
  if (lines.length === 0) return "";
  const shown = lines.slice(0, most).map((line) => `  ${line}`);
  const rest = lines.length > most ? [`  … and ${lines.length - most} more`] : [];
  return [`\n${title} (${lines.length}):`, ...shown, ...rest].join("\n");
}

const percentile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
