import { isObject, type JsonObject, quoted } from "../json.ts";
import { type Attribute, characteristicWords } from "../schema.ts";
import { checkDuplicates, checkName } from "./attribute-names.ts";
import { faultsOf } from "./attribute-rules.ts";
import { attribute } from "./define.ts";
import { inPlace, type Report } from "./faults.ts";
import {
  checkMembers,
  flag,
  list,
  needed,
  oneOf,
  optional,
  shown,
  text,
  texts,
} from "./members.ts";

/** As many as a resource type may have in all, sub-attributes and extensions counted. */
export const mostAttributes = 500;

const types = oneOf(characteristicWords.type);
const mutabilities = oneOf(characteristicWords.mutability);
const returns = oneOf(characteristicWords.returned);
const uniquenesses = oneOf(characteristicWords.uniqueness);

const known = [
  "name",
  "type",
  "multiValued",
  "description",
  "required",
  "canonicalValues",
  "caseExact",
  "mutability",
  "returned",
  "uniqueness",
  "referenceTypes",
  "subAttributes",
];

/** How an attribute is named where something is wrong with it. */
export const attributeAt = (report: Report, path: string): Report =>
  inPlace(report, `attribute ${quoted(path)}`);

/**
 * Reads the attributes of a schema, or the sub-attributes of `parent`, with the defaults of
 * RFC 7643, section 2.2. What is wrong is reported and left out.
 */
export function readAttributes(
  given: readonly unknown[],
  parent: Attribute | undefined,
  report: Report,
): readonly Attribute[] {
  const path = (name: string) => (parent ? `${parent.name}.${name}` : name);
  const member = parent ? "subAttributes" : "attributes";
  if (given.length > mostAttributes) {
    report(`"${member}" has ${given.length}; at most ${mostAttributes} are allowed`);
    return [];
  }

  const attributes = given.flatMap((one, index) => {
    const here = inPlace(report, `${member}[${index}]`);
    if (!isObject(one)) here(`it is ${shown(one)}; write an object with a "name"`);
    const name = isObject(one) ? needed(one, "name", text(100), here) : undefined;
    if (!isObject(one) || name === undefined) return [];
    return readAttribute(one, name, parent, attributeAt(report, path(name)), report);
  });
  checkDuplicates(attributes, (name) => attributeAt(report, path(name)));
  return attributes;
}

function readAttribute(
  given: JsonObject,
  name: string,
  parent: Attribute | undefined,
  report: Report,
  reportOfFile: Report,
): Attribute {
  checkName(name, parent !== undefined, report);
  checkMembers(given, known, report);

  const faults: string[] = [];
  const simple = readCharacteristics(given, name, (fault) => faults.push(fault));
  const subs = optional(given, "subAttributes", list, (fault) => faults.push(fault));
  const goesDeeper = subs !== undefined && subs.length > 0 && !parent;
  const whole: Attribute = !subs?.length
    ? simple
    : { ...simple, subAttributes: goesDeeper ? readAttributes(subs, simple, reportOfFile) : [] };

  // What could not be read has a default, of which nothing follows.
  for (const fault of faults.length > 0 ? faults : faultsOf(whole, parent)) report(fault);
  return whole;
}

function readCharacteristics(given: JsonObject, name: string, report: Report): Attribute {
  const type = optional(given, "type", types, report) ?? "string";
  const read = {
    type,
    multiValued: optional(given, "multiValued", flag, report),
    required: optional(given, "required", flag, report),
    // RFC 7643, sections 2.3.6 and 2.3.7.
    caseExact:
      optional(given, "caseExact", flag, report) ?? (type === "binary" || type === "reference"),
    mutability: optional(given, "mutability", mutabilities, report),
    returned: optional(given, "returned", returns, report),
    uniqueness: optional(given, "uniqueness", uniquenesses, report),
    canonicalValues: optional(given, "canonicalValues", texts, report),
    referenceTypes: optional(given, "referenceTypes", texts, report),
  };
  const description = optional(given, "description", text(1000), report) ?? name;
  const set = Object.entries(read).filter(([, value]) => value !== undefined);
  return attribute(name, description, Object.fromEntries(set));
}
