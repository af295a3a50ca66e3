import type { ApiResource, ApiSpec, MethodSpec } from "../template/api.ts";

export interface RouteMatch {
  readonly resource: ApiResource;
  readonly method: MethodSpec;
  readonly pathParameters: Readonly<Record<string, string>>;
}

/** Finds the method that answers a request; undefined where the API has none. */
export type Router = (httpMethod: string, segments: readonly string[]) => RouteMatch | undefined;

/** Builds the router of an API. Of two resources that fit, the one with the more static parts in front wins. */
export function createRouter(api: ApiSpec): Router {
  const candidates = api.resources
    .map((resource) => ({ resource, parts: resource.path.split("/").filter(Boolean) }))
    .toSorted((a, b) => comparePaths(a.parts, b.parts));

  return (httpMethod, segments) => {
    for (const { resource, parts } of candidates) {
      const pathParameters = matchPath(parts, segments);
      if (!pathParameters) continue;
      const method =
        resource.methods.find((method) => method.httpMethod === httpMethod) ??
        resource.methods.find((method) => method.httpMethod === "ANY");
      // API Gateway looks for the resource first: another that has the method is not tried.
      return method && { resource, method, pathParameters };
    }
    return undefined;
  };
}

/** The parameters of a path that fits, already decoded. */
function matchPath(
  parts: readonly string[],
  segments: readonly string[],
): Readonly<Record<string, string>> | undefined {
  const parameters: [string, string][] = [];
  for (const [at, part] of parts.entries()) {
    const segment = segments[at];
    if (segment === undefined || segment === "") return undefined;
    if (kindOf(part) === "greedy") {
      parameters.push([part.slice(1, -2), segments.slice(at).join("/")]);
      return Object.fromEntries(parameters);
    }
    if (kindOf(part) === "parameter") parameters.push([part.slice(1, -1), segment]);
    else if (part !== segment) return undefined;
  }
  return parts.length === segments.length ? Object.fromEntries(parameters) : undefined;
}

type Kind = "static" | "parameter" | "greedy";

const order: readonly Kind[] = ["static", "parameter", "greedy"];

function kindOf(part: string): Kind {
  if (part.endsWith("+}")) return "greedy";
  return part.startsWith("{") ? "parameter" : "static";
}

function comparePaths(a: readonly string[], b: readonly string[]): number {
  for (const [at, part] of a.entries()) {
    const other = b[at];
    if (other === undefined) return 1;
    const difference = order.indexOf(kindOf(part)) - order.indexOf(kindOf(other));
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}
