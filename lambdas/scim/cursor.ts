import * as z from "zod/mini";
import { expiredCursor, invalidCursor } from "./errors.ts";
import type { SortKey } from "./sort.ts";

/** Where a resource is in a list: its type and id, and by what it is sorted. */
export interface Place {
  readonly type: string;
  readonly id: string;
  readonly key: SortKey;
}

/** Which page is wanted: the one behind `from` or the one before it, whether or not that resource is still there. */
export interface Cursor {
  readonly direction: "forward" | "backward";
  /** Undefined for the very beginning, or backward for the very end. */
  readonly from: Place | undefined;
}

/** How long after it was given a cursor is good (RFC 9865, section 4). */
export const cursorTimeoutSeconds = 3600;

/** The first page. */
export const beginning: Cursor = { direction: "forward", from: undefined };

const longest = 4000;

const form = z.tuple([
  z.literal(1),
  z.enum(["forward", "backward"]),
  z.int(),
  z.nullable(
    z.tuple([
      z.string(),
      z.string().check(z.regex(/^[\w-]{1,100}$/)),
      z.nullable(z.union([z.string(), z.number()])),
    ]),
  ),
]);

/**
 * The cursor as the client sees it (RFC 9865, section 2), in unreserved characters alone. It holds
 * a place in a list and nothing that gives access: whoever forges one reads what they may read
 * anyhow. So its check only has to tell a mistake: a cursor of another query, or a damaged one.
 */
export function printCursor({ direction, from }: Cursor, query: string, now: Date): string {
  const place = from ? [from.type, from.id, from.key] : null;
  const content = [1, direction, secondsAt(now), place];
  const text = Buffer.from(JSON.stringify(content)).toString("base64url");
  return `${text}.${checkOf(text, query)}`;
}

/**
 * Reads what printCursor wrote for the same `query`.
 * @throws invalidCursor if it is no cursor of that query, expiredCursor if it is too old.
 */
export function readCursor(cursor: string, query: string, now: Date): Cursor {
  const [text = "", check, ...more] = cursor.split(".", 3);
  if (cursor.length > longest || more.length > 0 || check !== checkOf(text, query)) throw foreign();

  const { data } = z.safeParse(form, parse(text));
  if (!data) throw foreign();
  const [, direction, issuedAt, place] = data;
  if (secondsAt(now) - issuedAt > cursorTimeoutSeconds)
    throw expiredCursor(
      `The cursor is older than ${cursorTimeoutSeconds} seconds; begin again with an empty cursor.`,
    );
  if (!place) return { direction, from: undefined };
  const [type, id, key] = place;
  return { direction, from: { type, id, key } };
}

/** The refusal of a cursor that was not given for the query that it came with. */
export const foreign = () =>
  invalidCursor(
    "The cursor was not given for this query; repeat the query that it was given for, or begin again with an empty cursor.",
  );

function parse(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, "base64url").toString());
  } catch {
    return undefined;
  }
}

const secondsAt = (now: Date) => Math.floor(now.getTime() / 1000);

function checkOf(text: string, query: string): string {
  const all = `${text}\n${query}`;
  return [0x811c9dc5, 0x2f0b4a87]
    .map((basis) => hash(all, basis).toString(16).padStart(8, "0"))
    .join("");
}

/** FNV-1a, over the units of the text. */
function hash(text: string, basis: number): number {
  let sum = basis;
  for (let at = 0; at < text.length; at++) sum = Math.imul(sum ^ text.charCodeAt(at), 0x01000193);
  return sum >>> 0;
}
