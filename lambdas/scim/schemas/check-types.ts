import { groupType, userType } from "../resource-types.ts";
import { inPlace, type Report } from "./faults.ts";
import type { TypeDocument } from "./read-resource-type.ts";

/** Each adds ten resources to the stack, of which CloudFormation allows 500. */
const mostTypes = 20;

/** The types that RFC 7643, sections 5 to 7 define, and the words that stand beside types in referenceTypes. */
const ownNames = ["Schema", "ResourceType", "ServiceProviderConfig", "external", "uri"];

/** The service's own endpoints (RFC 7644, section 3.2). */
const ownEndpoints = [
  userType.endpoint,
  groupType.endpoint,
  "/Bulk",
  "/Me",
  "/Schemas",
  "/ResourceTypes",
  "/ServiceProviderConfig",
];

/** Reports names of resource types that are malformed, taken or too many. */
export function checkTypeNames(documents: readonly TypeDocument[], report: Report): void {
  const standard = [userType.name, groupType.name];
  const taken = takenNames(ownNames, "which is SCIM's own");
  for (const name of standard) taken.set(name.toLowerCase(), `which differs from ${name} in case`);

  const added = documents.filter(({ name }) => !standard.includes(name));
  for (const { file, name } of added) {
    const here = inPlace(report, file);
    const owner = taken.get(name.toLowerCase());
    if (owner !== undefined) here(`"name" is "${name}", ${owner}; write another`);
    else if (!/^[A-Za-z][A-Za-z0-9]*$/.test(name))
      here(`"name" is "${name}"; begin with a letter, and use letters and digits only`);
    taken.set(name.toLowerCase(), `which ${file} has too`);
  }

  for (const name of standard) {
    const [first, ...others] = documents.filter((document) => document.name === name);
    for (const { file } of others)
      report(`${file}: ${first?.file} extends ${name} too; put all extensions into one document`);
  }
  if (added.length > mostTypes)
    report(`there are ${added.length} resource types; at most ${mostTypes} can be added`);
}

/** Reports endpoints of added types that are malformed or taken. */
export function checkEndpoints(documents: readonly TypeDocument[], report: Report): void {
  const taken = takenNames(ownEndpoints, "which is the service's own");
  for (const { file, endpoint } of documents) {
    const here = inPlace(report, file);
    const owner = taken.get(endpoint.toLowerCase());
    if (owner !== undefined) here(`"endpoint" is "${endpoint}", ${owner}; write another`);
    else if (!/^\/[A-Za-z0-9_-]+$/.test(endpoint))
      here(`"endpoint" is "${endpoint}"; write a slash, then letters, digits, - and _`);
    taken.set(endpoint.toLowerCase(), `which ${file} has too`);
  }
}

function takenNames(names: readonly string[], owner: string): Map<string, string> {
  return new Map(names.map((name) => [name.toLowerCase(), owner]));
}
