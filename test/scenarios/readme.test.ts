import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type LocalRun, startLocalRun } from "../support/local-run.ts";

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

const kinds = ["npm ", "npx cdk ", "curl ", "aws lambda invoke ", "ADMIN=$(aws cloudformation "];

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

describe("aws lambda invoke", () => {
  let tokenId = "";
  /** Of each document, the first token that it issues; it has every scope. */
  const tokens = new Map<string, string>();
  let userId = "";

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

  test.each(beginningWith("aws lambda invoke"))("$command", async ({ command, name }) => {
    const form =
      /^aws lambda invoke --function-name "\$ADMIN" --cli-binary-format raw-in-base64-out --payload '(.*)' \/dev\/stdout$/;
    const payload = form.exec(command)?.[1] ?? "";
    const lambda = new LambdaClient({
      endpoint: run.env.AWS_ENDPOINT_URL_LAMBDA ?? "",
      region: run.env.AWS_REGION ?? "",
      credentials: {
        accessKeyId: run.env.AWS_ACCESS_KEY_ID ?? "",
        secretAccessKey: run.env.AWS_SECRET_ACCESS_KEY ?? "",
      },
    });
    if (payload.includes("user.listDeleted")) userId = await deleteAUser(tokens.get(name) ?? "");
    // Each document starts from nothing, in the one local run.
    const tenantOf = (text: string) => text.replace('"acme"', `"acme-${name.length}"`);
    const { FunctionError, Payload } = await lambda.send(
      new InvokeCommand({
        FunctionName: run.env.ROLLCALL_ADMIN_FUNCTION,
        Payload: Buffer.from(
          tenantOf(payload).replace("TOKEN_ID", tokenId).replace("USER_ID", userId),
        ),
      }),
    );
    lambda.destroy();

    expect(FunctionError).toBeUndefined();
    const answer = JSON.parse(Buffer.from(Payload ?? []).toString());
    expect(answer).toMatchObject({ ok: true });
    if (typeof answer.tokenId === "string") tokenId = answer.tokenId;
    if (typeof answer.token === "string" && !tokens.has(name)) tokens.set(name, answer.token);
  });
});

test.each(beginningWith("npx cdk "))("$command exists, with its options", async ({ command }) => {
  const [verb = "", ...options] = command.slice("npx cdk ".length).split(" ");
  const { stdout } = await sh(`node_modules/.bin/cdk ${verb} --help`);
  expect(stdout).toContain(`cdk ${verb}`);
  for (const option of options) expect(stdout).toContain(option);
});

test("the output that the README asks CloudFormation for is one of the stack's", () => {
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
