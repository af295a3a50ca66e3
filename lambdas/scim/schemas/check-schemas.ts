import { quoted } from "../json.ts";
import { groupType, userType } from "../resource-types.ts";
import { inPlace, type Report } from "./faults.ts";
import { attributeAt } from "./read-attribute.ts";
import type { TypeDocument } from "./read-resource-type.ts";
import type { SchemaDocument } from "./read-schema.ts";

/** Reports schemas of one id, in whichever case. */
export function checkSchemaIds(schemas: readonly SchemaDocument[], report: Report): void {
  const seen = new Map<string, string>();
  for (const { file, schema } of schemas) {
    const first = seen.get(schema.id.toLowerCase());
    if (first === undefined) seen.set(schema.id.toLowerCase(), file);
    else report(`${file}: "id" is "${schema.id}", which ${first} has too; write another`);
  }
}

/** Reports schemas that no type has: they would silently do nothing. */
export function checkUse(
  schemas: readonly SchemaDocument[],
  documents: readonly TypeDocument[],
  report: Report,
): void {
  const used = documents.flatMap(({ schema, extensions }) => [
    schema,
    ...extensions.map((extension) => extension.schema),
  ]);
  const ids = new Set(used.map((id) => id.toLowerCase()));
  for (const { file, schema } of schemas) {
    if (ids.has(schema.id.toLowerCase())) continue;
    report(
      `${file}: no ResourceType has "${schema.id}"; name it under "schema" or "schemaExtensions" of one, or remove it`,
    );
  }
}

/** Reports referenceTypes that are neither a resource type of the deployment nor a word of RFC 7643, section 7. */
export function checkReferences(
  schemas: readonly SchemaDocument[],
  typeNames: readonly string[],
  report: Report,
): void {
  const known = new Set(["external", "uri", userType.name, groupType.name, ...typeNames]);
  const words = [...known].join(", ");
  for (const { file, schema } of schemas) {
    const here = inPlace(report, file);
    const all = schema.attributes.flatMap((attribute) => [
      { path: attribute.name, attribute },
      ...(attribute.subAttributes ?? []).map((sub) => ({
        path: `${attribute.name}.${sub.name}`,
        attribute: sub,
      })),
    ]);
    for (const { path, attribute } of all) {
      const tell = attributeAt(here, path);
      for (const name of attribute.referenceTypes ?? []) {
        if (!known.has(name))
          tell(`"referenceTypes" has ${quoted(name)}; those that there are: ${words}`);
      }
    }
  }
}
