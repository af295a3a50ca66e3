import { expect, test } from "@jest/globals";
import { tellAwsError } from "../../cli/aws-errors.ts";

const named = (name: string, message: string) => Object.assign(new Error(message), { name });
const coded = (code: string) => Object.assign(new Error(`connect ${code}`), { code });

/** As the SDK and Node word them. */
test.each([
  {
    error: named(
      "CredentialsProviderError",
      "The SSO session associated with this profile has expired. To refresh this SSO session run 'aws sso login' with the corresponding profile.",
    ),
    expected: { exitCode: 3, code: "expiredCredentials" },
  },
  {
    error: named("TokenProviderError", "Token is expired. To refresh this SSO session run …"),
    expected: { exitCode: 3, code: "expiredCredentials" },
  },
  {
    error: named("CredentialsProviderError", "Could not load credentials from any providers"),
    expected: { exitCode: 3, code: "noCredentials" },
  },
  {
    error: new Error("Region is missing"),
    expected: { exitCode: 3, code: "noRegion" },
  },
  {
    error: named(
      "AccessDenied",
      "User: arn:aws:sts::123456789012:assumed-role/AWSReservedSSO_ReadOnly/ada is not authorized to perform: cloudformation:DescribeStacks",
    ),
    expected: { exitCode: 3, code: "noPermission" },
  },
  { error: coded("ENOTFOUND"), expected: { exitCode: 4, code: "unreachable" } },
  {
    error: new AggregateError([coded("ECONNREFUSED"), coded("ECONNREFUSED")]),
    expected: { exitCode: 4, message: expect.stringContaining("Nobody listens there") },
  },
  {
    error: named("TimeoutError", "Request did not complete within 75000 ms"),
    expected: { exitCode: 4, message: expect.stringContaining("may or may not have been done") },
  },
  { error: "what is no error at all", expected: { exitCode: 4 } },
])("$error is told as something to do", ({ error, expected }) => {
  let told: unknown;
  try {
    tellAwsError(error);
  } catch (thrown) {
    told = thrown;
  }
  expect(told).toMatchObject({ name: "CommandError", ...expected });
  expect(String(told)).not.toContain("\n");
});
