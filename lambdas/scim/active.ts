import type { JsonObject } from "./json.ts";

/** Whether a user takes part: one of whom nothing is said does (RFC 7643, section 4.1.1). */
export const isActive = (user: JsonObject): boolean => user.active !== false;
