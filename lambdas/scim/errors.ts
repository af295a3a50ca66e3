/** The error keywords of RFC 7644, section 3.12, and RFC 9865, section 2.1. */
export type ScimType =
  | "invalidFilter"
  | "tooMany"
  | "uniqueness"
  | "mutability"
  | "invalidSyntax"
  | "invalidPath"
  | "noTarget"
  | "invalidValue"
  | "invalidVers"
  | "sensitive"
  | "invalidCursor"
  | "expiredCursor"
  | "invalidCount";

/**
 * A refusal that the client is meant to read: `detail` says what is at fault
 * and how to mend it, and carries nothing internal (RFC 7644, section 3.12).
 */
export class ScimError extends Error {
  override readonly name = "ScimError";

  readonly status: number;
  readonly detail: string;
  readonly scimType: ScimType | undefined;
  /** How long the client should wait before it asks again, where waiting helps. */
  readonly retryAfterSeconds: number | undefined;

  constructor(status: number, detail: string, scimType?: ScimType, retryAfterSeconds?: number) {
    super(detail);
    this.status = status;
    this.detail = detail;
    this.scimType = scimType;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

export const invalidSyntax = (detail: string) => new ScimError(400, detail, "invalidSyntax");

export const invalidFilter = (detail: string) => new ScimError(400, detail, "invalidFilter");

export const invalidPath = (detail: string) => new ScimError(400, detail, "invalidPath");

export const invalidValue = (detail: string) => new ScimError(400, detail, "invalidValue");

export const noTarget = (detail: string) => new ScimError(400, detail, "noTarget");

export const mutability = (detail: string) => new ScimError(400, detail, "mutability");

export const tooMany = (detail: string) => new ScimError(400, detail, "tooMany");

export const invalidCursor = (detail: string) => new ScimError(400, detail, "invalidCursor");

export const expiredCursor = (detail: string) => new ScimError(400, detail, "expiredCursor");

export const invalidCount = (detail: string) => new ScimError(400, detail, "invalidCount");

export const uniqueness = (attribute: string, value: string) =>
  new ScimError(
    409,
    `Another resource has ${attribute} "${value.slice(0, 200)}"; send another.`,
    "uniqueness",
  );

export const notFound = (resourceType: string, id: string) =>
  new ScimError(404, `${resourceType} "${id.slice(0, 200)}" does not exist, or no longer does.`);

export const preconditionFailed = (detail: string) => new ScimError(412, detail);

export const tooLarge = (detail: string) => new ScimError(413, detail);

export const notImplemented = (what: string) =>
  new ScimError(501, `${what} is not supported by this service yet.`);

/** Another writer was first: whoever meets it reads again and decides again. It is never shown to a client. */
export class Conflict extends Error {
  override readonly name = "Conflict";
}

/** Something behind the service is busy or away; the same request may succeed later. */
export const unavailable = (detail: string, retryAfterSeconds: number) =>
  new ScimError(503, detail, undefined, retryAfterSeconds);
