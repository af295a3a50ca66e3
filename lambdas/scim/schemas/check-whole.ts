import type { ResourceType, Schema } from "../schema.ts";
import type { Report } from "./faults.ts";
import { mostAttributes } from "./read-attribute.ts";

/** Each costs two items of a transaction, which holds a hundred and has others to hold. */
const mostUnique = 5;

/** Reports what is wrong with a type as a whole: its size, and paths that could be read in two ways. */
export function checkWhole(type: ResourceType, report: Report): void {
  const schemas = [type.schema, ...type.extensions.map(({ schema }) => schema)];
  const attributes = schemas.flatMap((schema) => schema.attributes);
  const count = attributes.reduce((sum, one) => sum + 1 + (one.subAttributes?.length ?? 0), 0);
  if (count > mostAttributes)
    report(`the type has ${count} attributes in all; at most ${mostAttributes} are allowed`);
  const unique = attributes.filter(({ uniqueness }) => uniqueness !== "none").length;
  if (unique > mostUnique)
    report(`the type has ${unique} unique attributes; at most ${mostUnique} are allowed`);

  for (const one of schemas) {
    for (const other of schemas) {
      const attribute = attributeAt(one, other.id);
      if (attribute !== undefined)
        report(
          `"${other.id}" could be the schema or the attribute "${attribute}" of "${one.id}"; rename one`,
        );
    }
  }
}

/** The attribute of `schema` that `path` would name by its full URN (RFC 7644, section 3.10). */
function attributeAt(schema: Schema, path: string): string | undefined {
  const prefix = `${schema.id}:`.toLowerCase();
  if (!path.toLowerCase().startsWith(prefix)) return undefined;
  const [name = ""] = path.slice(prefix.length).split(".", 1);
  return schema.attributes.find((one) => one.name.toLowerCase() === name.toLowerCase())?.name;
}
