import { resourceFaults } from "./checks.ts";
import type { Call } from "./client.ts";
import type { EndpointSettings, Resource, ResourceType } from "./endpoint.ts";
import type { Send } from "./faults.ts";
import { describeCall, type Journal } from "./journal.ts";
import { isRecord } from "./json.ts";
import { withoutMembers } from "./query.ts";
import type { TenantUrl } from "./tenant-url.ts";

/** What reads and writes have in common. */
export interface Wire {
  readonly send: Send;
  readonly journal: Journal;
  readonly collection: (type: ResourceType, query?: string) => string;
  readonly one: (type: ResourceType, id: string, query?: string) => string;
  readonly violate: (call: Call, faults: readonly string[]) => void;
  /** The resource in an answer; what is wrong with it is noted. Without an id it is none. */
  readonly readResource: (call: Call, type: ResourceType, body: unknown) => Resource | undefined;
}

export function createWire({ tenantUrl, send, journal }: EndpointSettings): Wire {
  const targetOf = targets(tenantUrl);
  const violate: Wire["violate"] = (call, faults) => {
    for (const fault of faults) journal.violated(fault, describeCall(call));
  };
  return {
    send,
    journal,
    violate,
    collection: (type, query = "") => targetOf(`/${type}s`, query),
    one: (type, id, query = "") => targetOf(`/${type}s/${encodeURIComponent(id)}`, query),
    readResource: (call, type, body) => {
      const resource = isRecord(body) ? body : {};
      violate(call, resourceFaults(type, resource));
      if (call.target.includes(withoutMembers) && "members" in resource) {
        violate(call, ["members are sent although excludedAttributes=members was asked for"]);
      }
      const { id } = resource;
      return typeof id === "string" ? { ...resource, id } : undefined;
    },
  };
}

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
