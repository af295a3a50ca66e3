import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { LocalRunError } from "../failure.ts";
import {
  isObject,
  type Json,
  type JsonObject,
  readJson,
  readObject,
  readText,
  textOrEmpty,
} from "../json.ts";
import { type Identity, identities } from "./identities.ts";
import { type References, resolve } from "./intrinsics.ts";
import { pseudoParameters } from "./pseudo-parameters.ts";

export interface Resource {
  readonly logicalId: string;
  readonly type: string;
  /** Intrinsics are worked out. */
  readonly properties: JsonObject;
  /** What `Ref` and `Fn::GetAtt` give for it. */
  readonly identity: Identity;
}

/** The one stack that `cdk synth` wrote. */
export interface Stack {
  readonly name: string;
  /** All resources of these types, in the order of the template. */
  resources(...types: readonly string[]): readonly Resource[];
  /** @throws LocalRunError where the template has no such output. */
  output(name: string): string;
  /** The folder that would be uploaded under this key. */
  assetFolder(key: string): string;
}

/** Reads the assembly in `folder`. @throws LocalRunError where it does not hold exactly one stack. */
export async function readStack(folder: string): Promise<Stack> {
  const read = async (file: string) =>
    readObject(readJson(await readFile(join(folder, file), "utf8")), file);

  const artifacts = artifactsOf(await read("manifest.json"));
  const stacks = artifacts.filter(({ type }) => type === "aws:cloudformation:stack");
  const [stack] = stacks;
  if (!stack || stacks.length > 1)
    throw new LocalRunError(`The local run serves one stack; the app has ${stacks.length}.`);

  const template = await read(readText(stack.properties.templateFile, "templateFile"));
  const manifests = artifacts.filter(({ type }) => type === "cdk:asset-manifest");
  const assets = await Promise.all(
    manifests.map(({ properties }) => read(readText(properties.file, "An asset manifest's file"))),
  );
  return stackOf(stack.name, template, (key) => join(folder, assetPath(assets, key)));
}

/** The stack that a template describes. */
export function stackOf(
  name: string,
  template: JsonObject,
  assetFolder: (key: string) => string,
): Stack {
  const raw = readObject(template.Resources, "Resources");
  const references = referencesOf(name, template);

  const resource = (logicalId: string, definition: JsonObject): Resource => {
    if (definition.Condition !== undefined)
      throw new LocalRunError(`${logicalId} has a condition, which the local run does not know.`);
    return {
      logicalId,
      type: readText(definition.Type, `The type of ${logicalId}`),
      properties: readObject(resolve(definition.Properties ?? {}, references), logicalId),
      identity: identityOf(name, logicalId, definition),
    };
  };

  return {
    name,
    assetFolder,
    resources: (...types) =>
      Object.entries(raw).flatMap(([logicalId, definition]) =>
        isObject(definition) && types.includes(textOrEmpty(definition.Type))
          ? [resource(logicalId, definition)]
          : [],
      ),
    output: (output) => {
      const outputs = isObject(template.Outputs) ? template.Outputs : {};
      const found = outputs[output];
      if (!isObject(found)) throw new LocalRunError(`The stack has no output ${output}.`);
      return readText(resolve(found.Value ?? null, references), `The output ${output}`);
    },
  };
}

function referencesOf(stackName: string, template: JsonObject): References {
  const raw = readObject(template.Resources, "Resources");
  const parameters = isObject(template.Parameters) ? template.Parameters : {};
  const pseudo = pseudoParameters(stackName);
  const identity = (logicalId: string): Identity => {
    const definition = raw[logicalId];
    if (!isObject(definition)) throw new LocalRunError(`The stack has no resource ${logicalId}.`);
    return identityOf(stackName, logicalId, definition);
  };

  return {
    ref: (name) => {
      const parameter = parameters[name];
      const value = isObject(parameter) ? parameter.Default : undefined;
      return pseudo[name] ?? (typeof value === "string" ? value : identity(name).ref);
    },
    attribute: (logicalId, name) => {
      const value = identity(logicalId).attributes[name];
      if (value !== undefined) return value;
      throw new LocalRunError(`The local run does not know the attribute ${logicalId}.${name}.`);
    },
  };
}

/** A resource whose type is not known has an identity that fails only where it is asked for. */
function identityOf(stackName: string, logicalId: string, definition: JsonObject): Identity {
  const type = textOrEmpty(definition.Type);
  const make = identities[type];
  const properties = isObject(definition.Properties) ? definition.Properties : {};
  if (make) return make({ stackName, logicalId, properties });
  return {
    get ref(): string {
      throw new LocalRunError(`The local run does not know ${type}, which ${logicalId} is.`);
    },
    attributes: {},
  };
}

interface Artifact {
  readonly name: string;
  readonly type: string;
  readonly properties: JsonObject;
}

function artifactsOf(manifest: JsonObject): readonly Artifact[] {
  return Object.entries(readObject(manifest.artifacts, "artifacts")).map(([name, artifact]) => {
    const { type, properties } = readObject(artifact, name);
    const own = isObject(properties) ? properties : {};
    const stackName = typeof own.stackName === "string" ? own.stackName : name;
    return { name: stackName, type: readText(type, `The type of ${name}`), properties: own };
  });
}

function assetPath(manifests: readonly JsonObject[], key: string): string {
  const files = manifests.flatMap((manifest) => Object.values(readObject(manifest.files, "files")));
  const file = files.find((file) => isObject(file) && keysOf(file).includes(key));
  if (!isObject(file)) throw new LocalRunError(`The assembly holds no asset ${key}.`);
  return readText(readObject(file.source, "An asset's source").path, "An asset's path");
}

function keysOf(file: JsonObject): readonly Json[] {
  return Object.values(readObject(file.destinations, "An asset's destinations")).map((to) =>
    isObject(to) ? (to.objectKey ?? null) : null,
  );
}
