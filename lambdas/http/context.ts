import type { Context } from "aws-lambda";
import type { Principal } from "../auth/principal.ts";
import type { Outcome } from "../auth/use-notes.ts";

/** What the middlewares leave for what runs after them. */
export interface EdgeContext extends Context {
  principal?: Principal;
  startedAt?: number;
  noteOutcome?: (outcome: Outcome) => Promise<void>;
}
