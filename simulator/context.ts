import type { Dialect } from "./dialect.ts";
import type { Endpoint } from "./endpoint.ts";
import type { Journal } from "./journal.ts";
import type { Mapping, MatchAttribute, RoleMapping } from "./mapping.ts";
import type { Reporter } from "./progress.ts";
import type { Random } from "./random.ts";
import type { Links } from "./state.ts";

/** What a job is configured with and remembers: every step of a cycle works on this. */
export interface Context {
  readonly endpoint: Endpoint;
  /** The same over a line that never fails, for what is no part of a cycle. */
  readonly steady: Endpoint;
  readonly dialect: Dialect;
  readonly mappings: readonly Mapping[];
  readonly match: MatchAttribute;
  readonly roleMapping: RoleMapping;
  readonly membersPerPatch: number;
  readonly concurrency: number;
  readonly isOnDemand: boolean;
  readonly journal: Journal;
  readonly reporter: Reporter;
  readonly random: Random;
  readonly links: Links;
  /** The objects of which a request failed: they are tried again in the next cycle. */
  readonly failed: Set<string>;
}
