import type { TextStream } from "./command-context.ts";
import { writeCsv } from "./csv-write.ts";
import { table } from "./output.ts";
import type { MatchedOn } from "./user-match-rows.ts";
import type { Existing, Verdict } from "./user-match-verdicts.ts";

export interface MatchReport {
  readonly tenant: string;
  readonly on: MatchedOn;
  readonly verdicts: readonly Verdict[];
  readonly missed: readonly Existing[];
}

/** What the sync would do, what that is called, and what an operator does about it. */
const sections = [
  ["matched", "linked to the user that is here", ""],
  ["created", "created, since nobody like them is here", ""],
  [
    "wouldDuplicate",
    "created a second time",
    "They are here, but not by what the sync matches by. Match by another attribute in Entra (Provisioning, Attribute mapping, Match objects using this attribute), or give them the value that Entra sends: import them by another --key with that column.",
  ],
  [
    "wouldConflict",
    "refused, since another has the userName, or is linked already",
    "Entra would try again in every cycle. Match by userName, or rename or delete the one that should not have it.",
  ],
  [
    "ambiguous",
    "not synced, since several here have the value",
    "Leave the value to one of them, or match by an attribute that tells them apart.",
  ],
  [
    "invalid",
    "not matched, since they have no value for it",
    "Give them one in Entra, or match by another attribute.",
  ],
] as const;

/** With these the sync should not be switched on yet. */
const troubles = new Set(["wouldDuplicate", "wouldConflict", "ambiguous"]);

export const troublesIn = ({ verdicts }: MatchReport): number =>
  verdicts.filter(({ outcome }) => troubles.has(outcome)).length;

export function matchCounts({ verdicts, missed }: MatchReport): Readonly<Record<string, number>> {
  const counts = sections.map(([outcome]) => [
    outcome,
    verdicts.filter((one) => one.outcome === outcome).length,
  ]);
  return { ...Object.fromEntries(counts), missed: missed.length };
}

const mostShown = 5;

/** The report for people: counts, then what wants a look, with the first lines of each. */
export function matchText(out: TextStream, report: MatchReport): string {
  const counts = matchCounts(report);
  const rows = sections.map(([outcome, words]) => [outcome, String(counts[outcome]), words]);
  const missed = [
    "missed",
    String(counts.missed),
    "here, and left alone: the sync has none like them",
  ];
  const parts = [table(out, ["outcome", "users", "the sync's users would be"], [...rows, missed])];

  for (const [outcome, , advice] of sections) {
    const found = report.verdicts.filter((one) => one.outcome === outcome);
    if (advice === "" || found.length === 0) continue;
    const shown = found.slice(0, mostShown).map(lineOf);
    parts.push(
      `${outcome}: ${advice}`,
      table(out, ["line", "of the sync", "here", "why"], shown) + more(found.length),
    );
  }
  if (report.missed.length > 0) {
    const shown = report.missed.slice(0, mostShown).map(({ id, userName }) => [userName, id]);
    parts.push(
      "missed: They stay as they are, active or not, and Entra does not manage them. Assign them in Entra if it should, or disable them if they have left.",
      table(out, ["userName", "id"], shown) + more(report.missed.length),
    );
  }
  return parts.join("\n\n");
}

const lineOf = ({ line, key, userName, here, id, detail }: Verdict): readonly string[] => [
  String(line),
  key || userName || "",
  here ?? id ?? "",
  detail ?? "",
];

const more = (count: number) => (count > mostShown ? `\n… and ${count - mostShown} more` : "");

/** Every user of the sync and every one that it misses, a line each. */
export function writeMatchReport(path: string, { verdicts, missed }: MatchReport): void {
  const ofSync = ["line", "key", "userName", "email", "externalId"] as const;
  const lines = verdicts.map((one) => [
    one.outcome,
    ...ofSync.map((name) => String(one[name] ?? "")),
    ...[one.id, one.here, one.detail].map((text) => text ?? ""),
  ]);
  const others = missed.map(({ id, userName }) => [
    "missed",
    ...ofSync.map(() => ""),
    id,
    userName,
    "",
  ]);
  const cells = [...lines, ...others].map((line) => line.map(withoutFormula));
  writeCsv(path, ["outcome", ...ofSync, "id here", "userName here", "why"], cells);
}

/** The customer's users choose their names, and a spreadsheet works out what begins so. */
const withoutFormula = (text: string) => (/^[=+\-@\t\r]/.test(text) ? `'${text}` : text);
