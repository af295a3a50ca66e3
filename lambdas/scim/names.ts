import { findAttribute, stepsOf } from "./attribute-path.ts";
import { isHidden } from "./attributes.ts";
import type { ResourceType } from "./schema.ts";

/** Names of attributes as a tree: `all` stands for an attribute with all that is in it. */
export type Names = "all" | { readonly [name: string]: Names };

/** More than any schema has, less than what could keep the service busy. */
export const maxNames = 500;

/**
 * The attributes that a list with commas names, in the notation of RFC 7644, section 3.10; a
 * schema's URN alone stands for all of the schema. Names that `type` does not have, or never shows,
 * are ignored; undefined if the list is empty.
 */
export function readNames(text: string | undefined, type: ResourceType): Names | undefined {
  if (text === undefined || text.trim() === "") return undefined;
  let names: Names = {};
  for (const given of text.split(",", maxNames)) {
    const name = given.trim();
    if (name.toLowerCase() === type.schema.id.toLowerCase()) names = withSchema(names, type);
    const found = findAttribute(name, type);
    const steps = found ? stepsOf(found) : [];
    if (steps.length === 0 || steps.some(isHidden)) continue;
    names = withName(
      names,
      steps.map((step) => step.name),
    );
  }
  return names;
}

/** What is named of `name`: undefined if nothing. */
export function namesIn(names: Names | undefined, name: string): Names | undefined {
  if (names === undefined || names === "all") return undefined;
  return Object.hasOwn(names, name) ? names[name] : undefined;
}

/** What is returned on request alone is not requested by the name of its schema. */
function withSchema(names: Names, { schema }: ResourceType): Names {
  return schema.attributes
    .filter(({ returned }) => returned !== "request")
    .reduce((named, { name }) => withName(named, [name]), names);
}

/** `names` with what `steps` lead to, and all that is in it. */
export function withName(names: Names | undefined, steps: readonly string[]): Names {
  const [name, ...rest] = steps;
  if (name === undefined || names === "all") return "all";
  return { ...names, [name]: withName(namesIn(names, name), rest) };
}
