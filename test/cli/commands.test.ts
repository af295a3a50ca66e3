import { randomBytes } from "node:crypto";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { adminFunction } from "../../cli/admin-function.ts";
import type { CommandContext, TextStream } from "../../cli/command-context.ts";
import { usageError } from "../../cli/command-error.ts";
import { createProgram, type GlobalOptions } from "../../cli/program.ts";
import { formatToken, hashToken } from "../../lambdas/auth/token.ts";
import { type AwsStandIn, startAwsStandIn } from "../support/aws-stand-in.ts";

let aws: AwsStandIn;
let lambda: LambdaClient;
beforeAll(async () => {
  aws = await startAwsStandIn();
});
beforeEach(() => {
  aws.answer({ body: { ok: true } });
  lambda = new LambdaClient({
    endpoint: aws.url,
    region: "eu-west-1",
    credentials: { accessKeyId: "key", secretAccessKey: "secret" },
  });
});
afterAll(() => aws.stop());

interface Session {
  /** What is answered to questions in turn; where nothing is left nobody is there. */
  readonly answers?: readonly string[];
  readonly input?: string;
  readonly columns?: number;
}

/** Runs a command line in this process, against Lambda's protocol over HTTP. */
async function run(line: string, { answers = [], input, columns }: Session = {}) {
  const written = { out: "", err: "" };
  const questions: string[] = [];
  const waiting = [...answers];
  const ask = async (question: string, otherwise: string) => {
    questions.push(question);
    const answer = waiting.shift();
    if (answer === undefined) throw usageError(`${question} ${otherwise}`);
    return answer;
  };
  const agree = async (question: string, option: string) => {
    if ((await ask(question, option)) !== "yes") throw usageError("Nothing was done.");
  };
  const stream = (name: "out" | "err"): TextStream => ({
    write: (text) => {
      written[name] += text;
    },
    ...(columns !== undefined && { isTTY: true, columns }),
  });
  const note = (text: string) => {
    written.err += `${text}\n`;
  };

  const makeContext = ({ json, yes }: GlobalOptions): CommandContext => ({
    deployment: async () => ({
      name: "stack Rollcall in account 123456789012, eu-west-1",
      functionName: "admin",
      region: "eu-west-1",
      tenantUrl: "https://example.com/scim/v2",
      foundBy: "the test",
    }),
    admin: async () => adminFunction(lambda, "admin", note),
    json: json === true,
    yes: yes === true,
    out: stream("out"),
    err: stream("err"),
    ask: {
      agree: async (question) => (yes ? undefined : agree(question, "--yes")),
      agreeExpressly: agree,
      choose: (question, _, otherwise) => ask(question, otherwise),
      secret: ask,
    },
    readInput: async () => input,
  });
  const program = createProgram(makeContext, { writeErr: note });
  const sent = aws.messages.length;
  const error: unknown = await program
    .parseAsync(line.split(" "), { from: "user" })
    .then(() => undefined)
    .catch((thrown: unknown) => thrown);
  return { ...written, questions, error, messages: aws.messages.slice(sent) };
}

const refusal = (code: string, message = `Refused: ${code}.`) => ({
  body: { ok: false, error: { code, message } },
});

describe("each command sends its message", () => {
  const id = "019ab5c7-4b1e-7c3d-9f10-2a6b8c4d5e6f";
  test.each([
    {
      line: "tenant create acme seatLimit=500 requiredAttributes=emails,name.familyName",
      message: {
        action: "tenant.create",
        tenant: "acme",
        settings: { seatLimit: 500, requiredAttributes: ["emails", "name.familyName"] },
      },
    },
    { line: "tenant create acme", message: { action: "tenant.create", tenant: "acme" } },
    { line: "tenant list", message: { action: "tenant.list" } },
    { line: "tenant list --erased", message: { action: "tenant.list", erased: true } },
    { line: "tenant show acme", message: { action: "tenant.show", tenant: "acme" } },
    {
      line: "tenant set acme seatLimit= tombstoneDays=90",
      message: {
        action: "tenant.set",
        tenant: "acme",
        settings: { seatLimit: null, tombstoneDays: 90 },
      },
    },
    {
      line: "tenant set acme patchAnswers.groups=resource patchAnswers.users=",
      message: {
        action: "tenant.set",
        tenant: "acme",
        settings: { patchAnswers: { groups: "resource", users: null } },
      },
    },
    {
      line: "tenant suspend acme --reason unpaid --yes",
      message: { action: "tenant.suspend", tenant: "acme", reason: "unpaid" },
    },
    { line: "tenant resume acme", message: { action: "tenant.resume", tenant: "acme" } },
    {
      line: "tenant delete acme --yes",
      message: { action: "tenant.delete", tenant: "acme", keepDays: 30 },
    },
    {
      line: "tenant delete acme --keep-days 0 --yes",
      message: { action: "tenant.delete", tenant: "acme", keepDays: 0 },
    },
    { line: "tenant restore acme", message: { action: "tenant.restore", tenant: "acme" } },
    { line: "stats acme", message: { action: "tenant.stats", tenant: "acme" } },
    {
      line: "stats acme --count",
      message: { action: "tenant.stats", tenant: "acme", count: true },
    },
    {
      line: "token issue acme --name Entra --scope users:read groups:read --expires-in-days 90",
      message: {
        action: "token.issue",
        tenant: "acme",
        name: "Entra",
        scopes: ["users:read", "groups:read"],
        expiresInDays: 90,
      },
    },
    {
      line: "token issue acme --expires-at 2027-06-30",
      message: { action: "token.issue", tenant: "acme", expiresAt: "2027-06-30T00:00:00.000Z" },
    },
    { line: "token list acme", message: { action: "token.list", tenant: "acme" } },
    {
      line: "token rotate acme k3x9q0v7ab --overlap 3d",
      message: {
        action: "token.rotate",
        tenant: "acme",
        tokenId: "k3x9q0v7ab",
        overlapHours: 72,
      },
    },
    {
      line: "token revoke acme k3x9q0v7ab --yes",
      message: { action: "token.revoke", tenant: "acme", tokenId: "k3x9q0v7ab" },
    },
    {
      line: "token revoke acme k3x9q0v7ab --yes --even-if-used",
      message: { action: "token.revoke", tenant: "acme", tokenId: "k3x9q0v7ab", confirm: true },
    },
    { line: "user list acme", message: { action: "user.list", tenant: "acme" } },
    { line: "user deleted acme", message: { action: "user.listDeleted", tenant: "acme" } },
    { line: `user restore acme ${id}`, message: { action: "user.restore", tenant: "acme", id } },
    { line: `user erase acme ${id} --yes`, message: { action: "user.erase", tenant: "acme", id } },
    {
      line: "user erase acme ada@example.com --yes",
      message: { action: "user.erase", tenant: "acme", userName: "ada@example.com" },
    },
  ])("$line", async ({ line, message }) => {
    const { messages, error } = await run(line);
    expect(error).toBeUndefined();
    expect(messages).toEqual([message]);
  });
});

describe("what cannot be undone is asked first, with the deployment's name", () => {
  test.each([
    "tenant suspend acme",
    "tenant delete acme",
    "token rotate acme k3x9q0v7ab --overlap 0",
    "token revoke acme k3x9q0v7ab",
    "user erase acme ada@example.com",
  ])("%s", async (line) => {
    const refused = await run(line, { answers: ["no"] });
    expect(refused.messages).toEqual([]);
    expect(refused.error).toMatchObject({ exitCode: 2 });
    expect(refused.questions).toEqual([
      expect.stringContaining('"acme" of stack Rollcall in account 123456789012, eu-west-1'),
    ]);

    const agreed = await run(line, { answers: ["yes"] });
    expect(agreed.messages).toHaveLength(1);
    expect(agreed.error).toBeUndefined();
  });
});

describe("a token that was used just now", () => {
  const used = refusal("recentlyUsed", "Token k3x9q0v7ab was used 4 minutes ago.");

  test.each([
    { line: "token revoke acme k3x9q0v7ab", message: { action: "token.revoke" } },
    {
      line: "token rotate acme k3x9q0v7ab --overlap 0",
      message: { action: "token.rotate", overlapHours: 0 },
    },
  ])("is ended after a second question: $line", async ({ line, message }) => {
    aws.answer(used, { body: { ok: true } });
    const { messages, questions } = await run(line, { answers: ["yes", "yes"] });
    expect(questions[1]).toBe("Token k3x9q0v7ab was used 4 minutes ago. End it now anyway?");
    const ends = { ...message, tenant: "acme", tokenId: "k3x9q0v7ab" };
    expect(messages).toEqual([ends, { ...ends, confirm: true }]);
  });

  test("is not revoked by --yes alone", async () => {
    aws.answer(used);
    const { messages, questions, error } = await run("token revoke acme k3x9q0v7ab --yes");
    expect(messages).toHaveLength(1);
    expect(questions).toHaveLength(1);
    expect(error).toMatchObject({ message: expect.stringContaining("--even-if-used") });
  });
});

describe("rotating without naming the token", () => {
  const tokens = (...states: readonly string[]) => ({
    body: {
      ok: true,
      tokens: states.map((state, at) => ({ tokenId: `token${at}`, name: "Entra", state })),
    },
  });

  test("takes the only one that is active", async () => {
    aws.answer(tokens("revoked", "active"), { body: { ok: true } });
    const { messages } = await run("token rotate acme --overlap 72h");
    expect(messages[1]).toMatchObject({ action: "token.rotate", tokenId: "token1" });
  });

  test("asks which of several", async () => {
    aws.answer(tokens("active", "active"), { body: { ok: true } });
    const { messages } = await run("token rotate acme --overlap 72h", { answers: ["token0"] });
    expect(messages[1]).toMatchObject({ action: "token.rotate", tokenId: "token0" });
  });

  test("names them where nobody is there to choose, even with --yes", async () => {
    aws.answer(tokens("active", "active"));
    const { messages, error } = await run("token rotate acme --overlap 72h --yes");
    expect(messages).toHaveLength(1);
    expect(error).toMatchObject({ message: expect.stringContaining("token0, token1") });
  });

  test("says so where none is active", async () => {
    aws.answer(tokens("expired"));
    const { error } = await run("token rotate acme --overlap 72h");
    expect(error).toMatchObject({ code: "tokenNotActive", exitCode: 1 });
  });
});

describe("whose a token is", () => {
  const token = formatToken("acme", "k3x9q0v7ab", randomBytes);
  const message = {
    action: "token.whois",
    tenant: "acme",
    tokenId: "k3x9q0v7ab",
    sha256: hashToken(token),
  };

  test.each([
    { how: "an argument", line: `token whois ${token}`, session: {} },
    { how: "standard input", line: "token whois", session: { input: `${token}\n` } },
    { how: "a question", line: "token whois", session: { answers: [token] } },
  ])("is told for one from $how, without sending it", async ({ line, session }) => {
    const { messages } = await run(line, session);
    expect(messages).toEqual([message]);
  });

  test("is not asked where it is cut off", async () => {
    const { messages, error } = await run(`token whois ${token.slice(0, -1)}`);
    expect(messages).toEqual([]);
    expect(error).toMatchObject({ exitCode: 2 });
    expect(String(error)).not.toContain(token.slice(10, 40));
  });
});

describe("a list of several pages", () => {
  const pages = [
    { body: { ok: true, tenants: [{ tenant: "a" }, { tenant: "b" }], next: "b" } },
    { body: { ok: true, tenants: [{ tenant: "c" }] } },
  ];

  test("is printed whole as JSON", async () => {
    aws.answer(...pages);
    const { out, messages } = await run("tenant list --json");
    expect(JSON.parse(out)).toEqual({
      ok: true,
      tenants: [{ tenant: "a" }, { tenant: "b" }, { tenant: "c" }],
    });
    expect(messages[1]).toEqual({ action: "tenant.list", limit: 500, after: "b" });
  });

  test("shows people the first one, and says that there are more", async () => {
    aws.answer(...pages);
    const { out, err, messages } = await run("tenant list");
    expect(messages).toHaveLength(1);
    expect(out).not.toContain("\nc ");
    expect(err).toContain("--all");
  });

  test("ends where the service gives one page again and again", async () => {
    aws.answer({ body: { ok: true, tenants: [], next: "b" } });
    const { error, messages } = await run("tenant list --all");
    expect(error).toMatchObject({ code: "endlessList" });
    expect(messages).toHaveLength(2);
  });
});

test("the stats of all tenants are a table in which one that fails hides no other", async () => {
  const stats = (tenant: string, users: number) => ({ body: { ok: true, tenant, users } });
  aws.answer(
    { body: { ok: true, tenants: [{ tenant: "a" }, { tenant: "b" }] } },
    stats("a", 12),
    refusal("unknownTenant"),
  );
  const { out } = await run("stats");
  const [head, ...rows] = out.trim().split("\n");
  expect(head?.split(/\s+/)).toEqual(["tenant", "users", "error"]);
  expect(rows.join("\n")).toContain("unknownTenant");
  expect(rows).toHaveLength(2);
});

test("the stats of all tenants are refused where each one's are", async () => {
  aws.answer({ body: { ok: true, tenants: [{ tenant: "a" }] } }, refusal("invalidMessage"));
  expect((await run("stats")).error).toMatchObject({ code: "invalidMessage", exitCode: 1 });
});

test("what the service advises is said in commands", async () => {
  const advice =
    'Entra has switched; safe to revoke: {"action":"token.revoke","tenant":"acme","tokenId":"old"}.';
  aws.answer({ body: { ok: true, tokens: [{ tokenId: "new", name: "Entra", advice }] } });
  const { out } = await run("token list acme");
  expect(out).toContain(
    "new: Entra has switched; safe to revoke: `rollcall token revoke acme old`.",
  );
});

test("what a setting was and is is said, and nothing else", async () => {
  const changed = {
    seatLimit: { from: null, to: 500 },
    patchAnswers: {
      from: { users: "resource", groups: "noContent" },
      to: { users: "resource", groups: "resource" },
    },
  };
  aws.answer({ body: { ok: true, settings: { strictness: "rfc" }, changed, inForce: "Soon." } });
  expect((await run("tenant set acme seatLimit=500")).out).toBe(
    "seatLimit            (none) → 500\npatchAnswers.groups  noContent → resource\n\nSoon.\n",
  );
});

test("a token stands alone on standard output, and what to do with it beside it", async () => {
  aws.answer({
    body: { ok: true, tenant: "acme", tokenId: "k3x9q0v7ab", name: "Entra", token: "rc_acme_1" },
  });
  const { out, err } = await run("token issue acme");
  expect(out).toBe("rc_acme_1\n");
  expect(err).toContain("https://example.com/scim/v2");
});

test("a table is no wider than the terminal, and elsewhere is not cut", async () => {
  const userName = `${"long".repeat(30)}@example.com`;
  const page = { body: { ok: true, users: [{ id: "1", userName, deletedAt: "2026-11-24" }] } };
  aws.answer(page);
  const onTerminal = await run("user deleted acme", { columns: 80 });
  expect(Math.max(...onTerminal.out.split("\n").map((line) => plain(line).length))).toBe(80);

  const elsewhere = await run("user deleted acme");
  expect(elsewhere.out).toContain(userName);
  expect(elsewhere.out).toBe(plain(elsewhere.out));
});

describe("what goes wrong ends with one text and an exit code", () => {
  const awsError = (status: number, type: string, message: string) => ({
    status,
    headers: { "x-amzn-ErrorType": type },
    body: { message },
  });
  test.each([
    {
      what: "a refusal by the service",
      reply: refusal("unknownTenant"),
      expected: { exitCode: 1, code: "unknownTenant" },
    },
    {
      what: "a function that failed, with its request id",
      reply: {
        headers: { "X-Amz-Function-Error": "Unhandled" },
        body: { errorType: "Sandbox.Timedout", errorMessage: "Task timed out after 60.00 seconds" },
      },
      expected: { exitCode: 4, message: expect.stringMatching(/timed out.*request-1/) },
    },
    {
      what: "a right that is missing, by its name",
      reply: awsError(403, "AccessDeniedException", "User: x is not authorized to perform: y"),
      expected: { exitCode: 3, message: expect.stringContaining("not authorized to perform: y") },
    },
    {
      what: "credentials of nobody",
      reply: awsError(403, "UnrecognizedClientException", "The security token is invalid."),
      expected: { exitCode: 3, code: "wrongCredentials" },
    },
    {
      what: "a session that has ended",
      reply: awsError(403, "ExpiredTokenException", "The security token is expired"),
      expected: { exitCode: 3, code: "expiredCredentials" },
    },
    {
      what: "a function that is not there",
      reply: awsError(404, "ResourceNotFoundException", "Function not found: admin"),
      expected: { exitCode: 3, code: "noDeployment" },
    },
    {
      what: "another function than admin",
      reply: { body: "hello" },
      expected: { exitCode: 4, code: "unreadableAnswer" },
    },
    {
      what: "an error of AWS that nobody foresaw, by its name",
      reply: awsError(400, "KMSDisabledException", "Lambda could not decrypt"),
      expected: { exitCode: 4, message: expect.stringContaining("KMSDisabledException") },
    },
  ])("$what", async ({ reply, expected }) => {
    aws.answer(reply);
    const { error, out } = await run("tenant list");
    expect(error).toMatchObject({ name: "CommandError", ...expected });
    expect(out).toBe("");
  });
});

test("a command whose answer was lost is sent again, and the operator told of it", async () => {
  aws.answer({ body: {}, isLost: true }, { body: { ok: true, token: "rc_acme_1" } });
  const { messages, err, out } = await run("token issue acme");
  expect(messages).toHaveLength(2);
  expect(out).toBe("rc_acme_1\n");
  expect(err).toContain("may have been carried out more than once");
});

test("what a customer's data has for a terminal never reaches it", async () => {
  const escape = String.fromCodePoint(27);
  aws.answer({ body: { ok: true, users: [{ id: "1", userName: `ada${escape}[2J\u202E\r` }] } });
  const { out } = await run("user list acme");
  expect(out).toContain("ada\uFFFD[2J\uFFFD\uFFFD");
});

describe("a command line that makes no sense is refused before anything is sent", () => {
  test.each([
    "tenant create Acme",
    "tenant create acme seatLimit=",
    "tenant set acme",
    "tenant delete acme --keep-days 31",
    "token issue acme --scope users:all",
    "token issue acme --expires-in-days 9 --expires-at 2027-06-30",
    "token rotate acme",
    "tenant list --local --stack Rollcall",
    "tenant list --stack Rollcall --function admin",
    "nonsense",
  ])("%s", async (line) => {
    const { messages, error } = await run(line);
    expect(messages).toEqual([]);
    expect(error).toBeInstanceOf(Error);
  });
});

const plain = (text: string) =>
  text.replaceAll(new RegExp(`${String.fromCodePoint(27)}\\[[\\d;]*m`, "g"), "");
