/** A place in a list: the rank of a kind among the list's kinds, and the id behind which one stands. */
export type Place = string;

export const placeOf = (rank: number, id: string): Place =>
  `${String(rank).padStart(3, "0")}#${id}`;

export const rankAndId = (place: Place) => ({
  rank: Number(place.slice(0, 3)),
  id: place.slice(4),
});

export const beginning = placeOf(0, "");

/** Places by the startIndex by which they are asked for. */
type Places = Readonly<Record<string, Place>>;

/**
 * What is known of the pages that began at one startIndex: where, and where they ended. Nothing
 * tells two clients apart that go through a list at once, so a place only ever moves back, to the
 * least that anyone may wait at. It moves on with a new generation, which begins with a walk before
 * which as many walks have ended as were begun, and with time.
 */
export interface Bookmark {
  readonly startIndex: number;
  readonly generation: number;
  /** How many walks can have come by, at most. */
  readonly walks: number;
  /** This page's own place and those of the pages behind it, by what was seen since then. */
  readonly places: Places;
  readonly since: number;
  /** The same by what was seen before, in as long a time. */
  readonly past: Places;
  /** Of startIndex 1 alone: how many walks have been given their last page, and the last one given. */
  readonly ended?: number;
  readonly last?: LastPage;
}

type LastPage = Pick<Bookmark, "startIndex" | "generation" | "walks" | "places" | "since">;

/** A place is kept for an hour at least, and for two at most. */
export const keptMs = 3_600_000;

/** Where a page is read from. */
export interface Start {
  readonly place: Place;
  readonly generation: number;
  /** How many walks can have come here, at most. */
  readonly walks: number;
}

/** Where those stand that go on at `startIndex`, by the bookmarks of the pages before it. */
export function startAt(
  bookmarks: readonly Bookmark[],
  startIndex: number,
  now: number,
): Start | undefined {
  const known = bookmarks.flatMap(withLastPage).flatMap((bookmark) => {
    const place = placesOf(bookmark, now)[startIndex];
    return place === undefined || bookmark.startIndex >= startIndex ? [] : [{ ...bookmark, place }];
  });
  if (known.length === 0) return undefined;

  const generation = Math.max(...known.map((one) => one.generation));
  const newest = known.filter((one) => one.generation === generation);
  const walks = newest.reduce((sum, one) => sum + one.walks, 0);
  return { place: least(newest.map(({ place }) => place)), generation, walks };
}

/** The nearest known place at or before `startIndex`, and how many to leave out behind it, for one who did not walk there. */
export function nearestTo(
  bookmarks: readonly Bookmark[],
  startIndex: number,
  now: number,
): Start & { readonly skip: number } {
  const known = bookmarks.flatMap((bookmark) =>
    Object.entries(placesOf(bookmark, now)).map(([index, place]) => ({
      place,
      skip: startIndex - Number(index),
      generation: bookmark.generation,
      walks: 0,
    })),
  );
  const none = { place: beginning, skip: startIndex - 1, generation: 0, walks: 0 };
  return known
    .filter(({ skip }) => skip >= 0)
    .reduce((nearest, one) => (one.skip < nearest.skip ? one : nearest), none);
}

/** The last page as a bookmark of its own; whoever asks again behind it ends no second time. */
function withLastPage(bookmark: Bookmark): readonly Bookmark[] {
  const { last } = bookmark;
  return last ? [bookmark, { ...last, past: {}, walks: 0 }] : [bookmark];
}

function placesOf({ places, past, since }: Bookmark, now: number): Places {
  if (now >= since + 2 * keptMs) return {};
  return now < since + keptMs ? leastOf(past, places) : places;
}

/** A page as it was given. */
export interface Given {
  readonly startIndex: number;
  readonly from: Place;
  /** By what the client goes on, and where it then stands. */
  readonly next: number;
  readonly end: Place;
  readonly generation: number;
  readonly walks: number;
}

/** The bookmark of a page behind which there is more. */
export function withPage(held: Bookmark | undefined, page: Given, now: number): Bookmark {
  const { startIndex, generation, walks } = page;
  const places = placesIn(page);
  // A walk of an earlier generation that comes late may bring a place back, not on.
  if (!held || held.generation < generation)
    return { startIndex, generation, walks: Math.min(1, walks), places, since: now, past: {} };

  const more = { ...held, walks: Math.max(held.walks, Math.min(held.walks + 1, walks)) };
  if (now < held.since + keptMs) return { ...more, places: leastOf(held.places, places) };
  const past = now < held.since + 2 * keptMs ? held.places : {};
  return { ...more, places, since: now, past };
}

/** The first bookmark, where a walk begins. */
export function withBeginning(held: Bookmark | undefined, page: Given, now: number): Bookmark {
  if (held && held.walks > (held.ended ?? 0))
    return withPage(held, { ...page, generation: held.generation, walks: Infinity }, now);
  const generation = Math.max(now, (held?.generation ?? 0) + 1);
  const first = withPage(undefined, { ...page, generation, walks: 1 }, now);
  return { ...first, ended: 0, ...(held?.last ? { last: held.last } : {}) };
}

/** The first bookmark, where a walk has been given its last page; undefined if it was none of this generation. */
export function withEnd(
  held: Bookmark | undefined,
  page: Given,
  now: number,
): Bookmark | undefined {
  if (held?.generation !== page.generation) return undefined;
  // Who asks on behind the end ends no walk.
  if (page.walks === 0 && page.next === page.startIndex) return undefined;
  const { startIndex, generation } = page;
  const { last } = held;
  const isSame =
    last?.startIndex === startIndex && last.generation === generation && now < last.since + keptMs;
  const [counted, places, since] = isSame ? [last.walks, last.places, last.since] : [0, {}, now];
  // As many as came here may end here: who asks for a last page again is not another walk.
  const walks = Math.max(counted, Math.min(counted + 1, page.walks));
  return {
    ...held,
    ended: (held.ended ?? 0) + walks - counted,
    last: { startIndex, generation, walks, since, places: leastOf(places, placesIn(page)) },
  };
}

/** The first bookmark, where the last page that was given turns out not to have been shown whole. */
export function withoutEnd(held: Bookmark | undefined, page: Given): Bookmark | undefined {
  const { last } = held ?? {};
  const isLast = last?.startIndex === page.startIndex && last.generation === page.generation;
  if (!held || !isLast || held.generation !== page.generation || last.walks === 0) return undefined;
  return { ...held, ended: (held.ended ?? 0) - 1, last: { ...last, walks: last.walks - 1 } };
}

const placesIn = ({ startIndex, from, next, end }: Given): Places =>
  next === startIndex ? { [startIndex]: from } : { [startIndex]: from, [next]: end };

function leastOf(some: Places, others: Places): Places {
  const shared = Object.entries(others).map(([index, place]) => [
    index,
    least([place, some[index] ?? place]),
  ]);
  return { ...some, ...Object.fromEntries(shared) };
}

const least = (places: readonly Place[]): Place => places.toSorted()[0] ?? beginning;
