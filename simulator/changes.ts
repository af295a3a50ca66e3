import { groupChanges } from "./changes-groups.ts";
import { userChanges } from "./changes-users.ts";
import type { Directory } from "./directory.ts";
import { createRandom, type Random } from "./random.ts";

/** What a change may go by. */
export interface Draw {
  readonly random: Random;
  /** Different for every change of a run. */
  readonly serial: number;
  /** The directory as it was at the last cycle. */
  readonly synced: Directory;
}

/** A kind of change that an administrator makes in Entra. */
export interface ChangeKind {
  readonly name: string;
  readonly weight: number;
  /** Whether its effect can be asked for on demand. */
  readonly onDemand: boolean;
  /** The directory after one such change, or the very same if there is nothing to change. */
  readonly apply: (directory: Directory, draw: Draw) => Directory;
}

export interface Changed {
  readonly directory: Directory;
  /** How often each kind was applied. */
  readonly counts: ReadonlyMap<string, number>;
}

export interface ChangePlan {
  readonly count: number;
  readonly seed: number;
  readonly onDemandOnly: boolean;
}

/** `count` random changes, each kind at least once if there is room for it. */
export function changeDirectory(directory: Directory, plan: ChangePlan): Changed {
  const random = createRandom(plan.seed, directory.tag);
  const kinds = [...userChanges, ...groupChanges].filter(
    ({ onDemand }) => onDemand || !plan.onDemandOnly,
  );
  const once = random.sample(kinds, plan.count);
  const more = Array.from({ length: plan.count - once.length }, () => weighted(kinds, random));

  const counts = new Map<string, number>();
  const after = [...once, ...more].reduce((before, kind, at) => {
    const next = kind.apply(before, { random, serial: plan.seed * 1000 + at, synced: directory });
    if (next !== before) counts.set(kind.name, (counts.get(kind.name) ?? 0) + 1);
    return next;
  }, directory);
  return { directory: after, counts };
}

function weighted(kinds: readonly ChangeKind[], random: Random): ChangeKind {
  const total = kinds.reduce((sum, { weight }) => sum + weight, 0);
  let left = random.next() * total;
  for (const kind of kinds) {
    left -= kind.weight;
    if (left < 0) return kind;
  }
  return { name: "nothing", weight: 0, onDemand: true, apply: (directory) => directory };
}
