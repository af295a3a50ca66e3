import { checkMarks } from "../combining-marks.ts";
import { invalidFilter, ScimError } from "../errors.ts";

/** A piece of a filter: a bracket, a string in quotes (its `text` without them), or a word. */
export interface Token {
  readonly kind: "bracket" | "string" | "word" | "end";
  readonly text: string;
  /** Where it starts, counted from 1. */
  readonly position: number;
}

/** Longer filters are refused; a thousand people's e-mail addresses belong in many requests. */
const maxLength = 8 * 1024;

const piece = /\s+|([()[\]])|("(?:[^"\\]|\\.)*")|([^\s()[\]"]+)/y;

/** Cuts `text` into tokens, the last of which is an `end`. @throws invalidFilter */
export function tokenise(text: string): readonly Token[] {
  if (text.length > maxLength) {
    throw invalidFilter(`The filter has ${text.length} characters; at most ${maxLength} are read.`);
  }

  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    piece.lastIndex = at;
    const [whole, bracket, string, word] = piece.exec(text) ?? [];
    const position = at + 1;
    if (whole === undefined) throw invalidFilter(`The string at character ${position} never ends.`);
    if (bracket !== undefined) tokens.push({ kind: "bracket", text: bracket, position });
    if (string !== undefined) tokens.push({ kind: "string", text: unescape(string, at), position });
    if (word !== undefined) tokens.push({ kind: "word", text: word, position });
    at += whole.length;
  }
  return [...tokens, { kind: "end", text: "", position: text.length + 1 }];
}

/** The refusal of a filter that has `found` where it should have what is `expected`. */
export function unexpected(found: Token, expected: string): ScimError {
  const what = found.kind === "end" ? "the end" : `"${found.text.slice(0, 50)}"`;
  return invalidFilter(
    `The filter has ${what} at character ${found.position} where ${expected} should be.`,
  );
}

function checked(text: string): string {
  checkMarks(text);
  return text;
}

/** A backslash with what it escapes in a JSON string, or alone. */
const backslash = /\\(["\\/bfnrt]|u[0-9a-fA-F]{4})?/g;

/** A backslash that escapes nothing stands for itself: `CORP\joe` is how some directories name people. */
function unescape(string: string, at: number): string {
  const escaped = string.replace(backslash, (whole, escape) => (escape ? whole : "\\\\"));
  try {
    return checked(String(JSON.parse(escaped)));
  } catch (error) {
    if (error instanceof ScimError) throw error;
    throw invalidFilter(`The string at character ${at + 1} is not written as a JSON string.`);
  }
}
