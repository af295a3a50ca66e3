import { LocalRunError } from "../failure.ts";
import { isObject, type Json, type JsonObject, readJson, readList, readText } from "../json.ts";

/** Whether a record fits a pattern. */
export type Pattern = (record: JsonObject) => boolean;

/** One that fits what any of the filters fits; all, where there are none. */
export function readFilters(criteria: Json | undefined): Pattern {
  const filters = isObject(criteria) ? readList(criteria.Filters) : [];
  const patterns = filters.map((filter) =>
    readPattern(readJson(readText(isObject(filter) ? filter.Pattern : undefined, "A pattern"))),
  );
  return (record) => patterns.length === 0 || patterns.some((fits) => fits(record));
}

/**
 * Reads a pattern of Lambda's event filtering: fields by name, and for each a list of values or
 * `{"prefix": …}`. @throws LocalRunError for the parts of the language that the local run does not know.
 */
export function readPattern(pattern: Json): Pattern {
  if (!isObject(pattern)) throw new LocalRunError("A filter pattern should be an object.");
  const fields = Object.entries(pattern).map(([name, rule]) => {
    const fits = readRule(rule ?? null, name);
    return (record: JsonObject) => fits(record[name]);
  });
  return (record) => fields.every((fits) => fits(record));
}

type Rule = (value: Json | undefined) => boolean;

function readRule(rule: Json, name: string): Rule {
  if (isObject(rule)) {
    if (name.startsWith("$")) throw unknown(name);
    const fits = readPattern(rule);
    return (value) => isObject(value) && fits(value);
  }
  const choices = Array.isArray(rule) ? readList(rule) : [];
  if (choices.length === 0)
    throw new LocalRunError(`In a filter pattern "${name}" needs an object or a list of values.`);
  const rules = choices.map(readChoice);
  return (value) => rules.some((fits) => fits(value));
}

function readChoice(choice: Json): Rule {
  if (!isObject(choice)) return (value) => value === choice;
  const { prefix, ...others } = choice;
  const [other] = Object.keys(others);
  if (other !== undefined) throw unknown(other);
  if (typeof prefix !== "string") throw unknown("a prefix that is no text");
  return (value) => typeof value === "string" && value.startsWith(prefix);
}

const unknown = (what: string) =>
  new LocalRunError(`The local run does not know ${what} in a filter pattern.`);
