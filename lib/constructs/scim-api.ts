import {
  EndpointType,
  type IResource,
  LambdaIntegration,
  ResponseType,
  RestApi,
} from "aws-cdk-lib/aws-apigateway";
import type { Function as LambdaFunction } from "aws-cdk-lib/aws-lambda";
import { Construct } from "constructs";
import { type RoutedFunction, routes, routesOf } from "../../lambdas/routes.ts";

export interface AddedTypes {
  readonly endpoints: readonly `/${string}`[];
  readonly fn: LambdaFunction;
}

export interface ScimApiProps {
  readonly basePath: string;
  readonly functions: Readonly<Record<RoutedFunction, LambdaFunction>>;
  /** The types that the deployment adds, if it adds any, and the function that answers for them. */
  readonly added: AddedTypes | undefined;
}

/** The REST API: every route of `lambdas/routes.ts` and of the types that the deployment adds, and SCIM errors for what API Gateway answers by itself. */
export class ScimApi extends Construct {
  /** What a customer pastes into Entra. */
  readonly tenantUrl: string;

  constructor(scope: Construct, id: string, props: ScimApiProps) {
    super(scope, id);
    const api = new RestApi(this, "Api", {
      description: "SCIM 2.0 for Microsoft Entra ID",
      endpointTypes: [EndpointType.REGIONAL],
      cloudWatchRole: false,
      // Base64 is undone by what the client accepts, and some say nothing of that: anything at all.
      binaryMediaTypes: ["*/*"],
    });
    const base = api.root.resourceForPath(props.basePath);

    for (const [name, fn] of Object.entries(props.functions) as [RoutedFunction, LambdaFunction][])
      addRoutes(base, routes[name], fn);
    if (props.added) addRoutes(base, props.added.endpoints.flatMap(routesOf), props.added.fn);
    for (const response of ownAnswers) addGatewayResponse(api, response);

    this.tenantUrl = api.urlForPath(props.basePath);
  }
}

function addRoutes(base: IResource, paths: readonly string[], fn: LambdaFunction): void {
  // One permission for the whole API: one for each method would double the stack's resources.
  const integration = new LambdaIntegration(fn, { scopePermissionToMethod: false });
  for (const route of paths) {
    const [method = "", path = ""] = route.split(" ");
    base.resourceForPath(path.slice(1)).addMethod(method, integration);
  }
  // A wrong method is the function's to answer: API Gateway could not tell it from an unknown path.
  for (const path of new Set(paths.map((route) => route.split(" ")[1] ?? "")))
    base.resourceForPath(path.slice(1)).addMethod("ANY", integration);
}

interface OwnAnswer {
  readonly type: ResponseType;
  readonly status: number;
  readonly detail: string;
  readonly retryAfterSeconds?: number;
}

const noSuchRoute = {
  status: 404,
  detail: "There is no such endpoint; check the Tenant URL.",
};

/** What API Gateway answers before or instead of a function, as SCIM errors (RFC 7644, section 3.12). */
const ownAnswers: readonly OwnAnswer[] = [
  { type: ResponseType.MISSING_AUTHENTICATION_TOKEN, ...noSuchRoute },
  // An unknown route whose Authorization is a bearer token is taken for a malformed AWS signature.
  { type: ResponseType.INVALID_SIGNATURE, ...noSuchRoute },
  { type: ResponseType.RESOURCE_NOT_FOUND, ...noSuchRoute },
  { type: ResponseType.BAD_REQUEST_BODY, status: 400, detail: "The request body is malformed." },
  {
    type: ResponseType.BAD_REQUEST_PARAMETERS,
    status: 400,
    detail: "The request parameters are malformed.",
  },
  { type: ResponseType.ACCESS_DENIED, status: 403, detail: "Access from here is not allowed." },
  { type: ResponseType.WAF_FILTERED, status: 403, detail: "Access from here is not allowed." },
  { type: ResponseType.REQUEST_TOO_LARGE, status: 413, detail: "The request body is too large." },
  {
    type: ResponseType.UNSUPPORTED_MEDIA_TYPE,
    status: 415,
    detail: "The request body must be application/scim+json, plain or in gzip.",
  },
  {
    type: ResponseType.THROTTLED,
    status: 429,
    detail: "Too many requests; send this one again in a second.",
    retryAfterSeconds: 1,
  },
  {
    type: ResponseType.QUOTA_EXCEEDED,
    status: 429,
    detail: "Too many requests; send this one again later.",
    retryAfterSeconds: 60,
  },
  {
    type: ResponseType.INTEGRATION_FAILURE,
    status: 504,
    detail: "The service did not answer; send this request again. Request $context.requestId.",
    retryAfterSeconds: 5,
  },
  {
    type: ResponseType.INTEGRATION_TIMEOUT,
    status: 504,
    detail: "The service took too long; send this request again. Request $context.requestId.",
    retryAfterSeconds: 5,
  },
  { type: ResponseType.DEFAULT_4XX, status: 400, detail: "The request was refused." },
  {
    type: ResponseType.DEFAULT_5XX,
    status: 500,
    detail: "The service failed; send this request again. Request $context.requestId.",
    retryAfterSeconds: 5,
  },
];

function addGatewayResponse(api: RestApi, { type, status, detail, ...rest }: OwnAnswer): void {
  const body = {
    schemas: ["urn:ietf:params:scim:api:messages:2.0:Error"],
    status: String(status),
    detail,
  };
  const retry = rest.retryAfterSeconds && { "Retry-After": `'${rest.retryAfterSeconds}'` };
  api.addGatewayResponse(type.responseType, {
    type,
    statusCode: String(status),
    responseHeaders: { "Content-Type": "'application/scim+json'", ...retry },
    templates: { "application/json": JSON.stringify(body) },
  });
}
