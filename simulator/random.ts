/** Chances that depend on the seed alone, so that a run can be repeated. */
export interface Random {
  /** In [0, 1). */
  readonly next: () => number;
  /** In [0, below). */
  readonly below: (below: number) => number;
  readonly chance: (probability: number) => boolean;
  readonly pick: <T>(list: readonly [T, ...T[]]) => T;
  /** One of `list`, or `undefined` if there is none. */
  readonly pickAny: <T>(list: readonly T[]) => T | undefined;
  /** Up to `count` different elements of `list`, in random order. */
  readonly sample: <T>(list: readonly T[], count: number) => readonly T[];
  readonly guid: () => string;
}

/** The GUIDs depend on `tag` too, so that two directories of one seed have different ids. */
export function createRandom(seed: number, tag = ""): Random {
  const next = mulberry32(seed);
  const below = (limit: number) => Math.floor(next() * limit);
  const nextOfGuid = mulberry32(hashOf(`${seed} ${tag}`));

  return {
    next,
    below,
    chance: (probability) => next() < probability,
    pick: (list) => list[below(list.length)] ?? list[0],
    pickAny: (list) => list[below(list.length)],
    sample: (list, count) => sample(list, count, below),
    guid: () => guid((limit) => Math.floor(nextOfGuid() * limit)),
  };
}

/** A stable number for a text: picks one of several forms for an object, the same in every run. */
export function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (const character of text) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  }
  return hash;
}

/** The generator known as mulberry32: 32 bits of state, good enough for test data. */
function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function sample<T>(list: readonly T[], count: number, below: (limit: number) => number): T[] {
  const rest = [...list];
  const taken: T[] = [];
  while (taken.length < count && rest.length > 0) {
    const at = below(rest.length);
    const last = rest.length - 1;
    const [chosen, moved] = [rest[at], rest[last]];
    if (chosen !== undefined) taken.push(chosen);
    if (moved !== undefined) rest[at] = moved;
    rest.pop();
  }
  return taken;
}

function guid(below: (limit: number) => number): string {
  const hex = (digits: number) =>
    Array.from({ length: digits }, () => below(16).toString(16)).join("");
  const variant = (8 + below(4)).toString(16);
  return `${hex(8)}-${hex(4)}-4${hex(3)}-${variant}${hex(3)}-${hex(12)}`;
}
