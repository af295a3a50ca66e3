import { createdFaults, listFaults, resourceFaults } from "./checks.ts";
import type { Answer, Call, Kind } from "./client.ts";
import type { Reply, Send } from "./faults.ts";
import { describeCall, type Journal } from "./journal.ts";
import { isRecord, type JsonObject, recordsIn } from "./json.ts";
import { withoutMembers } from "./query.ts";
import type { TenantUrl } from "./tenant-url.ts";
import type { Method } from "./transport.ts";
import { judgeCreate, judgeDelete } from "./verdicts.ts";

export type ResourceType = "User" | "Group";
export type Resource = Record<string, unknown> & { readonly id: string };

/** `failed` was noted in the journal: the object waits for the next cycle. */
export type Found =
  | { readonly kind: "found"; readonly resource: Resource }
  | { readonly kind: "absent" }
  | { readonly kind: "failed" };

export type Created =
  | { readonly kind: "created"; readonly resource: Resource }
  /** A repeated POST met its own first try: the match query tells the id. */
  | { readonly kind: "conflict" }
  | { readonly kind: "failed" };

export interface Page {
  readonly body: Record<string, unknown>;
  readonly resources: readonly Record<string, unknown>[];
}

/** The endpoint in Entra's verbs. Every answer is checked; what is wrong goes to the journal. */
export interface Endpoint {
  /** A query that must answer with a list; `undefined` if it does not. */
  readonly query: (kind: Kind, type: ResourceType, query: string) => Promise<Page | undefined>;
  /** A query for one resource: more than one hit is a failure. */
  readonly find: (kind: Kind, type: ResourceType, query: string) => Promise<Found>;
  readonly get: (type: ResourceType, id: string, query?: string) => Promise<Found>;
  readonly create: (type: ResourceType, body: JsonObject) => Promise<Created>;
  readonly patch: (type: ResourceType, id: string, body: JsonObject) => Promise<boolean>;
  /** Deletes and makes sure that the resource is gone. */
  readonly remove: (type: ResourceType, id: string) => Promise<boolean>;
  /** The bare answer to a query, for the probes. */
  readonly ask: (type: ResourceType, query: string, token?: string) => Promise<Answer>;
  /** The bare answer to a write, for what is to be refused. */
  readonly attempt: (
    method: Method,
    type: ResourceType,
    id: string | undefined,
    body?: JsonObject,
  ) => Promise<Answer>;
}

export interface EndpointSettings {
  readonly tenantUrl: TenantUrl;
  readonly send: Send;
  readonly journal: Journal;
}

export function createEndpoint({ tenantUrl, send, journal }: EndpointSettings): Endpoint {
  const targetOf = targets(tenantUrl);
  const violate = (call: Call, faults: readonly string[]) => {
    for (const fault of faults) journal.violated(fault, describeCall(call));
  };
  const readResource = (call: Call, type: ResourceType, body: unknown): Resource | undefined => {
    const resource = isRecord(body) ? body : {};
    violate(call, resourceFaults(type, resource));
    if (call.target.includes(withoutMembers) && "members" in resource) {
      violate(call, ["members are sent although excludedAttributes=members was asked for"]);
    }
    const { id } = resource;
    return typeof id === "string" ? { ...resource, id } : undefined;
  };

  const query: Endpoint["query"] = async (kind, type, text) => {
    const call: Call = { kind, method: "GET", target: targetOf(`/${type}s`, text) };
    const { answer } = await send(call);
    if (answer.status !== 200) {
      if (answer.status === 404) violate(call, ["a filter is answered 404"]);
      journal.refused(call, answer);
      return undefined;
    }
    const faults = listFaults(answer.body);
    violate(call, faults);
    if (faults.length > 0 || !isRecord(answer.body)) return undefined;
    const resources = recordsIn(answer.body["Resources"]);
    for (const resource of resources) readResource(call, type, resource);
    return { body: answer.body, resources };
  };

  const get: Endpoint["get"] = async (type, id, text = "") => {
    const call: Call = { kind: "get", method: "GET", target: targetOf(pathOf(type, id), text) };
    const { answer } = await send(call);
    if (answer.status === 404) return { kind: "absent" };
    if (answer.status !== 200) {
      journal.refused(call, answer);
      return { kind: "failed" };
    }
    const resource = readResource(call, type, answer.body);
    if (resource && resource.id !== id) violate(call, ["a GET by id answers with another id"]);
    return resource ? { kind: "found", resource } : { kind: "failed" };
  };

  const write = async (call: Call): Promise<Reply> => {
    journal.wrote(describeCall(call));
    return send(call);
  };

  return {
    query,
    get,
    ask: async (type, text, token) => {
      const call: Call = { kind: "probe", method: "GET", target: targetOf(`/${type}s`, text) };
      return (await send(token === undefined ? call : { ...call, token })).answer;
    },
    attempt: async (method, type, id, body) => {
      const path = id === undefined ? `/${type}s` : pathOf(type, id);
      const call: Call = { kind: "check", method, target: targetOf(path, "") };
      return (await write(body === undefined ? call : { ...call, body })).answer;
    },
    find: async (kind, type, text) => {
      const page = await query(kind, type, text);
      if (!page) return { kind: "failed" };
      const [first, second] = page.resources;
      if (second || page.body["totalResults"] !== page.resources.length) {
        journal.violated("a match query finds more than one", `${type}s?${text}`);
        return { kind: "failed" };
      }
      if (!first) return { kind: "absent" };
      const { id } = first;
      return typeof id === "string"
        ? { kind: "found", resource: { ...first, id } }
        : { kind: "failed" };
    },
    create: async (type, body) => {
      const call: Call = {
        kind: "create",
        method: "POST",
        target: targetOf(`/${type}s`, ""),
        body,
      };
      const reply = await write(call);
      const verdict = judgeCreate(reply);
      violate(call, verdict.faults);
      for (const answer of verdict.refusals) journal.refused(call, answer);
      if (verdict.kind !== "created") return { kind: verdict.kind };

      const resource = readResource(call, type, reply.answer.body);
      if (resource) violate(call, createdFaults(body, resource));
      return resource ? { kind: "created", resource } : { kind: "failed" };
    },
    patch: async (type, id, body) => {
      const call: Call = {
        kind: "patch",
        method: "PATCH",
        target: targetOf(pathOf(type, id), ""),
        body,
      };
      const { answer, others } = await write(call);
      const answers = [answer, ...others];
      const refused = answers.filter(({ status }) => status !== 200 && status !== 204);
      for (const one of refused) journal.refused(call, one);
      for (const { text, body: updated } of answers.filter(({ status }) => status === 200)) {
        if (text === "" && type === "Group") continue;
        readResource(call, type, updated);
      }
      return !refused.includes(answer);
    },
    remove: async (type, id) => {
      const call: Call = {
        kind: "delete",
        method: "DELETE",
        target: targetOf(pathOf(type, id), ""),
      };
      const refusals = judgeDelete(await write(call));
      for (const answer of refusals) journal.refused(call, answer);
      if (refusals.length > 0) return false;

      const after = await get(type, id);
      if (after.kind === "found") violate(call, [`a deleted ${type} is still answered by id`]);
      return true;
    },
  };
}

const pathOf = (type: ResourceType, id: string) => `/${type}s/${encodeURIComponent(id)}`;

/**
 * Whether the flags of the Tenant URL are sent along is documented nowhere, so every second request
 * carries them.
 */
function targets({ basePath, query }: TenantUrl): (path: string, query: string) => string {
  let count = 0;
  return (path, own) => {
    count += 1;
    const parts = [own, count % 2 === 0 ? query : ""].filter(Boolean);
    return `${basePath}${path}${parts.length > 0 ? `?${parts.join("&")}` : ""}`;
  };
}
