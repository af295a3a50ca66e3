import type { JsonObject } from "../json.ts";
import type { Schema } from "../schema.ts";
import {
  enterpriseUserUrn,
  groupUrn,
  resourceTypeUrn,
  schemaUrn,
  serviceProviderConfigUrn,
  userUrn,
} from "../urns.ts";
import { inPlace, type Report } from "./faults.ts";
import { checkMembers, list, needed, optional, text } from "./members.ts";
import { attributeAt, readAttributes } from "./read-attribute.ts";

/** A schema, and the file that it is defined in. */
export interface SchemaDocument {
  readonly file: string;
  readonly schema: Schema;
}

const known = ["schemas", "id", "name", "description", "attributes", "meta"];

/** Narrower than RFC 8141, so that it stands in a path, a filter and a list of attributes as it is. */
const urnForm = /^urn:[a-z0-9][a-z0-9-]*(:[a-z0-9._-]+)+$/i;

const standardUrns = new Set(
  [userUrn, groupUrn, enterpriseUserUrn, schemaUrn, resourceTypeUrn, serviceProviderConfigUrn].map(
    (urn) => urn.toLowerCase(),
  ),
);
const messageUrns = "urn:ietf:params:scim:api:messages:";

/** Reads a document that is a Schema (RFC 7643, section 7); undefined if it has no id to be known by. */
export function readSchema(
  file: string,
  content: JsonObject,
  report: Report,
): SchemaDocument | undefined {
  const here = inPlace(report, file);
  checkMembers(content, known, here);
  const id = needed(content, "id", text(200), here);
  const name = needed(content, "name", text(100), here);
  const description = optional(content, "description", text(1000), here);
  const given = needed(content, "attributes", list, here);
  if (given?.length === 0) here(`"attributes" is an empty list; define at least one`);

  const attributes = readAttributes(given ?? [], undefined, here);
  checkExternalId(attributes, here);
  if (id === undefined) return undefined;
  checkId(id, here);
  return {
    file,
    schema: { id, name: name ?? id, description: description ?? name ?? id, attributes },
  };
}

function checkId(id: string, report: Report): void {
  if (!urnForm.test(id)) {
    report(
      `"id" is "${id}"; write a URN of letters, digits, ".", "-" and "_" between colons, such as urn:example:params:scim:schemas:2.0:Device`,
    );
  } else if (standardUrns.has(id.toLowerCase()) || id.toLowerCase().startsWith(messageUrns)) {
    report(`"id" is "${id}", which is SCIM's own; write a URN of your own`);
  }
}

/** Clients look for externalId in each schema; there it must be what every resource has (RFC 7643, section 3.1). */
function checkExternalId(attributes: Schema["attributes"], report: Report): void {
  const found = attributes.find(({ name }) => name.toLowerCase() === "externalid");
  if (!found) return;
  const { name, type, multiValued, caseExact, mutability, returned, uniqueness } = found;
  const characteristics = [name, type, multiValued, caseExact, mutability, returned, uniqueness];
  if (characteristics.join() === "externalId,string,false,true,readWrite,default,none") return;
  attributeAt(
    report,
    name,
  )(
    `every resource has externalId; leave it out, or list it as {"name": "externalId", "caseExact": true}`,
  );
}
