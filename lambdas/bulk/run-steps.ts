import type { ScimReply } from "../http/action.ts";
import type { BulkOperation } from "../scim/bulk/operation.ts";
import type { Completion, Run, Step } from "../scim/bulk/plan.ts";
import { resolveReferences } from "../scim/bulk/references.ts";
import { ScimError } from "../scim/errors.ts";
import { own, quoted } from "../scim/json.ts";
import { failed, failedAfter, type Result, succeeded } from "./results.ts";

export interface Running {
  /** @throws ScimError where no time is left to begin anything. */
  readonly checkTime: () => void;
  /** Carries out an operation without references. @throws what its action throws */
  readonly run: (operation: BulkOperation) => Promise<ScimReply>;
  /** What the client may learn of what was thrown. */
  readonly refusalOf: (error: unknown) => ScimError;
  readonly baseUrl: string;
  readonly failOnErrors: number;
}

/** What is known while the steps are taken. */
interface Progress {
  /** The ids of what was created, by bulkId. */
  readonly ids: Map<string, string>;
  /** By where the operation stands in the request. */
  readonly results: Map<number, Result>;
  /** What was created and is to be completed. */
  readonly incomplete: Map<number, Run>;
}

/** Takes `steps` until too many have failed; gives the results of those taken, in the request's order. */
export async function runSteps(
  steps: readonly Step[],
  running: Running,
): Promise<readonly Result[]> {
  const progress: Progress = { ids: new Map(), results: new Map(), incomplete: new Map() };
  let failures = 0;
  for (const step of steps) {
    if (failures >= running.failOnErrors) break;
    const result = await take(step, progress, running);
    if (!result) continue;
    progress.results.set(step.at, result);
    if (result.response) failures += 1;
  }

  for (const [at, step] of progress.incomplete) {
    const created = progress.results.get(at);
    if (created) progress.results.set(at, failedAfter(created, withoutMore(step.leftOut, stopped)));
  }
  const inOrder = [...progress.results].toSorted(([one], [other]) => one - other);
  return inOrder.map(([, result]) => result);
}

const stopped = new ScimError(409, "As many operations had failed as failOnErrors allows.");

async function take(step: Step, progress: Progress, running: Running): Promise<Result | undefined> {
  switch (step.kind) {
    case "refuse":
      return failed(step.operation, step.operation.error, running.baseUrl);
    case "run":
      return runStep(step, progress, running);
    case "complete":
      return complete(step, progress, running);
  }
}

async function runStep(step: Run, progress: Progress, running: Running): Promise<Result> {
  const { ids, incomplete } = progress;
  const operation = resolveReferences(step.operation, (bulkId) => ids.get(bulkId));
  try {
    running.checkTime();
    checkCreated(step.needs, ids);
    const reply = await running.run(operation);

    if (operation.method === "POST" && operation.bulkId !== undefined)
      ids.set(operation.bulkId, idOf(reply));
    if (step.leftOut.length > 0) incomplete.set(step.at, step);
    return succeeded(operation, reply, running.baseUrl);
  } catch (error) {
    return failed(operation, triedWithout(step.leftOut, running.refusalOf(error)), running.baseUrl);
  }
}

/** What was created without some of its values is replaced by what the client wanted, unless another has changed it meanwhile. */
async function complete(
  { at, operation, leftOut }: Completion,
  { ids, results, incomplete }: Progress,
  running: Running,
): Promise<Result | undefined> {
  const created = results.get(at);
  const { bulkId = "", target } = operation;
  const id = ids.get(bulkId);
  if (!incomplete.delete(at) || !created || id === undefined) return undefined;

  try {
    running.checkTime();
    checkCreated(leftOut, ids);
    const whole = resolveReferences(operation, (other) => ids.get(other));
    const version = typeof created.version === "string" ? created.version : undefined;
    const reply = await running.run({
      ...whole,
      method: "PUT",
      target: { ...target, id },
      version,
    });
    return { ...created, ...succeeded(operation, { ...reply, status: 201 }, running.baseUrl) };
  } catch (error) {
    return failedAfter(created, withoutMore(leftOut, running.refusalOf(error)));
  }
}

/** @throws ScimError 409, as RFC 7644, section 3.7.1 has it for a reference that cannot be resolved. */
function checkCreated(bulkIds: readonly string[], ids: ReadonlyMap<string, string>): void {
  const missing = bulkIds.find((bulkId) => !ids.has(bulkId));
  if (missing === undefined) return;
  throw new ScimError(409, `It refers to ${reference(missing)}, and that operation failed.`);
}

function idOf({ body }: ScimReply): string {
  const id = body && own(body, "id");
  if (typeof id !== "string") throw new Error("What was created was answered without its id.");
  return id;
}

const reference = (bulkId: string) => quoted(`bulkId:${bulkId}`);

/** A creation may fail for the very want of the values that its circle made impossible. */
function triedWithout([bulkId]: readonly string[], refusal: ScimError): ScimError {
  if (bulkId === undefined || refusal.status !== 400) return refusal;
  const { status, detail, scimType } = refusal;
  const how = `It was tried without what refers to ${reference(bulkId)}, which itself refers to this.`;
  return new ScimError(status, `${detail} ${how}`, scimType);
}

function withoutMore([bulkId = ""]: readonly string[], refusal: ScimError): ScimError {
  const { status, detail, scimType } = refusal;
  const what = `The resource was created, but without what refers to ${reference(bulkId)}:`;
  return new ScimError(status, `${what} ${detail}`, scimType);
}
