import type { Context } from "aws-lambda";
import type { Client } from "../auth/credentials.ts";

/** What the middlewares leave for what runs after them. */
export interface EdgeContext extends Context {
  client?: Client;
  startedAt?: number;
}
