import { CommandError, type ExitCode, exitCodes } from "./command-error.ts";

/** Says an error of an SDK as what an operator has to do. @throws CommandError always. */
export function tellAwsError(error: unknown): never {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  const codes = [name, ...codesOf(error)];
  const rule = rules.find(
    ({ is, says }) => codes.some((code) => is?.test(code)) || says?.test(message),
  );
  if (!rule) throw new CommandError(exitCodes.failed, name, `AWS answered ${name}: ${message}`);
  throw new CommandError(rule.exitCode, rule.code, `${rule.mend} (${oneLine(message)})`);
}

interface Rule {
  /** What the error's name, or the code of what caused it, is like. */
  readonly is?: RegExp;
  readonly says?: RegExp;
  readonly exitCode: ExitCode;
  readonly code: string;
  readonly mend: string;
}

/** The first that fits counts. */
const rules: readonly Rule[] = [
  {
    says: /region is missing/i,
    exitCode: exitCodes.noAccess,
    code: "noRegion",
    mend: "No region is known: give --region, or set AWS_REGION.",
  },
  {
    is: /^(TokenProviderError|SSOTokenProviderFailure|UnauthorizedException|ExpiredToken(Exception)?|RequestExpired)$/,
    exitCode: exitCodes.noAccess,
    code: "expiredCredentials",
    mend: "Your AWS session has ended: sign in again, as by `aws sso login` (with --profile if you use one).",
  },
  {
    says: /\bsso\b.*(expired|invalid|login)|(expired|invalid).*\bsso\b/i,
    exitCode: exitCodes.noAccess,
    code: "expiredCredentials",
    mend: "Your AWS session has ended: sign in again, as by `aws sso login` (with --profile if you use one).",
  },
  {
    is: /^CredentialsProviderError$/,
    exitCode: exitCodes.noAccess,
    code: "noCredentials",
    mend: "No AWS credentials were found: name a profile by --profile, or sign in as for the AWS CLI. For the local run, start it with `npm start`.",
  },
  {
    is: /^(InvalidClientTokenId|UnrecognizedClientException|InvalidSignatureException|SignatureDoesNotMatch|IncompleteSignature|InvalidAccessKeyId|AuthFailure|MissingAuthenticationToken)$/,
    exitCode: exitCodes.noAccess,
    code: "wrongCredentials",
    mend: "AWS does not accept these credentials: check the profile, AWS_ACCESS_KEY_ID in the environment, which may be that of a local run, and this machine's clock.",
  },
  {
    is: /^(AccessDenied(Exception)?|UnauthorizedOperation|OptInRequired|KMSAccessDeniedException)$/,
    exitCode: exitCodes.noAccess,
    code: "noPermission",
    mend: "These credentials may not do that: use others by --profile, or have the right granted; cloudformation:DescribeStacks is not needed where --function names the function.",
  },
  {
    is: /^ResourceNotFoundException$/,
    exitCode: exitCodes.noAccess,
    code: "noDeployment",
    mend: "There is no such function: check --function or ROLLCALL_ADMIN_FUNCTION, and the region.",
  },
  {
    is: /^RequestTooLargeException$/,
    exitCode: exitCodes.refused,
    code: "tooLarge",
    mend: "The message is larger than Lambda takes; nothing was done.",
  },
  {
    is: /^(ENOTFOUND|EAI_AGAIN)$/,
    exitCode: exitCodes.failed,
    code: "unreachable",
    mend: "AWS was not found: check the network, and the region for a slip of the pen.",
  },
  {
    is: /^ECONNREFUSED$/,
    exitCode: exitCodes.failed,
    code: "unreachable",
    mend: "Nobody listens there. If that is a local run which has ended, start it again, or unset ROLLCALL_ADMIN_FUNCTION and AWS_ENDPOINT_URL_LAMBDA.",
  },
  {
    is: /^(TimeoutError|ETIMEDOUT|ECONNRESET|EPIPE|EHOSTUNREACH|ENETUNREACH|NetworkingError)$/,
    exitCode: exitCodes.failed,
    code: "unreachable",
    mend: "No answer came. It may or may not have been done: look before you try again.",
  },
  {
    is: /^(TooManyRequestsException|Throttling(Exception)?|RequestLimitExceeded|SlowDown)$/,
    exitCode: exitCodes.failed,
    code: "throttled",
    mend: "AWS is asked too much at the moment; try again in a while.",
  },
];

/** Codes of the operating system, which SDKs hand on within causes, and several at once for names with several addresses. */
function codesOf(error: unknown): readonly string[] {
  if (!(error instanceof Error)) return [];
  const inner = [error.cause, ...(error instanceof AggregateError ? error.errors : [])];
  const own = "code" in error && typeof error.code === "string" ? [error.code] : [];
  return [...own, ...inner.flatMap(codesOf)];
}

const oneLine = (text: string) => text.replaceAll(/\s+/g, " ").trim();
