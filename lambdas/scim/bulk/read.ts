import { invalidSyntax, invalidValue, tooLarge } from "../errors.ts";
import { isArray, isObject, type Json } from "../json.ts";
import { listsSchema, memberOf } from "../patch/read.ts";
import { bulkRequestUrn } from "../urns.ts";
import { type GivenOperation, readOperation } from "./operation.ts";

/** A bulk request (RFC 7644, section 3.7): its operations in the order in which they were sent. */
export interface BulkRequest {
  /** How many operations may fail before the rest is not begun; infinite where the client does not say. */
  readonly failOnErrors: number;
  readonly operations: readonly GivenOperation[];
}

/** The most that a bulk request may hold (RFC 7644, section 3.7.4). */
export const bulkLimits = { maxOperations: 1000, maxPayloadSize: 1_048_576 } as const;

/**
 * Reads the body of a bulk request. An operation that cannot be read is kept as a faulty one, so
 * that the others run. `baseUrl` may stand before an operation's path.
 * @throws invalidSyntax, invalidValue; 413 beyond `bulkLimits`
 */
export function readBulkRequest(body: Json | undefined, baseUrl: string): BulkRequest {
  if (!isObject(body)) throw invalidSyntax("The body must be a JSON object that is a BulkRequest.");
  if (!listsSchema(body, bulkRequestUrn))
    throw invalidSyntax(`"schemas" must be a list that has "${bulkRequestUrn}".`);

  const operations = memberOf(body, "Operations");
  if (!isArray(operations)) throw invalidSyntax(`"Operations" must be a list of operations.`);
  checkLimits(operations.length, body);

  const failOnErrors = readFailOnErrors(memberOf(body, "failOnErrors"));
  const surroundings = { repeated: repeatedBulkIds(operations), baseUrl };
  return {
    failOnErrors,
    operations: operations.map((operation) => readOperation(operation, surroundings)),
  };
}

/** The size is that of the body without whitespace, which is never more than what was sent. */
function checkLimits(operations: number, body: Json): void {
  const { maxOperations, maxPayloadSize } = bulkLimits;
  if (operations > maxOperations) {
    throw tooLarge(
      `The request has ${operations} operations, which exceeds maxOperations (${maxOperations}); send several.`,
    );
  }
  const bytes = Buffer.byteLength(JSON.stringify(body));
  if (bytes > maxPayloadSize) {
    throw tooLarge(
      `The request has ${bytes} bytes, which exceeds maxPayloadSize (${maxPayloadSize}); send several.`,
    );
  }
}

function readFailOnErrors(given: Json | undefined): number {
  // Some clients write 0 where they accept any number of errors.
  if (given === undefined || given === null || given === 0) return Number.POSITIVE_INFINITY;
  if (typeof given === "number" && Number.isInteger(given) && given >= 1) return given;
  throw invalidValue(
    "failOnErrors must be an integer of 1 or more; leave it out to run everything.",
  );
}

/** A bulkId that several operations have names none of them. */
function repeatedBulkIds(operations: readonly Json[]): ReadonlySet<Json> {
  const seen = new Set<Json>();
  const repeated = new Set<Json>();
  for (const operation of operations) {
    const bulkId = isObject(operation) ? memberOf(operation, "bulkId") : undefined;
    if (bulkId === undefined) continue;
    if (seen.has(bulkId)) repeated.add(bulkId);
    seen.add(bulkId);
  }
  return repeated;
}
