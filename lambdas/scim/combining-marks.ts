import { invalidValue } from "./errors.ts";

/** Unicode's own bound for text that is to be normalised in a stream (Standard Annex 15, section 13). */
const tooMany = /\p{M}{31}/u;

/** Whether a text may hold a combining mark, as such or as an escape. */
export const mayHaveMarks = (text: string): boolean => /\p{M}|\\u/u.test(text);

/** Whether text has more combining marks in a row than are kept. */
export const hasTooManyMarks = (text: string): boolean => tooMany.test(text);

/**
 * To bring combining marks into their order takes the square of their number, and no language
 * heaps up so many. @throws invalidValue for text with more than 30 in a row
 */
export function checkMarks(text: string): void {
  if (hasTooManyMarks(text))
    throw invalidValue("A text has more than 30 combining marks in a row; leave some out.");
}
