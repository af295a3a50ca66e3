import { groupType, type ResourceTypes, userType } from "../resource-types.ts";
import type { ResourceType, Schema } from "../schema.ts";
import { checkReferences, checkSchemaIds, checkUse } from "./check-schemas.ts";
import { checkEndpoints, checkTypeNames } from "./check-types.ts";
import { checkWhole } from "./check-whole.ts";
import { inPlace, type Report } from "./faults.ts";
import type { TypeDocument } from "./read-resource-type.ts";
import type { SchemaDocument } from "./read-schema.ts";

const standardTypes = [userType, groupType];

/** The standard type that `document` extends, if it is named like one. */
const standardOf = ({ name }: TypeDocument) => standardTypes.find((type) => type.name === name);

/** Puts resource types together from the documents, and reports what is wrong among them. */
export function linkTypes(
  schemas: readonly SchemaDocument[],
  documents: readonly TypeDocument[],
  report: Report,
): ResourceTypes {
  checkSchemaIds(schemas, report);
  checkTypeNames(documents, report);
  checkEndpoints(
    documents.filter((document) => !standardOf(document)),
    report,
  );
  checkReferences(
    schemas,
    documents.map(({ name }) => name),
    report,
  );
  checkUse(schemas, documents, report);

  const extended = (standard: ResourceType) => {
    const document = documents.find(({ name }) => name === standard.name);
    return document ? extend(standard, document, schemas, report) : standard;
  };
  const added = documents.filter((document) => !standardOf(document));
  return {
    user: extended(userType),
    group: extended(groupType),
    others: added.flatMap((document) => add(document, schemas, report) ?? []),
  };
}

function extend(
  standard: ResourceType,
  document: TypeDocument,
  schemas: readonly SchemaDocument[],
  report: Report,
): ResourceType {
  const here = inPlace(report, document.file);
  const { name, endpoint, schema } = standard;
  if (document.endpoint !== endpoint || !isSame(document.schema, schema.id)) {
    here(
      `a ResourceType named ${name} extends the standard one; write "endpoint": "${endpoint}" and "schema": "${schema.id}", or another name`,
    );
  }

  const known = [...standard.extensions.map((one) => one.schema), ...schemas.map(schemaOf)];
  const given = extensionsOf(document, standard.schema, known, here);
  const kept = standard.extensions.filter(
    (one) => !given.some(({ schema: { id } }) => isSame(id, one.schema.id)),
  );
  const description = document.description ?? standard.description;
  const whole = { ...standard, description, extensions: [...kept, ...given] };
  checkWhole(whole, here);
  return whole;
}

function add(
  document: TypeDocument,
  schemas: readonly SchemaDocument[],
  report: Report,
): ResourceType | undefined {
  const here = inPlace(report, document.file);
  const known = schemas.map(schemaOf);
  const schema = known.find(({ id }) => isSame(id, document.schema));
  if (!schema) {
    here(`"schema" is "${document.schema}"; ${missing(document.schema)}`);
    return undefined;
  }

  const { name, endpoint, description = name } = document;
  const extensions = extensionsOf(document, schema, known, here);
  const whole = { name, endpoint, description, schema, extensions };
  checkWhole(whole, here);
  return whole;
}

function extensionsOf(
  document: TypeDocument,
  base: Schema,
  known: readonly Schema[],
  report: Report,
): ResourceType["extensions"] {
  const seen = new Set([base.id.toLowerCase()]);
  return document.extensions.flatMap(({ schema: id, required }, index) => {
    const here = inPlace(report, `schemaExtensions[${index}]`);
    if (seen.has(id.toLowerCase())) here(`the type has "${id}" already; remove it here`);
    seen.add(id.toLowerCase());
    const schema = known.find((one) => isSame(one.id, id));
    if (!schema) here(`"schema" is "${id}"; ${missing(id)}`);
    if (schema?.attributes.some(({ name }) => name.toLowerCase() === "externalid"))
      here(`"${id}" lists externalId, which is no extension's; remove it there`);
    return schema ? [{ schema, required }] : [];
  });
}

function missing(id: string): string {
  const [owner] = standardTypes.filter(({ schema, extensions }) =>
    [schema, ...extensions.map((one) => one.schema)].some((one) => isSame(one.id, id)),
  );
  return owner
    ? `that belongs to ${owner.name} alone; name one of this deployment's`
    : "no document defines it; correct it, or add the Schema";
}

const schemaOf = ({ schema }: SchemaDocument) => schema;

/** URNs are the same in whichever case (RFC 7643, section 2.1). */
const isSame = (one: string, other: string) => one.toLowerCase() === other.toLowerCase();
