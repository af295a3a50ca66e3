import { invalidCount, invalidFilter, invalidSyntax, invalidValue } from "./errors.ts";
import { isArray, isObject, type Json } from "./json.ts";
import { listsSchema } from "./patch/read.ts";
import type { SortOrder } from "./sort.ts";
import { searchRequestUrn } from "./urns.ts";

/** What a list is asked for (RFC 7644, section 3.4.2). */
export interface ListQuery {
  readonly filter: string | undefined;
  /** From 1. */
  readonly startIndex: number;
  readonly count: number;
  /** Undefined where pages are counted by `startIndex`; empty for the first page by cursor (RFC 9865, section 2). */
  readonly cursor: string | undefined;
  readonly sortBy: string | undefined;
  readonly sortOrder: SortOrder;
  readonly attributes: string | undefined;
  readonly excludedAttributes: string | undefined;
}

/** The most resources that one answer holds, whatever `count` says. */
export const largestCount = 200;

/** How many resources an answer holds where the client does not say. */
export const usualCount = 100;

/**
 * A list's query from its URL, by names in lower case; parameters that are not known are ignored.
 * @throws ScimError 400 `invalidValue`, `invalidFilter` or `invalidCount`
 */
export function readListQuery(query: ReadonlyMap<string, string>): ListQuery {
  const text = (name: string) => {
    const value = query.get(name);
    return value === undefined || value.trim() === "" ? undefined : value;
  };
  const cursor = query.get("cursor")?.trim();
  if (cursor !== undefined && text("startindex") !== undefined)
    throw invalidValue("startIndex and cursor are two ways of paging; give one of them.");
  return {
    filter: readFilter(query.get("filter")),
    startIndex: Math.max(1, readInteger("startIndex", text("startindex"), 1)),
    count: readCount(text("count"), cursor !== undefined),
    cursor,
    sortBy: text("sortby")?.trim(),
    sortOrder: readSortOrder(text("sortorder")),
    attributes: text("attributes"),
    excludedAttributes: text("excludedattributes"),
  };
}

/** To ignore an empty filter would be to answer with everyone. */
function readFilter(filter: string | undefined): string | undefined {
  if (filter?.trim() === "") throw invalidFilter("The filter is empty; leave it out, or fill it.");
  return filter;
}

/** Below 0 is 0, in both ways of paging; above the largest page is that page (RFC 9865, section 2). */
function readCount(text: string | undefined, hasCursor: boolean): number {
  const refuse = hasCursor ? invalidCount : invalidValue;
  return Math.min(largestCount, Math.max(0, readInteger("count", text, usualCount, refuse)));
}

function readSortOrder(text: string | undefined): SortOrder {
  const order = text?.trim().toLowerCase() ?? "ascending";
  if (order === "ascending" || order === "descending") return order;
  throw invalidValue("sortOrder must be ascending or descending.");
}

/** Which attributes an answer is to show, from the URL (RFC 7644, section 3.9). */
export function readWanted(query: ReadonlyMap<string, string>) {
  return {
    attributes: query.get("attributes"),
    excludedAttributes: query.get("excludedattributes"),
  };
}

/** A list's query from the body of a search (RFC 7644, section 3.4.3). @throws ScimError 400 */
export function readSearchRequest(body: Json | undefined): ListQuery {
  if (!isObject(body) || !listsSchema(body, searchRequestUrn))
    throw invalidSyntax(`A search takes a body whose schemas are ["${searchRequestUrn}"].`);

  const query = new Map<string, string>();
  for (const [name, value] of Object.entries(body)) {
    const known = members.get(name.toLowerCase());
    // Null says no more than a member that is left out (RFC 7643, section 2.5).
    if (!known || value === null) continue;
    if (query.has(name.toLowerCase()))
      throw invalidSyntax(`${known.name} is given twice, in different case; give it once.`);
    query.set(name.toLowerCase(), asText(known, value));
  }
  return readListQuery(query);
}

interface SearchMember {
  readonly name: string;
  readonly type: "text" | "integer" | "names";
}

/** The members of a search's body, by their names in lower case. */
const members: ReadonlyMap<string, SearchMember> = new Map(
  (
    [
      { name: "filter", type: "text" },
      { name: "startIndex", type: "integer" },
      { name: "count", type: "integer" },
      { name: "cursor", type: "text" },
      { name: "sortBy", type: "text" },
      { name: "sortOrder", type: "text" },
      { name: "attributes", type: "names" },
      { name: "excludedAttributes", type: "names" },
    ] as const
  ).map((member) => [member.name.toLowerCase(), member]),
);

/** What a member must be, in words; each may also be the text that stands in a URL. */
const wanted = { text: "a string", integer: "an integer", names: "a list of attribute names" };

function asText({ name, type }: SearchMember, value: Json): string {
  if (typeof value === "string") return value;
  if (type === "integer" && typeof value === "number") return String(value);
  if (type === "names" && isArray(value) && value.every((one) => typeof one === "string"))
    return value.join(",");
  throw invalidValue(`${name} must be ${wanted[type]}.`);
}

function readInteger(
  name: string,
  text: string | undefined,
  otherwise: number,
  refuse = invalidValue,
): number {
  if (text === undefined) return otherwise;
  if (!/^\s*[+-]?\d{1,15}\s*$/.test(text)) throw refuse(`${name} must be an integer.`);
  return Number(text);
}
