import { createHash } from "node:crypto";
import type { FunctionSpec } from "../template/functions.ts";
import type { Statement } from "../template/policies.ts";
import { account } from "../template/pseudo-parameters.ts";
import { judge, type Need } from "./iam.ts";

/** Who signs with an access key, and what they may do. */
export interface Caller {
  readonly arn: string;
  /** Why the caller may not, as AWS words it; undefined where they may. */
  refusal(needs: readonly Need[]): string | undefined;
}

/** The access key of the person at the terminal, who may do everything. DynamoDB takes letters and digits only. */
export const personsKey = "ROLLCALLLOCALPERSON1";

/** A secret key that opens nothing: signatures are not checked here. */
export const dummySecretKey = "notASecretOnlyForThisMachine0000000000000";

/** The access key with which a function signs. */
export const functionsKey = (functionName: string): string =>
  `ASIA${createHash("sha256").update(functionName).digest("hex").slice(0, 16).toUpperCase()}`;

/** All callers by their access keys. */
export function callersOf(
  functions: readonly FunctionSpec[],
  policies: ReadonlyMap<string, readonly Statement[]>,
): ReadonlyMap<string, Caller> {
  const person: Caller = { arn: `arn:aws:iam::${account}:root`, refusal: () => undefined };
  return new Map([
    [personsKey, person],
    ...functions.map(
      (spec) =>
        [functionsKey(spec.name), functionCaller(spec, policies.get(spec.roleName) ?? [])] as const,
    ),
  ]);
}

function functionCaller(spec: FunctionSpec, statements: readonly Statement[]): Caller {
  const arn = `arn:aws:sts::${account}:assumed-role/${spec.roleName}/${spec.name}`;
  return {
    arn,
    refusal: (needs) => {
      for (const need of needs) {
        const verdict = judge(statements, need);
        if (verdict === "allowed") continue;
        const because =
          verdict === "denied"
            ? "with an explicit deny in an identity-based policy"
            : `because no identity-based policy allows the ${need.action} action`;
        return `User: ${arn} is not authorized to perform: ${need.action} on resource: ${need.resource} ${because}`;
      }
      return undefined;
    },
  };
}

/** The access key that a request was signed with (Signature Version 4). */
export function accessKeyOf(authorization: string | undefined): string | undefined {
  return /^AWS4-HMAC-SHA256 .*?Credential=([^/,\s]+)\//.exec(authorization ?? "")?.[1];
}
