import { type Action, checkScope, ok, type ScimRequest } from "../http/action.ts";
import { asRefusal } from "../http/answer.ts";
import { type Patience, retryConflicts } from "../http/retry-conflicts.ts";
import { planBulk } from "../scim/bulk/plan.ts";
import { readBulkRequest } from "../scim/bulk/read.ts";
import { unavailable } from "../scim/errors.ts";
import { bulkResponseUrn } from "../scim/urns.ts";
import { type Running, runSteps } from "./run-steps.ts";
import { asSingleRequest, type FindAction, findActionIn } from "./single-request.ts";

export interface BulkDeps {
  /** What the routes of resource types do, by route. */
  readonly actions: Readonly<Record<string, Action>>;
  readonly patience: Patience;
  /** Told of all that was thrown; what nobody threw on purpose is to be logged. */
  readonly report: (error: unknown, requestId: string) => void;
}

/** API Gateway gives up after 29 s: nothing is begun after the first of these, nor tried again after the second. */
const lastBeginMilliseconds = 20_000;
const lastRetryMilliseconds = 24_000;

/** POST /Bulk (RFC 7644, section 3.7): each operation as its own route would carry it out. */
export const bulk = (deps: BulkDeps): Action => {
  const findAction = findActionIn(deps.actions);
  return {
    // Each operation needs the scope of its own route.
    scope: undefined,
    run: async (request) => {
      const { operations, failOnErrors } = readBulkRequest(request.body, request.baseUrl);
      const running = carryingOut(request, findAction, deps);
      const results = await runSteps(planBulk(operations), { ...running, failOnErrors });
      return ok({ schemas: [bulkResponseUrn], Operations: results });
    },
  };
};

/** How operations are carried out for `request`, whose time runs from now. */
function carryingOut(
  request: ScimRequest,
  findAction: FindAction,
  { patience, report }: BulkDeps,
): Omit<Running, "failOnErrors"> {
  const { baseUrl, principal, requestId } = request;
  const begun = patience.now();
  const elapsed = () => patience.now() - begun;
  return {
    baseUrl,
    checkTime: () => {
      if (elapsed() < lastBeginMilliseconds) return;
      throw unavailable("No time was left to begin this; send it in another request.", 1);
    },
    run: async (operation) => {
      const action = findAction(operation);
      checkScope(action, principal);
      const single = asSingleRequest(operation, request);
      return retryConflicts(() => action.run(single), patience, lastRetryMilliseconds - elapsed());
    },
    refusalOf: (error) => {
      report(error, requestId);
      return asRefusal(error, requestId);
    },
  };
}
