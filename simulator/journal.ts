import type { Answer, Call, Kind } from "./client.ts";
import { filledText, isRecord } from "./json.ts";

/** A finding that may occur often: how often, and where it was first seen. */
export interface Finding {
  readonly text: string;
  readonly count: number;
  readonly first: string;
}

export interface Refusal {
  readonly method: string;
  readonly status: number;
  readonly scimType: string;
  readonly detail: string;
  readonly count: number;
  readonly first: string;
}

/** What happened in a run, as it is collected. Everything that is wrong ends up here. */
export interface Journal {
  readonly timed: (kind: Kind, milliseconds: number) => void;
  readonly wrote: (where: string) => void;
  /** An answer that refuses what Entra sends by rights. */
  readonly refused: (call: Call, answer: Answer) => void;
  /** A refusal that Entra waits out and repeats: shown, but not a fault. */
  readonly postponed: (call: Call, answer: Answer) => void;
  /** An answer that is not what Entra expects. */
  readonly violated: (text: string, where: string) => void;
  readonly differs: (text: string) => void;
  readonly writes: () => readonly string[];
  readonly timings: () => ReadonlyMap<Kind, readonly number[]>;
  readonly refusals: () => readonly Refusal[];
  readonly postponements: () => readonly Refusal[];
  readonly violations: () => readonly Finding[];
  readonly differences: () => readonly string[];
}

export function createJournal(): Journal {
  const timings = new Map<Kind, number[]>();
  const writes: string[] = [];
  const differences: string[] = [];
  const refusals = new Map<string, Refusal>();
  const postponements = new Map<string, Refusal>();
  const violations = new Map<string, Finding>();

  return {
    timed: (kind, milliseconds) => {
      const known = timings.get(kind);
      if (known) known.push(milliseconds);
      else timings.set(kind, [milliseconds]);
    },
    wrote: (where) => void writes.push(where),
    refused: (call, answer) => countRefusal(refusals, call, answer),
    postponed: (call, answer) => countRefusal(postponements, call, answer),
    violated: (text, where) => {
      const known = violations.get(text);
      violations.set(text, { text, count: (known?.count ?? 0) + 1, first: known?.first ?? where });
    },
    differs: (text) => void differences.push(text),
    writes: () => writes,
    timings: () => timings,
    refusals: () => [...refusals.values()],
    postponements: () => [...postponements.values()],
    violations: () => [...violations.values()],
    differences: () => differences,
  };
}

function countRefusal(table: Map<string, Refusal>, call: Call, answer: Answer): void {
  const error = isRecord(answer.body) ? answer.body : {};
  const scimType = filledText(error["scimType"]) ?? "";
  const detail = filledText(error["detail"]) ?? answer.text.slice(0, 200);
  // Ids and quoted values differ from request to request; the refusal is the same.
  const general = detail
    .replace(/[0-9a-f]{8}-[0-9a-f-]{27}/giu, "<id>")
    .replace(/"[^"]*"/gu, '"…"');
  const key = `${call.method} ${answer.status} ${scimType} ${general}`;

  const known = table.get(key);
  table.set(key, {
    method: call.method,
    status: answer.status,
    scimType,
    detail,
    count: (known?.count ?? 0) + 1,
    first: known?.first ?? describeCall(call),
  });
}

export const describeCall = ({ method, target, body }: Call): string => {
  const text = body === undefined ? "" : ` ${JSON.stringify(body)}`;
  return `${method} ${target}${text.length > 400 ? `${text.slice(0, 400)}…` : text}`;
};
