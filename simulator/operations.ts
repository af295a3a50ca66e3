import type { Json, JsonObject } from "./json.ts";

export interface Operation {
  readonly op: string;
  readonly path?: string;
  readonly value?: Json;
}

/** The attributes of a group that are to be replaced. */
export type GroupFields = Readonly<Partial<Record<"displayName" | "externalId", string>>>;

/** What one PATCH changes in a group's members, as ids at the endpoint. */
export type MemberChange =
  | { readonly kind: "add"; readonly ids: readonly string[] }
  | { readonly kind: "remove"; readonly ids: readonly string[] };

export const patchBody = (operations: readonly Operation[]): JsonObject => ({
  schemas: ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
  Operations: operations.map((operation) => ({ ...operation })),
});
