import { invalidValue } from "../errors.ts";
import { quoted } from "../json.ts";
import type { BulkOperation, FaultyOperation, GivenOperation } from "./operation.ts";
import { referencesIn } from "./references.ts";

/** What is done next; `at` says to which operation of the request, counted from 0. */
export type Step = Refusal | Run | Completion;

export interface Refusal {
  readonly kind: "refuse";
  readonly at: number;
  readonly operation: FaultyOperation;
}

export interface Run {
  readonly kind: "run";
  readonly at: number;
  readonly operation: BulkOperation;
  /** The bulkIds of earlier steps, whose success it needs. */
  readonly needs: readonly string[];
  /** The bulkIds of later steps, which need this one; a completion follows. */
  readonly leftOut: readonly string[];
}

/** Gives a resource that was created without them the values that refer to `leftOut`. */
export interface Completion {
  readonly kind: "complete";
  readonly at: number;
  readonly operation: BulkOperation;
  readonly leftOut: readonly string[];
}

/**
 * The order in which the operations of a bulk request are run: that of the request, but that what
 * another refers to is created before it. Only creations are moved, and only forwards, so that
 * of two changes to a resource the later stays the later. Operations that refer to each other in
 * a circle are created one after the other, and completed once all that they refer to exists
 * (RFC 7644, section 3.7.1).
 */
export function planBulk(operations: readonly GivenOperation[]): readonly Step[] {
  const creators = creatorsAmong(operations);
  const nodes = operations.map((operation) => withReferences(operation, creators));
  const steps: Step[] = [];
  const planned = new Set<number>();
  /** Those whose needs are being planned, each needed by the one before it, with their depth. */
  const open = new Map<number, number>();
  const completions = nodes.map((): Step[] => []);

  const plan = (at: number): void => {
    const node = nodes[at];
    if (!node || planned.has(at) || open.has(at)) return;
    open.set(at, open.size);
    for (const { creator } of node.references) plan(creator);

    const isCreated = ({ creator }: Reference) => planned.has(creator);
    const needs = node.references.filter(isCreated).map(({ bulkId }) => bulkId);
    const later = node.references.filter((reference) => !isCreated(reference));
    const leftOut = later.map(({ bulkId }) => bulkId);
    steps.push(stepOf(node.operation, { at, needs, leftOut }));
    planned.add(at);

    if (node.operation.kind === "operation" && later.length > 0) {
      const completion = { kind: "complete", at, operation: node.operation, leftOut } as const;
      completions[lastOf(later, open)]?.push(completion);
    }
    open.delete(at);
    steps.push(...(completions[at] ?? []));
  };

  for (const at of operations.keys()) plan(at);
  return steps;
}

/** A reference of an operation, and which operation creates what it refers to. */
interface Reference {
  readonly bulkId: string;
  readonly creator: number;
}

/** An operation that cannot be read counts as well: to refer to it is to refer to what failed. */
function creatorsAmong(operations: readonly GivenOperation[]): ReadonlyMap<string, number> {
  const creators = new Map<string, number>();
  for (const [at, { kind, method, bulkId }] of operations.entries()) {
    if (bulkId !== undefined && (kind === "faulty" || method === "POST")) creators.set(bulkId, at);
  }
  return creators;
}

function withReferences(operation: GivenOperation, creators: ReadonlyMap<string, number>) {
  if (operation.kind === "faulty") return { operation, references: [] };
  const bulkIds = [...referencesIn(operation)];
  const unknown = bulkIds.find((bulkId) => !creators.has(bulkId));
  if (unknown !== undefined) return { operation: refused(operation, unknown), references: [] };
  const references = bulkIds.flatMap((bulkId): readonly Reference[] => {
    const creator = creators.get(bulkId);
    return creator === undefined ? [] : [{ bulkId, creator }];
  });
  return { operation, references };
}

const refused = (operation: BulkOperation, unknown: string): FaultyOperation => ({
  ...operation,
  kind: "faulty",
  error: invalidValue(
    `It refers to ${quoted(`bulkId:${unknown}`)}, but no POST of this request has that bulkId.`,
  ),
});

function stepOf(
  operation: GivenOperation,
  { at, ...references }: Pick<Run, "at" | "needs" | "leftOut">,
): Step {
  return operation.kind === "faulty"
    ? { kind: "refuse", at, operation }
    : { kind: "run", at, operation, ...references };
}

/** Whoever has been open for longest is created last. */
function lastOf(references: readonly Reference[], open: ReadonlyMap<number, number>): number {
  const depthOf = (creator: number) => open.get(creator) ?? Number.POSITIVE_INFINITY;
  return references
    .map(({ creator }) => creator)
    .reduce((last, creator) => (depthOf(creator) < depthOf(last) ? creator : last));
}
