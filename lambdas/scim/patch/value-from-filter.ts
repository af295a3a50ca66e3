import { attributeNamed, subAttributesOf } from "../attributes.ts";
import { noTarget } from "../errors.ts";
import { conjuncts, type Filter, type Literal } from "../filter/filter.ts";
import type { Json } from "../json.ts";
import type { Attribute } from "../schema.ts";
import { readSingle } from "../values.ts";

/**
 * The value that an add creates where none satisfies `filter`: what its equalities ask for.
 * @throws noTarget if other conditions than equalities leave open what that is, invalidValue if
 * the attribute cannot have it
 */
export function valueFromFilter(filter: Filter, attribute: Attribute): Json {
  const terms = equalities(filter);
  if (!terms) {
    throw noTarget(
      `No value of ${attribute.name} satisfies the filter, and only one of the form ` +
        `[type eq "work"] says what to create.`,
    );
  }
  const subAttributes = subAttributesOf(attribute);
  const members = terms.flatMap(({ path, value }): readonly (readonly [string, Json])[] => {
    const sub = attributeNamed(subAttributes, path);
    if (!sub || sub.mutability === "readOnly") return [];
    const at = `${attribute.name}.${sub.name}`;
    const read = readSingle(sub, typed(value, sub), at);
    return read === undefined ? [] : [[sub.name, sub.multiValued ? [read] : read]];
  });
  return Object.fromEntries(members);
}

/** The equalities that `filter` is made of, if it is made of nothing else. */
export function equalities(
  filter: Filter,
): readonly { readonly path: string; readonly value: Literal }[] | undefined {
  const terms = conjuncts(filter).flatMap((term) =>
    term.kind === "compare" && term.operator === "eq" && term.value !== null ? [term] : [],
  );
  return terms.length === conjuncts(filter).length ? terms : undefined;
}

/** The schema's type of a literal: `primary eq "True"` asks for true. */
function typed(value: Literal, { type }: Attribute): Json {
  if (type === "boolean") return String(value).toLowerCase() === "true";
  if (type === "integer" || type === "decimal") return Number(value);
  return String(value);
}
