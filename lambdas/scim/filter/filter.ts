/** The operators of RFC 7644, section 3.4.2.2, that compare with a value. */
export const comparisons = ["eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le"] as const;

/** One of them. */
export type Comparison = (typeof comparisons)[number];

/** What an attribute may be compared with. */
export type Literal = null | boolean | number | string;

/**
 * A filter as it was written (RFC 7644, section 3.4.2.2). Paths are text until a resource
 * type says what they mean; what follows a value path's brackets has moved into them.
 */
export type Filter =
  | { readonly kind: "and"; readonly operands: readonly Filter[] }
  | { readonly kind: "or"; readonly operands: readonly Filter[] }
  | { readonly kind: "not"; readonly operand: Filter }
  | { readonly kind: "present"; readonly path: string }
  | {
      readonly kind: "compare";
      readonly path: string;
      readonly operator: Comparison;
      readonly value: Literal;
    }
  | { readonly kind: "valuePath"; readonly path: string; readonly filter: Filter };

/** Every attribute path in `filter`; those inside brackets are relative to what stands before them. */
export function pathsIn(filter: Filter): readonly string[] {
  switch (filter.kind) {
    case "and":
    case "or":
      return filter.operands.flatMap(pathsIn);
    case "not":
      return pathsIn(filter.operand);
    case "present":
    case "compare":
      return [filter.path];
    case "valuePath":
      return [filter.path, ...pathsIn(filter.filter)];
  }
}

/** The conditions that all hold wherever `filter` does: its conjuncts, or the filter itself. */
export function conjuncts(filter: Filter): readonly Filter[] {
  return filter.kind === "and" ? filter.operands.flatMap(conjuncts) : [filter];
}
