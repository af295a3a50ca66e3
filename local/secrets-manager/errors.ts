/** An error as Secrets Manager itself answers it: always HTTP 400, told apart by its type. */
export class SecretsManagerError extends Error {
  override readonly name = "SecretsManagerError";

  readonly type: string;
  readonly status: number;

  constructor(type: string, message: string, status = 400) {
    super(message);
    this.type = type;
    this.status = status;
  }
}

export const resourceExists = (message: string) =>
  new SecretsManagerError("ResourceExistsException", message);

export const resourceNotFound = (what = "") =>
  new SecretsManagerError(
    "ResourceNotFoundException",
    `Secrets Manager can't find the specified secret${what}.`,
  );

export const invalidParameter = (message: string) =>
  new SecretsManagerError("InvalidParameterException", message);

export const invalidRequest = (message: string) =>
  new SecretsManagerError("InvalidRequestException", message);

export const limitExceeded = (message: string) =>
  new SecretsManagerError("LimitExceededException", message);

export const validation = (message: string) =>
  new SecretsManagerError("ValidationException", message);

export const serialization = (message: string) =>
  new SecretsManagerError("SerializationException", message);

export const unknownOperation = () =>
  new SecretsManagerError("UnknownOperationException", "The requested operation is not supported.");
