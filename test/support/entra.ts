import { randomUUID } from "node:crypto";

export const enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

/** What came of a request. */
export interface Told {
  readonly status: number;
  /** Of any shape: tests look into it. */
  readonly body: ReturnType<typeof JSON.parse>;
}

export interface Operation {
  readonly op: string;
  readonly path?: string;
  readonly value?: unknown;
}

/** A directory that provisions by the requests that Entra sends, one by one. */
export function entra(tenantUrl: string, token: string) {
  const send = async (method: string, path: string, body?: unknown): Promise<Told> => {
    const response = await fetch(tenantUrl + path, {
      method,
      headers: {
        Authorization: `Bearer ${token}`,
        ...(body !== undefined && { "Content-Type": "application/scim+json; charset=utf-8" }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: text === "" ? undefined : JSON.parse(text) };
  };
  const query = (filter: string) => new URLSearchParams({ filter }).toString();
  const patch = (path: string, Operations: readonly Operation[]) =>
    send("PATCH", path, {
      schemas: ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
      Operations,
    });
  return {
    send,
    /** The check of the credentials: a query for somebody whom nobody has. */
    testConnection: () => send("GET", `/Users?${query(`userName eq "${randomUUID()}"`)}`),
    match: (attribute: string, value: string) =>
      send("GET", `/Users?${query(`${attribute} eq "${value}"`)}`),
    matchGroup: (name: string) =>
      send("GET", `/Groups?excludedAttributes=members&${query(`displayName eq "${name}"`)}`),
    createUser: (user: object) =>
      send("POST", "/Users", {
        schemas: ["urn:ietf:params:scim:schemas:core:2.0:User", enterprise],
        active: true,
        meta: { resourceType: "User" },
        roles: [],
        ...user,
      }),
    createGroup: (displayName: string) =>
      send("POST", "/Groups", {
        schemas: [
          "urn:ietf:params:scim:schemas:core:2.0:Group",
          "http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group",
        ],
        externalId: randomUUID(),
        displayName,
        meta: { resourceType: "Group" },
      }),
    patchUser: (id: string, ...operations: Operation[]) => patch(`/Users/${id}`, operations),
    setActive: (id: string, active: "True" | "False") =>
      patch(`/Users/${id}`, [{ op: "Replace", path: "active", value: active }]),
    addMembers: (groupId: string, ...ids: string[]) =>
      patch(`/Groups/${groupId}`, [
        { op: "Add", path: "members", value: ids.map((value) => ({ $ref: null, value })) },
      ]),
    get: (path: string) => send("GET", path),
    delete: (path: string) => send("DELETE", path),
  };
}

export type Entra = ReturnType<typeof entra>;

/** A person as the default mapping sends it; `mail` is what the directory has as address. */
export const person = (
  upn: string,
  { mail = upn, ...more }: { readonly [attribute: string]: unknown } = {},
) => ({
  externalId: randomUUID(),
  userName: upn,
  displayName: upn.split("@")[0],
  emails: [{ primary: true, type: "work", value: mail }],
  ...more,
});
