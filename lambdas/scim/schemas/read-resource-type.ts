import { isObject, type JsonObject, own } from "../json.ts";
import { inPlace, type Report } from "./faults.ts";
import { checkMembers, flag, list, needed, optional, shown, text } from "./members.ts";

/** A resource type whose schemas are still names, and the file that it is defined in. */
export interface TypeDocument {
  readonly file: string;
  readonly name: string;
  readonly endpoint: string;
  readonly description: string | undefined;
  readonly schema: string;
  readonly extensions: readonly { readonly schema: string; readonly required: boolean }[];
}

const known = [
  "schemas",
  "id",
  "name",
  "endpoint",
  "description",
  "schema",
  "schemaExtensions",
  "meta",
];

/** Reads a document that is a ResourceType (RFC 7643, section 6); undefined if what makes it one is missing. */
export function readResourceType(
  file: string,
  content: JsonObject,
  report: Report,
): TypeDocument | undefined {
  const here = inPlace(report, file);
  checkMembers(content, known, here);
  const name = needed(content, "name", text(60), here);
  const endpoint = needed(content, "endpoint", text(60), here);
  const schema = needed(content, "schema", text(200), here);
  const description = optional(content, "description", text(1000), here);
  const id = own(content, "id");
  if (id !== undefined && id !== name)
    here(`"id" is ${shown(id)}; write the name again, or leave it out`);

  const given = optional(content, "schemaExtensions", list, here) ?? [];
  const extensions = given.map((one, index) =>
    readExtension(one, inPlace(here, `schemaExtensions[${index}]`)),
  );
  if (name === undefined || endpoint === undefined || schema === undefined) return undefined;
  const read = extensions.filter((one) => one !== undefined);
  if (read.length < extensions.length) return undefined;
  return { file, name, endpoint, description, schema, extensions: read };
}

function readExtension(given: unknown, report: Report) {
  if (!isObject(given)) {
    report(`it is ${shown(given)}; write an object with "schema" and "required"`);
    return undefined;
  }
  checkMembers(given, ["schema", "required"], report);
  const schema = needed(given, "schema", text(200), report);
  const required = needed(given, "required", flag, report) ?? false;
  return schema === undefined ? undefined : { schema, required };
}
