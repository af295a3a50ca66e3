/** What a token may be allowed to do. */
export const scopes = ["users:read", "users:write", "groups:read", "groups:write"] as const;

export type Scope = (typeof scopes)[number];
