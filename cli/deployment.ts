/** A deployment of Rollcall that commands act on. */
export interface Deployment {
  /** How an operator knows it, in a question: `stack Rollcall in account 123456789012, eu-west-1`. */
  readonly name: string;
  /** Its admin function, as its name or ARN. */
  readonly functionName: string;
  readonly region: string;
  /** What a customer pastes into Entra; undefined where only the function is known. */
  readonly tenantUrl: string | undefined;
  /** What has led to it. */
  readonly foundBy: string;
}
