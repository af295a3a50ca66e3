import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage } from "node:http";
import { isRecord, parseJson, recordsIn } from "../../simulator/json.ts";
import { applyOperation, inside, type Stored } from "./endpoint-patch.ts";

/** What a broken endpoint gets wrong; without one it is as small as a correct one can be. */
export type Flaw =
  | "keeps booleans as text"
  | "ignores filters"
  | "answers a filter that matches nothing with 404"
  | "sends members despite exclusion"
  | "empties a group on remove with a value"
  | "loses the manager"
  | "hides inactive users"
  | "accepts a userName twice"
  | "writes the status as a number"
  | "answers application/json"
  | "reads + as a plus"
  | "keeps deleted users in groups"
  | "counts wrongly"
  | "drops the last character of a title"
  | "accepts any token";

export const token = "the-right-token";

interface State {
  readonly resources: Map<string, Stored>;
  readonly flaw: Flaw | undefined;
}

interface Answer {
  readonly status: number;
  readonly body?: unknown;
}

/** Serves a directory of its own, in memory, until closed. */
export async function openEndpoint(flaw?: Flaw) {
  const state: State = { resources: new Map(), flaw };
  const seen: string[] = [];
  const server = createServer((request, response) => {
    void answer(state, request, seen).then(({ status, body }) => {
      const type = flaw === "answers application/json" ? "json" : "scim+json";
      response.writeHead(status, body ? { "Content-Type": `application/${type}` } : {});
      response.end(body ? JSON.stringify(body) : undefined);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = isRecord(address) ? Number(address["port"]) : 0;
  return {
    url: `http://127.0.0.1:${port}/scim`,
    seen,
    close: () => {
      server.closeAllConnections();
      return new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

async function answer(state: State, request: IncomingMessage, seen: string[]): Promise<Answer> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
  } catch {
    return { status: 400 };
  }
  seen.push(`${request.method} ${request.url}`);
  const isKnown = request.headers.authorization === `Bearer ${token}`;
  if (!isKnown && state.flaw !== "accepts any token") return error(state, 401, "bad token");

  const url = new URL(request.url ?? "", "http://localhost");
  const [, , collection = "", id] = url.pathname.split("/");
  const text = Buffer.concat(chunks).toString();
  const body = inside(parseJson(text));
  if (!id)
    return request.method === "POST"
      ? create(state, collection, body)
      : list(state, collection, url);
  return toOne(state, request.method ?? "", decodeURIComponent(id), body, url);
}

function create(state: State, collection: string, body: Stored): Answer {
  const type = collection === "Users" ? "User" : "Group";
  const name = type === "User" ? "userName" : "displayName";
  if (!body[name]) return error(state, 400, `${name} is missing`, "invalidValue");
  const same = all(state, collection).some((one) => fold(one[name]) === fold(body[name]));
  if (same && state.flaw !== "accepts a userName twice")
    return error(state, 409, "taken", "uniqueness");

  const resource: Stored = {
    schemas: body["schemas"],
    id: randomUUID(),
    meta: { resourceType: type },
  };
  if (type === "Group") resource["members"] = [];
  for (const [path, value] of Object.entries(body)) {
    if (path === "schemas" || path === "meta" || path === "department" || path === "manager")
      continue;
    applyOperation(resource, { op: "add", path, value }, state.flaw);
  }
  state.resources.set(String(resource["id"]), resource);
  return { status: 201, body: resource };
}

function toOne(state: State, method: string, id: string, body: Stored, url: URL): Answer {
  const resource = state.resources.get(id);
  if (!resource) return error(state, 404, "not found");
  const isUser = !("members" in resource);
  switch (method) {
    case "GET":
      return { status: 200, body: shown(state, resource, url) };
    case "DELETE":
      state.resources.delete(id);
      if (state.flaw !== "keeps deleted users in groups") dropMember(state, id);
      return { status: 204 };
    default:
      for (const operation of recordsIn(body["Operations"])) {
        applyOperation(resource, operation, state.flaw);
      }
      return isUser ? { status: 200, body: resource } : { status: 204 };
  }
}

function dropMember({ resources }: State, id: string): void {
  for (const resource of resources.values()) {
    if ("members" in resource)
      resource["members"] = recordsIn(resource["members"]).filter(({ value }) => value !== id);
  }
}

function list(state: State, collection: string, url: URL): Answer {
  const query = url.search.slice(1);
  const raw = /(?:^|&)filter=([^&]*)/u.exec(query)?.[1];
  const isLiteral = state.flaw === "reads + as a plus";
  const filter = raw && decodeURIComponent(isLiteral ? raw : raw.replaceAll("+", " "));
  if (filter && !/ eq /u.test(filter))
    return error(state, 400, "cannot read filter", "invalidFilter");

  const hits = all(state, collection).filter((one) =>
    filter && state.flaw !== "ignores filters" ? satisfies(state, one, filter) : true,
  );
  if (filter && hits.length === 0 && state.flaw?.startsWith("answers a filter")) {
    return error(state, 404, "not found");
  }
  const startIndex = Number(url.searchParams.get("startIndex") ?? 1);
  const count = Number(url.searchParams.get("count") ?? 1000);
  const page = hits.slice(startIndex - 1, startIndex - 1 + count);
  return {
    status: 200,
    body: {
      schemas: ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
      totalResults: hits.length + (state.flaw === "counts wrongly" && hits.length > 5 ? 1 : 0),
      startIndex,
      itemsPerPage: page.length,
      Resources: page.map((one) => shown(state, one, url)),
    },
  };
}

function satisfies(state: State, resource: Stored, filter: string): boolean {
  return filter.split(" and ").every((part) => {
    const [, path = "", quoted = ""] =
      /^(.*?) eq (.*)$/su.exec(part.replace(' eq "work"', "")) ?? [];
    const value = quoted.startsWith('"') ? String(parseJson(quoted)) : quoted;
    if (state.flaw === "hides inactive users" && resource["active"] === false) return false;
    const extension = inside(
      resource["urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"],
    );
    if (path === "manager") return extension["manager"] !== undefined;
    if (path.startsWith("emails")) {
      return recordsIn(resource["emails"]).some((email) => fold(email["value"]) === fold(value));
    }
    return fold(resource[path]) === fold(value);
  });
}

function shown({ flaw }: State, resource: Stored, url: URL): Stored {
  const isExcluded = url.searchParams.get("excludedAttributes") === "members";
  if (!isExcluded || flaw === "sends members despite exclusion") return resource;
  const { members: _members, ...rest } = resource;
  return rest;
}

function error({ flaw }: State, status: number, detail: string, scimType?: string): Answer {
  const shownStatus = flaw === "writes the status as a number" ? status : String(status);
  const schemas = ["urn:ietf:params:scim:api:messages:2.0:Error"];
  return { status, body: { schemas, status: shownStatus, detail, scimType } };
}

const all = ({ resources }: State, collection: string) =>
  [...resources.values()].filter((one) => "members" in one === (collection === "Groups"));

const fold = (value: unknown): string => String(value).toLowerCase();
