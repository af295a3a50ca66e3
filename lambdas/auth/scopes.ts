/** What a token may be allowed to do. */
export const scopes = [
  "users:read",
  "users:write",
  "groups:read",
  "groups:write",
  // Of all resource types that the deployment adds.
  "resources:read",
  "resources:write",
] as const;

export type Scope = (typeof scopes)[number];

/** The scopes that this release knows of those that are stored; others allow nothing. */
export const readScopes = (stored: readonly string[]): readonly Scope[] =>
  scopes.filter((scope) => stored.includes(scope));
