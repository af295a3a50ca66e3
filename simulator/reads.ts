import { listFaults } from "./checks.ts";
import type { Call } from "./client.ts";
import type { Endpoint, Found } from "./endpoint.ts";
import { isRecord, recordsIn } from "./json.ts";
import type { Wire } from "./wire.ts";

export function createReads(wire: Wire): Pick<Endpoint, "query" | "find" | "get" | "ask"> {
  const query = queryOf(wire);
  return {
    query,
    get: getOf(wire),
    find: async (kind, type, text) => {
      const page = await query(kind, type, text);
      if (!page) return { kind: "failed" };
      const { body, resources } = page;
      const fault = matchFault(resources.length, body["totalResults"]);
      if (fault !== undefined) {
        wire.journal.violated(fault, `${type}s?${text}`);
        return { kind: "failed" };
      }
      return foundIn(resources[0]);
    },
    ask: async (type, text, token) => {
      const call: Call = { kind: "probe", method: "GET", target: wire.collection(type, text) };
      return (await wire.send(token === undefined ? call : { ...call, token })).answer;
    },
  };
}

function matchFault(length: number, totalResults: unknown): string | undefined {
  if (length > 1 || Number(totalResults) > 1) return "a match query finds more than one";
  return totalResults === length ? undefined : "totalResults is not the number of Resources";
}

function foundIn(resource: Record<string, unknown> | undefined): Found {
  if (!resource) return { kind: "absent" };
  const { id } = resource;
  return typeof id === "string"
    ? { kind: "found", resource: { ...resource, id } }
    : { kind: "failed" };
}

const queryOf =
  ({ send, journal, collection, violate, readResource }: Wire): Endpoint["query"] =>
  async (kind, type, text) => {
    const call: Call = { kind, method: "GET", target: collection(type, text) };
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

const getOf =
  ({ send, journal, one, violate, readResource }: Wire): Endpoint["get"] =>
  async (type, id, text) => {
    const call: Call = { kind: "get", method: "GET", target: one(type, id, text) };
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
