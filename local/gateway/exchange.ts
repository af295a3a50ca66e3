import type { IncomingMessage } from "node:http";

/** A call to AWS, read whole. */
export interface Call {
  readonly method: string;
  /** With the query. */
  readonly url: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: Buffer;
}

/** What the caller gets; a stream is passed on as it comes. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: string | Buffer | NodeJS.ReadableStream;
}

/** A service behind the gateway. */
export type Service = (call: Call) => Promise<Answer>;

/** Thrown for a call whose connection is to end without an answer. */
export class ConnectionLost extends Error {
  override readonly name = "ConnectionLost";
}

/** An error that the SDK turns into an exception of that name, in AWS's JSON protocols. */
export const jsonError = (
  status: number,
  type: string,
  message: string,
  contentType = "application/x-amz-json-1.1",
): Answer => ({
  status,
  headers: { "Content-Type": contentType },
  body: JSON.stringify({ __type: type, message, Message: message }),
});

/** The same in the protocol that Lambda speaks. */
export const restError = (status: number, type: string, message: string): Answer => ({
  status,
  headers: { "Content-Type": "application/json", "x-amzn-ErrorType": type },
  body: JSON.stringify({ Type: status < 500 ? "User" : "Service", Message: message, message }),
});
