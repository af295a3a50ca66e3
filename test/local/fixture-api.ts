import type { ApiSpec, GatewayResponseSpec } from "../../local/template/api.ts";

export const functionArn = "arn:aws:lambda:us-east-1:000000000000:function:users";

const methodsOf = (names: string) =>
  names.split(" ").map((httpMethod) => ({ httpMethod, functionArn, timeoutMs: 29_000 }));

/** A small API as the template reader gives it. */
export const anApi = (more: Partial<ApiSpec> = {}): ApiSpec => ({
  id: "api1234567",
  stage: "prod",
  stageVariables: undefined,
  deploymentId: "deploy",
  binaryMediaTypes: [],
  resources: [
    { id: "root", path: "/", methods: [] },
    { id: "base", path: "/scim", methods: [] },
    { id: "users", path: "/scim/Users", methods: methodsOf("GET POST") },
    { id: "user", path: "/scim/Users/{id}", methods: methodsOf("GET PATCH DELETE") },
    { id: "search", path: "/scim/Users/.search", methods: methodsOf("POST") },
    { id: "part", path: "/scim/Users/{id}/{part}", methods: methodsOf("ANY") },
    { id: "rest", path: "/files/{proxy+}", methods: methodsOf("ANY") },
  ],
  responses: [],
  ...more,
});

export const aGatewayResponse = (
  type: string,
  more: Partial<GatewayResponseSpec> = {},
): GatewayResponseSpec => ({ type, statusCode: undefined, templates: {}, parameters: {}, ...more });
