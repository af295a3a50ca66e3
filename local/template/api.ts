import { LocalRunError } from "../failure.ts";
import { isObject, type JsonObject, readList, readObject, readText, readTexts } from "../json.ts";
import { rootResourceId } from "./identities.ts";
import type { Resource, Stack } from "./stack.ts";

/** A method of the API and the function behind it. */
export interface MethodSpec {
  readonly httpMethod: string;
  readonly functionArn: string;
  readonly timeoutMs: number;
}

/** A resource of the API: a path with braces, and what it answers. */
export interface ApiResource {
  readonly id: string;
  /** Such as `/scim/v2/Users/{id}`. */
  readonly path: string;
  readonly methods: readonly MethodSpec[];
}

/** How the API words one of its own answers. */
export interface GatewayResponseSpec {
  readonly type: string;
  readonly statusCode: number | undefined;
  /** By content type. */
  readonly templates: Readonly<Record<string, string>>;
  /** By `gatewayresponse.header.<name>`. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** The REST API as the template describes it. */
export interface ApiSpec {
  readonly id: string;
  readonly stage: string;
  readonly stageVariables: Readonly<Record<string, string>> | undefined;
  readonly deploymentId: string;
  readonly binaryMediaTypes: readonly string[];
  readonly resources: readonly ApiResource[];
  readonly responses: readonly GatewayResponseSpec[];
}

const defaultTimeoutMs = 29_000;

/** The stack's one REST API with its one stage. @throws LocalRunError for what the local run cannot serve as API Gateway would. */
export function readApi(stack: Stack): ApiSpec {
  const api = theOne(stack.resources("AWS::ApiGateway::RestApi"), "REST API");
  const stage = theOne(stack.resources("AWS::ApiGateway::Stage"), "stage");
  const methods = stack.resources("AWS::ApiGateway::Method");
  refuseUnknown(api, ["Policy", "MinimumCompressionSize", "Body", "BodyS3Location"]);
  refuseUnknown(stage, ["CacheClusterEnabled", "CanarySetting"]);
  for (const method of methods)
    refuseUnknown(method, [
      "ApiKeyRequired",
      "AuthorizerId",
      "RequestParameters",
      "RequestValidatorId",
    ]);

  const paths = pathsOf(api.identity.ref, stack.resources("AWS::ApiGateway::Resource"));
  return {
    id: api.identity.ref,
    stage: stage.identity.ref,
    stageVariables: isObject(stage.properties.Variables)
      ? textsOf(stage.properties.Variables)
      : undefined,
    deploymentId: readText(stage.properties.DeploymentId, "The stage's deployment"),
    binaryMediaTypes: readTexts(api.properties.BinaryMediaTypes, "the binary media types"),
    resources: [...paths].map(([id, path]) => ({
      id,
      path,
      methods: methods.filter((method) => method.properties.ResourceId === id).map(readMethod),
    })),
    responses: stack.resources("AWS::ApiGateway::GatewayResponse").map(readResponse),
  };
}

/** The path of each resource by its id. */
function pathsOf(apiId: string, resources: readonly Resource[]): ReadonlyMap<string, string> {
  const root = rootResourceId(apiId);
  const byId = new Map(resources.map((resource) => [resource.identity.ref, resource.properties]));
  const pathOf = (id: string): string => {
    if (id === root) return "";
    const { ParentId: parent, PathPart: part } = readObject(byId.get(id), "An API resource");
    return `${pathOf(readText(parent, "ParentId"))}/${readText(part, "PathPart")}`;
  };
  return new Map([[root, "/"], ...[...byId.keys()].map((id) => [id, pathOf(id)] as const)]);
}

function readMethod({ logicalId, properties }: Resource): MethodSpec {
  const integration = readObject(properties.Integration, `The integration of ${logicalId}`);
  const { Type: type, Uri: uri, TimeoutInMillis: timeout } = integration;
  const arn = /functions\/(arn:.+)\/invocations$/.exec(typeof uri === "string" ? uri : "")?.[1];
  if (type !== "AWS_PROXY" || arn === undefined)
    throw new LocalRunError(`The local run knows only Lambda proxies; ${logicalId} is none.`);
  if (properties.AuthorizationType !== "NONE")
    throw new LocalRunError(`The local run does not know the authorization of ${logicalId}.`);
  return {
    httpMethod: readText(properties.HttpMethod, `The method of ${logicalId}`),
    functionArn: arn,
    timeoutMs: typeof timeout === "number" ? timeout : defaultTimeoutMs,
  };
}

function readResponse({ logicalId, properties }: Resource): GatewayResponseSpec {
  const {
    StatusCode: status,
    ResponseTemplates: templates,
    ResponseParameters: parameters,
  } = properties;
  return {
    type: readText(properties.ResponseType, `The type of ${logicalId}`),
    statusCode: status === undefined ? undefined : Number(status),
    templates: isObject(templates) ? textsOf(templates) : {},
    parameters: isObject(parameters) ? textsOf(parameters) : {},
  };
}

const textsOf = (object: JsonObject): Record<string, string> =>
  Object.fromEntries(Object.entries(object).map(([name, value]) => [name, readText(value, name)]));

function theOne(resources: readonly Resource[], what: string): Resource {
  const [one] = resources;
  if (one && resources.length === 1) return one;
  throw new LocalRunError(`The local run serves one ${what}; the stack has ${resources.length}.`);
}

function refuseUnknown({ logicalId, properties }: Resource, names: readonly string[]): void {
  for (const name of names) {
    const value = properties[name];
    const isSet = value !== undefined && value !== false && readList(value).length > 0;
    if (isSet) throw new LocalRunError(`The local run does not know ${name} of ${logicalId}.`);
  }
}
