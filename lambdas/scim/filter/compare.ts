import { comparableText } from "../comparable.ts";
import { invalidFilter, type ScimError } from "../errors.ts";
import { instantOf } from "../instant.ts";
import type { Json } from "../json.ts";
import type { Attribute } from "../schema.ts";
import type { Comparison, Literal } from "./filter.ts";

type Test = (value: Json) => boolean;

/** How two values of one type lie to each other, by operator. */
const ordered: Partial<Record<Comparison, (order: number) => boolean>> = {
  eq: (order) => order === 0,
  gt: (order) => order > 0,
  ge: (order) => order >= 0,
  lt: (order) => order < 0,
  le: (order) => order <= 0,
};

const partial: Partial<Record<Comparison, (text: string, part: string) => boolean>> = {
  co: (text, part) => text.includes(part),
  sw: (text, part) => text.startsWith(part),
  ew: (text, part) => text.endsWith(part),
};

/**
 * Readies the comparison of `attribute`'s values with `literal`, by the attribute's type and
 * case rule; null stands for no value. @throws invalidFilter if the two cannot be compared so.
 */
export function comparer(
  attribute: Attribute,
  operator: Comparison,
  literal: Literal,
  path: string,
): Test {
  if (literal === null) return compareWithNull(operator, path);
  if (operator === "ne") {
    const equals = comparer(attribute, "eq", literal, path);
    return (value) => !equals(value);
  }

  switch (attribute.type) {
    case "string":
    case "reference":
    case "binary":
      return compareText(attribute, operator, String(literal), path);
    case "boolean":
      return compareBooleans(operator, literal, path);
    case "integer":
    case "decimal":
      return compareNumbers(operator, numberOf(literal), path);
    case "dateTime":
      return compareTimes(operator, String(literal), path);
    case "complex":
      throw incomparable(path, "has sub-attributes; compare one of them");
  }
}

function compareWithNull(operator: Comparison, path: string): Test {
  if (operator === "eq") return (value) => value === null;
  if (operator === "ne") return (value) => value !== null;
  throw incomparable(path, `cannot be compared with null by ${operator}`);
}

function compareText(
  attribute: Attribute,
  operator: Comparison,
  literal: string,
  path: string,
): Test {
  if (attribute.type === "binary" && operator !== "eq")
    throw incomparable(path, "can be compared by eq and ne only");

  const comparable = comparableText(attribute);
  const wanted = comparable(literal);
  const holds = partial[operator];
  if (holds) return (value) => typeof value === "string" && holds(comparable(value), wanted);
  return byOrder(operator, (value) =>
    typeof value === "string" ? orderOf(comparable(value), wanted) : undefined,
  );
}

/** Entra writes `primary eq "True"`. */
function compareBooleans(operator: Comparison, literal: Literal, path: string): Test {
  if (operator !== "eq") throw incomparable(path, "can be compared by eq and ne only");
  const wanted = String(literal).toLowerCase();
  if (wanted !== "true" && wanted !== "false") throw incomparable(path, "is true or false");
  return (value) => value === (wanted === "true");
}

/** Text that spells a number is one: a literal such as 007 or 1.0 was left as it is written. */
function numberOf(literal: Exclude<Literal, null>): number | undefined {
  if (typeof literal === "number") return literal;
  const isNumber = typeof literal === "string" && /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(literal);
  return isNumber ? Number(literal) : undefined;
}

function compareNumbers(operator: Comparison, wanted: number | undefined, path: string): Test {
  if (partial[operator] || wanted === undefined) throw incomparable(path, "is a number");
  return byOrder(operator, (value) =>
    typeof value === "number" ? orderOf(value, wanted) : undefined,
  );
}

/** Two spellings of one instant are equal; only what is looked for inside a time is text. */
function compareTimes(operator: Comparison, literal: string, path: string): Test {
  const holds = partial[operator];
  if (holds) return (value) => typeof value === "string" && holds(value, literal);

  const wanted = instantOf(literal);
  if (wanted === undefined) throw incomparable(path, "is a time such as 2026-01-31T08:00:00Z");
  return byOrder(operator, (value) => {
    const instant = typeof value === "string" ? instantOf(value) : undefined;
    return instant === undefined ? undefined : orderOf(instant, wanted);
  });
}

function byOrder(operator: Comparison, orderTo: (value: Json) => number | undefined): Test {
  const holds = ordered[operator];
  return (value) => {
    const order = orderTo(value);
    return order !== undefined && holds !== undefined && holds(order);
  };
}

function orderOf<T extends string | number>(a: T, b: T): number {
  if (a < b) return -1;
  return a === b ? 0 : 1;
}

function incomparable(path: string, why: string): ScimError {
  return invalidFilter(`The filter compares ${path.slice(0, 100)}, which ${why}.`);
}
