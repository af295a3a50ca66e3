import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type LocalRun, startLocalRun } from "../support/local-run.ts";
import { ended, launcher } from "../support/rollcall-command.ts";

const root = join(import.meta.dirname, "../..");
const documents = ["README.md", ...readdirSync(join(root, "docs")).map((name) => `docs/${name}`)]
  .filter((name) => name.endsWith(".md"))
  .map((name) => ({ name, text: readFileSync(join(root, name), "utf8") }));

/** Every command of a document, from its blocks of shell. */
function commandsOf(text: string): string[] {
  const blocks = [...text.matchAll(/```sh\n(.*?)```/gs)].map(([, block = ""]) => block);
  return blocks.flatMap((block) =>
    block
      .replaceAll("\\\n", " ")
      .split(/\n|&&/)
      .map((line) => line.trim().replaceAll(/\s+/g, " "))
      .filter((line) => line !== ""),
  );
}

const commands = documents.flatMap(({ name, text }) =>
  commandsOf(text).map((command) => ({ name, command })),
);

const beginningWith = (beginning: string) =>
  commands.filter(({ command }) => command.startsWith(beginning));

const kinds = [
  "npm ",
  "npx cdk ",
  "npx rollcall ",
  "curl ",
  "aws lambda invoke ",
  "ADMIN=$(aws cloudformation ",
];

const sh = (command: string, env: Readonly<Record<string, string>> = {}) =>
  promisify(execFile)("sh", ["-c", command], { cwd: root, env: { ...process.env, ...env } });

let run: LocalRun;
beforeAll(async () => {
  run = await startLocalRun();
});
afterAll(() => run.stop());

test("every command in the documents is of a kind that is tested here", () => {
  const others = commands.filter(({ command }) => !kinds.some((kind) => command.startsWith(kind)));
  expect(others).toEqual([]);
  expect(commands.length).toBeGreaterThan(12);
});

test("every npm script that is named exists", () => {
  const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const named = documents.flatMap(({ text }) => [
    ...text.matchAll(/npm (?:run ([\w-]+)|(test|start))/g),
  ]);
  for (const [, script, short] of named) expect(scripts).toHaveProperty([script ?? short ?? ""]);
});

test.each(beginningWith("curl "))("$command", async ({ command }) => {
  const env = { TOKEN: run.token, TENANT_URL: run.tenantUrl };
  const { stdout } = await sh(`${command} --silent --fail-with-body`, env);
  const isList = command.includes("/Users");
  expect(JSON.parse(stdout)).toMatchObject(
    isList ? { totalResults: 0 } : { sort: { supported: true } },
  );
});

test.each(beginningWith("npm run entra"))(
  "$command",
  async ({ command }) => {
    // Without a URL it goes to whichever local run began last; this names the one that it shall be.
    const options = command.slice("npm run entra".length).replace(/^ --/, "");
    const { stdout } = await sh(`npm run entra -- ${options} --url "$TENANT_URL"`, {
      TENANT_URL: run.tenantUrl,
      ROLLCALL_TOKEN: run.token,
    });
    expect(stdout).toContain("Every user and group at the endpoint is as its source says");
  },
  180_000,
);

/** Documented already; the service learns them, or a field of them. Each is refused until it does, and then has to leave this list. */
const messagesToCome = [
  "tenant show",
  "tenant set",
  "tenant suspend",
  "tenant resume",
  "tenant delete",
  "tenant restore",
  "token whois",
  "token revoke",
  "user list acme",
  "user erase",
  "stats",
];

describe("what an operator sends, by the command or the AWS CLI,", () => {
  /** Of each document, the first token that it issues; it has every scope. */
  const firstTokens = new Map<string, { readonly token: string; readonly tokenId: string }>();
  let lastTokenId = "";
  let userId = "";

  /** The command as it is typed, for a tenant of the document's own: each starts from nothing, in the one local run. */
  async function filledIn(command: string, name: string): Promise<string> {
    const first = firstTokens.get(name);
    if (/user deleted|user\.listDeleted/.test(command) && userId === "")
      userId = await deleteAUser(first?.token ?? "");
    return command
      .replace(/\b(acme|globex|initech)\b/, `$1-${name.length}`)
      .replace("OLD_TOKEN_ID", first?.tokenId ?? "")
      .replace("TOKEN_ID", lastTokenId)
      .replace("USER_ID", userId);
  }

  function remember(name: string, { token, tokenId }: Readonly<Record<string, unknown>>): void {
    if (typeof token !== "string" || typeof tokenId !== "string") return;
    lastTokenId = tokenId;
    if (!firstTokens.has(name)) firstTokens.set(name, { token, tokenId });
  }

  /** A user that is deleted is what there is to be listed and restored. */
  async function deleteAUser(token: string): Promise<string> {
    const send = (path: string, method: string, body?: object) =>
      fetch(`${run.tenantUrl}/Users${path}`, {
        method,
        headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/scim+json" },
        ...(body && { body: JSON.stringify(body) }),
      });
    const schemas = ["urn:ietf:params:scim:schemas:core:2.0:User"];
    const created = await send("", "POST", { schemas, userName: "ada@example.com" });
    const { id } = (await created.json()) as { id: string };
    expect((await send(`/${id}`, "DELETE")).status).toBe(204);
    return id;
  }

  const sent = commands.filter(({ command }) => /^(aws lambda invoke|npx rollcall) /.test(command));
  test.each(sent)("$command", async ({ command, name }) => {
    const line = await filledIn(command, name);
    if (line.startsWith("npx rollcall")) return rollcallLine(line, name);

    const form =
      /^aws lambda invoke --function-name "\$ADMIN" --cli-binary-format raw-in-base64-out --payload '(.*)' \/dev\/stdout$/;
    const { fault, answer } = await invokeAdmin(form.exec(line)?.[1] ?? "");
    expect(fault).toBeUndefined();
    expect(answer).toMatchObject({ ok: true });
    remember(name, answer);
  });

  async function rollcallLine(line: string, name: string) {
    const isHelp = line.includes("--help");
    const typed = line.replace("npx rollcall", launcher) + (isHelp ? "" : " --json --yes");
    const token = firstTokens.get(name)?.token;
    const { code, out, err } = await ended("sh", ["-c", typed], run.env, token);
    if (messagesToCome.some((beginning) => line.startsWith(`npx rollcall ${beginning}`))) {
      expect(JSON.parse(out)).toMatchObject({ ok: false, error: { code: "invalidMessage" } });
      return;
    }
    expect({ code, err }).toEqual({ code: 0, err: expect.any(String) });
    if (isHelp) return;
    const answer = JSON.parse(out);
    expect(answer).toMatchObject({ ok: true });
    remember(name, answer);
  }
});

async function invokeAdmin(payload: string) {
  const lambda = new LambdaClient({
    endpoint: run.env.AWS_ENDPOINT_URL_LAMBDA ?? "",
    region: run.env.AWS_REGION ?? "",
    credentials: {
      accessKeyId: run.env.AWS_ACCESS_KEY_ID ?? "",
      secretAccessKey: run.env.AWS_SECRET_ACCESS_KEY ?? "",
    },
  });
  const { FunctionError: fault, Payload } = await lambda.send(
    new InvokeCommand({
      FunctionName: run.env.ROLLCALL_ADMIN_FUNCTION,
      Payload: Buffer.from(payload),
    }),
  );
  lambda.destroy();
  return { fault, answer: JSON.parse(Buffer.from(Payload ?? []).toString()) };
}

test.each(beginningWith("npx cdk "))("$command exists, with its options", async ({ command }) => {
  const [verb = "", ...options] = command.slice("npx cdk ".length).split(" ");
  const { stdout } = await sh(`node_modules/.bin/cdk ${verb} --help`);
  expect(stdout).toContain(`cdk ${verb}`);
  for (const option of options) expect(stdout).toContain(option);
});

test("the output that operators ask CloudFormation for is one of the stack's", () => {
  const [{ command } = { command: "" }] = beginningWith("ADMIN=$(aws cloudformation ");
  const key = /OutputKey=='(\w+)'/.exec(command)?.[1];
  const stack = /--stack-name (\w+)/.exec(command)?.[1];
  expect(key).toBe("AdminFunctionName");
  expect(readFileSync(join(root, "lib/rollcall-stack.ts"), "utf8")).toContain(`"${key}"`);
  expect(readFileSync(join(root, "lib/settings.ts"), "utf8")).toContain(`.default("${stack}")`);
});

test("every file that a document links to exists", () => {
  const links = documents.flatMap(({ name, text }) =>
    [...text.matchAll(/\]\(((?!http)[^)#]+)\)/g)].map(([, path = ""]) => join(dirname(name), path)),
  );
  expect(links.length).toBeGreaterThan(2);
  for (const path of links) expect(() => readFileSync(join(root, path))).not.toThrow();
});
