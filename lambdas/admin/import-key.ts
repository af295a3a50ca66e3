import { printAttributePath } from "../scim/attribute-path.ts";
import { attributeNamed, subAttributesOf } from "../scim/attributes.ts";
import { foldCase } from "../scim/case-folding.ts";
import { ScimError } from "../scim/errors.ts";
import { equalityLookup } from "../scim/filter/lookup.ts";
import { parseFilter } from "../scim/filter/parse.ts";
import { findPath, type Path } from "../scim/path.ts";
import type { ResourceType } from "../scim/schema.ts";
import { equals } from "./find-users.ts";
import { AdminRefusal } from "./refusal.ts";

/** A row of an import: a user's attributes as text, by their paths. */
export type Row = Readonly<Record<string, string>>;

/** By which attribute a row's user is found. */
export interface Key {
  readonly name: string;
  readonly isId: boolean;
  /** The values that a row has for it, none of them empty. */
  readonly valuesIn: (row: Row) => readonly string[];
  /** The form in which two values are one to the service. */
  readonly folded: (value: string) => string;
}

/** @throws AdminRefusal where no index finds users by `name`. */
export function readKey(name: string, type: ResourceType): Key {
  const path = pathOf(name, type);
  const isFound = path && equalityLookup(parseFilter(equals(name, "x")), type) !== undefined;
  const isSet = path && (isId(path) || path.attribute.mutability !== "readOnly");
  if (!path || !isFound || !isSet)
    throw new AdminRefusal(
      "invalidMessage",
      `key must be an attribute by which an index finds users, such as userName, externalId, emails or id; "${name}" is none.`,
    );

  const isSaidBy = (column: string): boolean => {
    if (path.filter) return column.toLowerCase() === name.toLowerCase();
    const said = pathOf(column, type);
    return said !== undefined && withValue(said) === withValue(path);
  };
  const { caseExact } = path.subAttribute ?? valueOf(path) ?? path.attribute;
  return {
    name,
    isId: isId(path),
    valuesIn: (row) =>
      Object.entries(row).flatMap(([column, value]) =>
        value !== "" && isSaidBy(column) ? [value] : [],
      ),
    folded: (value) => (caseExact ? value.normalize("NFC") : foldCase(value)),
  };
}

export const isId = (path: Path): boolean => printAttributePath(path) === "id";

function pathOf(text: string, type: ResourceType): Path | undefined {
  try {
    return findPath(text, type);
  } catch (error) {
    if (error instanceof ScimError) return undefined;
    throw error;
  }
}

/** `emails` means the value of an e-mail. */
const withValue = (path: Path): string =>
  printAttributePath({ ...path, subAttribute: path.subAttribute ?? valueOf(path) });

const valueOf = ({ attribute }: Path) => attributeNamed(subAttributesOf(attribute), "value");
