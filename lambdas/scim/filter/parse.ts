import { invalidFilter } from "../errors.ts";
import { type Comparison, comparisons, conjuncts, type Filter, type Literal } from "./filter.ts";
import { type Token, tokenise, unexpected } from "./tokens.ts";

/** What stands before, in and behind the brackets of a PATCH's path. */
export interface PathText {
  readonly head: string;
  readonly filter: Filter | undefined;
  readonly subAttribute: string | undefined;
}

const maxDepth = 32;
const maxTerms = 500;

const end: Token = { kind: "end", text: "", position: 1 };

/** The tokens that are left to read; each parsing function moves past what it reads. */
interface Cursor {
  readonly tokens: readonly Token[];
  at: number;
  depth: number;
  terms: number;
}

/** Reads a filter (RFC 7644, section 3.4.2.2). @throws invalidFilter, with the position. */
export function parseFilter(text: string): Filter {
  const cursor = start(text);
  const filter = parseOr(cursor);
  if (peek(cursor).kind !== "end") throw unexpected(peek(cursor), `"and", "or" or the end`);
  return filter;
}

/** Reads the path of a PATCH operation (RFC 7644, section 3.5.2, figure 7). @throws invalidFilter */
export function parsePathText(text: string): PathText {
  const cursor = start(text);
  const head = parseName(cursor);
  const filter = isNext(cursor, "[") ? parseBrackets(cursor, false) : undefined;
  const subAttribute = filter && parseSuffix(cursor);
  if (peek(cursor).kind !== "end") throw unexpected(peek(cursor), "the end of the path");
  return { head, filter, subAttribute };
}

function parseOr(cursor: Cursor): Filter {
  return parseChain(cursor, "or", () => parseChain(cursor, "and", () => parseTerm(cursor)));
}

function parseChain(cursor: Cursor, kind: "and" | "or", parseOperand: () => Filter): Filter {
  const first = parseOperand();
  const operands = [first];
  while (takeWord(cursor, kind)) operands.push(parseOperand());
  return operands.length === 1 ? first : { kind, operands };
}

function parseTerm(cursor: Cursor): Filter {
  cursor.terms += 1;
  if (cursor.terms > maxTerms) {
    throw invalidFilter(`The filter has more than ${maxTerms} terms; split it into several.`);
  }

  if (isNext(cursor, "(")) return parseGroup(cursor);
  if (isWord(peek(cursor), "not") && isBracket(peek(cursor, 1), "(")) {
    cursor.at += 1;
    return { kind: "not", operand: parseGroup(cursor) };
  }

  const path = parseName(cursor);
  if (!isNext(cursor, "[")) return parseCondition(cursor, path);
  return { kind: "valuePath", path, filter: parseBrackets(cursor, true) };
}

function parseGroup(cursor: Cursor): Filter {
  return nested(cursor, "(", ")", () => parseOr(cursor));
}

/** Entra writes `emails[type eq "work"].value eq "x"`: what comes behind holds for the same value. */
function parseBrackets(cursor: Cursor, conditionMayFollow: boolean): Filter {
  const filter = nested(cursor, "[", "]", () => parseOr(cursor));
  if (!conditionMayFollow) return filter;

  const subAttribute = parseSuffix(cursor);
  if (subAttribute === undefined) return filter;
  const condition = parseCondition(cursor, subAttribute);
  return { kind: "and", operands: [...conjuncts(filter), condition] };
}

function nested(cursor: Cursor, open: string, close: string, parseInner: () => Filter): Filter {
  const opening = take(cursor, open);
  cursor.depth += 1;
  if (cursor.depth > maxDepth) {
    throw invalidFilter(
      `The filter nests deeper than ${maxDepth} at character ${opening.position}.`,
    );
  }
  const inner = parseInner();
  take(cursor, close);
  cursor.depth -= 1;
  return inner;
}

function parseCondition(cursor: Cursor, path: string): Filter {
  const token = next(cursor);
  if (isWord(token, "pr")) return { kind: "present", path };

  const operator = comparisons.find((comparison) => isWord(token, comparison));
  if (!operator) throw unexpected(token, `an operator (pr, ${comparisons.join(", ")})`);
  return parseComparison(cursor, path, operator);
}

function parseComparison(cursor: Cursor, path: string, operator: Comparison): Filter {
  const token = next(cursor);
  if (token.kind === "string") return { kind: "compare", path, operator, value: token.text };
  if (token.kind !== "word") throw unexpected(token, `a value to compare ${path} with`);
  return { kind: "compare", path, operator, value: literal(token.text) };
}

/** A word that is no JSON literal stands for itself: Entra's samples have `externalId eq jyoung`. */
function literal(word: string): Literal {
  if (word === "true") return true;
  if (word === "false") return false;
  if (word === "null") return null;
  // An employee number such as 007 or one with twenty digits must not lose any.
  const number = Number(word);
  return Number.isFinite(number) && String(number) === word ? number : word;
}

function parseName(cursor: Cursor): string {
  const token = next(cursor);
  const isName = token.kind === "word" && /^[a-z$]/i.test(token.text);
  if (!isName) throw unexpected(token, "the name of an attribute");
  return token.text;
}

/** The `.value` behind a closing bracket. */
function parseSuffix(cursor: Cursor): string | undefined {
  const token = peek(cursor);
  const before = cursor.tokens[cursor.at - 1];
  if (token.kind !== "word" || token.position !== (before?.position ?? 0) + 1) return undefined;
  if (!/^\.[a-z$]/i.test(token.text)) throw unexpected(token, "a sub-attribute such as .value");
  return next(cursor).text.slice(1);
}

function start(text: string): Cursor {
  return { tokens: tokenise(text), at: 0, depth: 0, terms: 0 };
}

function peek(cursor: Cursor, ahead = 0): Token {
  return cursor.tokens[cursor.at + ahead] ?? cursor.tokens.at(-1) ?? end;
}

function next(cursor: Cursor): Token {
  const token = peek(cursor);
  cursor.at += 1;
  return token;
}

function take(cursor: Cursor, bracket: string): Token {
  const token = next(cursor);
  if (!isBracket(token, bracket)) throw unexpected(token, `"${bracket}"`);
  return token;
}

function takeWord(cursor: Cursor, word: string): boolean {
  if (!isWord(peek(cursor), word)) return false;
  cursor.at += 1;
  return true;
}

function isNext(cursor: Cursor, bracket: string): boolean {
  return isBracket(peek(cursor), bracket);
}

function isBracket(token: Token, bracket: string): boolean {
  return token.kind === "bracket" && token.text === bracket;
}

function isWord(token: Token, word: string): boolean {
  return token.kind === "word" && token.text.toLowerCase() === word;
}
