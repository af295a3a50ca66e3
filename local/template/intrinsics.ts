import { LocalRunError } from "../failure.ts";
import { isObject, type Json, readList, readNumber, readText } from "../json.ts";

/** What a template's references stand for. Each throws for a name that it does not know. */
export interface References {
  ref(name: string): string;
  attribute(logicalId: string, name: string): string;
}

/**
 * The value with CloudFormation's intrinsic functions worked out. What `AWS::NoValue` stands for is left out.
 * @throws LocalRunError for a function that the local run does not know.
 */
export function resolve(value: Json, references: References): Json {
  return resolved(value, references) ?? null;
}

function resolved(value: Json, references: References): Json | undefined {
  if (Array.isArray(value))
    return value.flatMap((element: Json) => {
      const result = resolved(element, references);
      return result === undefined ? [] : [result];
    });
  if (!isObject(value)) return value;

  const [name, ...more] = Object.keys(value);
  if (name !== undefined && more.length === 0 && (name === "Ref" || name.startsWith("Fn::")))
    return call(name, value[name] ?? null, references);

  const entries = Object.entries(value).flatMap(([key, element]) => {
    const result = element === undefined ? undefined : resolved(element, references);
    return result === undefined ? [] : [[key, result] as const];
  });
  return Object.fromEntries(entries);
}

function call(name: string, argument: Json, references: References): Json | undefined {
  if (name === "Ref") {
    const target = readText(argument, "Ref");
    return target === "AWS::NoValue" ? undefined : references.ref(target);
  }
  if (name === "Fn::GetAtt") return getAtt(argument, references);
  if (name === "Fn::Sub") return substitute(argument, references);

  const intrinsic = intrinsics[name];
  if (!intrinsic) throw new LocalRunError(`The local run does not know the intrinsic ${name}.`);
  return intrinsic(readList(resolve(argument, references)));
}

/** Those whose arguments may be resolved beforehand. */
const intrinsics: Readonly<Record<string, (args: readonly Json[]) => Json>> = {
  "Fn::Join": ([separator, parts]) =>
    readList(parts)
      .map((part) => readText(part, "Each part of Fn::Join"))
      .join(readText(separator, "The separator of Fn::Join")),
  "Fn::Select": ([index, values]) => {
    const at = typeof index === "string" ? Number(index) : readNumber(index, "Fn::Select's index");
    const selected = readList(values)[at];
    if (selected === undefined) throw new LocalRunError(`Fn::Select finds nothing at ${at}.`);
    return selected;
  },
  "Fn::Split": ([separator, text]) =>
    readText(text, "The text of Fn::Split").split(readText(separator, "Fn::Split's separator")),
};

function getAtt(argument: Json, references: References): string {
  // Both forms are in use: ["Table", "Arn"] and "Table.Arn".
  const [logicalId, ...path] =
    typeof argument === "string" ? argument.split(".") : readList(argument).map(String);
  return references.attribute(logicalId ?? "", path.join("."));
}

function substitute(argument: Json, references: References): string {
  const [text, given] = readList(argument);
  const variables = isObject(given) ? given : {};

  return readText(text, "The text of Fn::Sub").replaceAll(
    /\$\{(!?)([^}]+)\}/g,
    (_match, literal: string, name: string) => {
      if (literal) return `\${${name}}`;
      const variable = variables[name];
      if (variable !== undefined) return readText(resolve(variable, references), `\${${name}}`);
      return name.includes(".") ? getAtt(name, references) : references.ref(name);
    },
  );
}
