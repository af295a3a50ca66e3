import { foldCase } from "../case-folding.ts";
import { invalidFilter, type ScimError } from "../errors.ts";
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
      return compareNumbers(operator, Number(literal), path);
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
  { type, caseExact }: Attribute,
  operator: Comparison,
  literal: string,
  path: string,
): Test {
  if (type === "binary" && operator !== "eq")
    throw incomparable(path, "can be compared by eq only");

  const fold = caseExact || type === "binary" ? (text: string) => text.normalize("NFC") : foldCase;
  const wanted = fold(literal);
  const holds = partial[operator];
  if (holds) return (value) => typeof value === "string" && holds(fold(value), wanted);
  return byOrder(operator, (value) =>
    typeof value === "string" ? orderOf(fold(value), wanted) : undefined,
  );
}

/** Entra writes `primary eq "True"`. */
function compareBooleans(operator: Comparison, literal: Literal, path: string): Test {
  if (operator !== "eq") throw incomparable(path, "can be compared by eq and ne only");
  const wanted = String(literal).toLowerCase();
  if (wanted !== "true" && wanted !== "false") throw incomparable(path, "is true or false");
  return (value) => value === (wanted === "true");
}

function compareNumbers(operator: Comparison, wanted: number, path: string): Test {
  if (partial[operator] || Number.isNaN(wanted)) throw incomparable(path, "is a number");
  return byOrder(operator, (value) =>
    typeof value === "number" ? orderOf(value, wanted) : undefined,
  );
}

/** Two spellings of one instant are equal; only what is looked for inside a time is text. */
function compareTimes(operator: Comparison, literal: string, path: string): Test {
  const holds = partial[operator];
  if (holds) return (value) => typeof value === "string" && holds(value, literal);

  const wanted = Date.parse(literal);
  if (Number.isNaN(wanted)) throw incomparable(path, "is a time such as 2026-01-31T08:00:00Z");
  return byOrder(operator, (value) =>
    typeof value === "string" ? orderOf(Date.parse(value), wanted) : undefined,
  );
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
