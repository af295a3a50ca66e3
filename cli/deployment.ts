/** A deployment of Rollcall that commands act on. */
export interface Deployment {
  /** How an operator knows it, in a question or a heading: `stack Rollcall (eu-west-1)`, `local run`. */
  readonly name: string;
  /** Its admin function, as its name or ARN. */
  readonly functionName: string;
  readonly region: string;
  /** What a customer pastes into Entra; undefined where only the function is known. */
  readonly tenantUrl: string | undefined;
}
