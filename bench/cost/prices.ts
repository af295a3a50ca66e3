/**
 * AWS's list prices in us-east-1, in dollars, as of November 2026, without free tiers:
 * https://aws.amazon.com/api-gateway/pricing/, …/lambda/pricing/, …/dynamodb/pricing/on-demand/,
 * …/secrets-manager/pricing/, …/eventbridge/pricing/ and …/cloudwatch/pricing/.
 */
export const prices = {
  asOf: "November 2026",
  perMillion: {
    /** API Gateway, REST. */
    requests: 3.5,
    invocations: 0.2,
    readUnits: 0.125,
    writeUnits: 0.625,
    /** Calls to Secrets Manager. */
    secretCalls: 5,
    /** Invocations by a schedule. */
    scheduled: 1,
  },
  /** Lambda on arm64. */
  perGbSecond: 0.0000133334,
  /** What is written to the logs. */
  perGbOfLogs: 0.5,
  monthly: {
    secret: 0.4,
    gbStored: 0.25,
    /** Backups of the last 35 days, by the table's size. */
    gbProtected: 0.2,
  },
} as const;

/** What is assumed of Lambda and logs, which are not measured: they depend on AWS's machines. */
export const assumed = {
  memoryGb: 1,
  /** A request's own work, and what it waits for each round trip. */
  milliseconds: { request: 5, roundTrip: 8 },
  /** The line that a request leaves, and those of Lambda itself. */
  logBytes: 1500,
} as const;
