import { isArray, isObject, type Json, own } from "../json.ts";
import type { ResourceTypes } from "../resource-types.ts";
import { resourceTypeUrn, schemaUrn } from "../urns.ts";
import { type Report, SchemasError } from "./faults.ts";
import { linkTypes } from "./link-types.ts";
import { shown } from "./members.ts";
import { readResourceType, type TypeDocument } from "./read-resource-type.ts";
import { readSchema, type SchemaDocument } from "./read-schema.ts";

/** A document of a deployment: a Schema or a ResourceType, as JSON that nobody has checked. */
export interface Document {
  /** What faults call it. */
  readonly file: string;
  readonly content: unknown;
}

/** The functions read all of it each time one starts, and show most of it at /Schemas. */
const mostDocuments = 200;
const mostCharacters = 500_000;

/**
 * The resource types of a deployment that adds `documents` (RFC 7643, sections 6 and 7) to the
 * standard ones. @throws SchemasError that lists every fault; those between documents only once
 * each document by itself can be told for what it is.
 */
export function readDocuments(documents: readonly Document[]): ResourceTypes {
  const faults: string[] = [];
  const report: Report = (fault) => faults.push(fault);
  checkSize(documents, report);

  const read = faults.length > 0 ? [] : documents.map((one) => readDocument(one, report));
  const schemas = read.flatMap((one) => (one?.kind === "schema" ? [one.document] : []));
  const types = read.flatMap((one) => (one?.kind === "type" ? [one.document] : []));
  if (schemas.length + types.length < documents.length) throw new SchemasError(faults);

  const linked = linkTypes(schemas, types, report);
  if (faults.length > 0) throw new SchemasError(faults);
  return linked;
}

type Read =
  | { readonly kind: "schema"; readonly document: SchemaDocument }
  | { readonly kind: "type"; readonly document: TypeDocument };

function readDocument({ file, content }: Document, report: Report): Read | undefined {
  if (!isObject(content)) {
    report(
      `${file}: it holds ${shown(content)}; write one JSON object, a Schema or a ResourceType`,
    );
    return undefined;
  }
  const schemas = own(content, "schemas");
  const urn = isArray(schemas) && schemas.length === 1 ? schemas[0] : undefined;
  if (urn === schemaUrn) {
    const document = readSchema(file, content, report);
    return document && { kind: "schema", document };
  }
  if (urn === resourceTypeUrn) {
    const document = readResourceType(file, content, report);
    return document && { kind: "type", document };
  }
  report(
    `${file}: "schemas" is ${wordsOf(schemas)}; write ["${schemaUrn}"] or ["${resourceTypeUrn}"]`,
  );
  return undefined;
}

function wordsOf(schemas: Json | undefined): string {
  if (schemas === undefined) return "missing";
  return isArray(schemas) ? JSON.stringify(schemas).slice(0, 200) : shown(schemas);
}

function checkSize(documents: readonly Document[], report: Report): void {
  if (documents.length > mostDocuments)
    report(`there are ${documents.length} documents; at most ${mostDocuments} are read`);
  const texts = documents.map(({ content }) => JSON.stringify(content) ?? "");
  const size = texts.reduce((sum, text) => sum + text.length, 0);
  if (size > mostCharacters)
    report(`the documents have ${size} characters in all; at most ${mostCharacters} are read`);
}
