import { invalidFilter, invalidSyntax, invalidValue } from "./errors.ts";
import { isArray, isObject, type Json } from "./json.ts";
import { searchRequestUrn } from "./urns.ts";

/** What a list is asked for (RFC 7644, section 3.4.2). */
export interface ListQuery {
  readonly filter: string | undefined;
  /** From 1. */
  readonly startIndex: number;
  readonly count: number;
  readonly attributes: string | undefined;
  readonly excludedAttributes: string | undefined;
}

/** The most resources that one answer holds, and how many it holds where the client does not say. */
export const largestCount = 200;
const usualCount = 100;

/** A list's query from its URL, by names in lower case; parameters that are not known are ignored. @throws ScimError 400 `invalidValue` */
export function readListQuery(query: ReadonlyMap<string, string>): ListQuery {
  const text = (name: string) => {
    const value = query.get(name);
    return value === undefined || value.trim() === "" ? undefined : value;
  };
  return {
    filter: readFilter(query.get("filter")),
    startIndex: Math.max(1, readInteger("startIndex", text("startindex"), 1)),
    count: Math.min(largestCount, Math.max(0, readInteger("count", text("count"), usualCount))),
    attributes: text("attributes"),
    excludedAttributes: text("excludedattributes"),
  };
}

/** To ignore an empty filter would be to answer with everyone. */
function readFilter(filter: string | undefined): string | undefined {
  if (filter?.trim() === "") throw invalidFilter("The filter is empty; leave it out, or fill it.");
  return filter;
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
  if (!isObject(body) || !isArray(body.schemas) || !body.schemas.includes(searchRequestUrn))
    throw invalidSyntax(`A search takes a body whose schemas are ["${searchRequestUrn}"].`);
  const known = ["filter", "startindex", "count", "attributes", "excludedattributes"];
  const given = Object.entries(body).filter(([name]) => known.includes(name.toLowerCase()));
  return readListQuery(
    new Map(given.map(([name, value]) => [name.toLowerCase(), asText(name, value)])),
  );
}

function asText(name: string, value: Json): string {
  if (typeof value === "string") return value;
  if (typeof value === "number") return String(value);
  if (isArray(value) && value.every((one) => typeof one === "string")) return value.join(",");
  throw invalidValue(`${name} has a value of the wrong type.`);
}

function readInteger(name: string, text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise;
  if (!/^\s*[+-]?\d{1,15}\s*$/.test(text)) throw invalidValue(`${name} must be an integer.`);
  return Number(text);
}
