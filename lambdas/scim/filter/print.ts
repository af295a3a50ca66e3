import type { Filter } from "./filter.ts";

/**
 * `filter` as text that parseFilter reads as the same filter (RFC 7644, section 3.4.2.2), with no
 * parentheses but those that it needs. One form for all spellings, save for the case of names. A
 * filter that is as long or deep as parseFilter reads any may be printed longer or deeper.
 */
export function printFilter(filter: Filter): string {
  switch (filter.kind) {
    case "and":
      return filter.operands.map(printOperandOfAnd).join(" and ");
    case "or":
      return filter.operands.map(printOperandOfOr).join(" or ");
    case "not":
      return `not (${printFilter(filter.operand)})`;
    case "present":
      return `${filter.path} pr`;
    case "compare":
      return `${filter.path} ${filter.operator} ${JSON.stringify(filter.value)}`;
    case "valuePath":
      return `${filter.path}[${printFilter(filter.filter)}]`;
  }
}

/** An `and` within an `and` was in parentheses, or it would not be a filter of its own. */
function printOperandOfAnd(operand: Filter): string {
  const isLooser = operand.kind === "or" || operand.kind === "and";
  return isLooser ? `(${printFilter(operand)})` : printFilter(operand);
}

function printOperandOfOr(operand: Filter): string {
  return operand.kind === "or" ? `(${printFilter(operand)})` : printFilter(operand);
}
