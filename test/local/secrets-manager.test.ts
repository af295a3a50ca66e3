import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  CreateSecretCommand,
  DeleteSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  ListSecretsCommand,
  ListSecretVersionIdsCommand,
  PutSecretValueCommand,
  RestoreSecretCommand,
  SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from "@aws-sdk/client-secrets-manager";
import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { createSecretsManager } from "../../local/secrets-manager/secrets-manager.ts";
import {
  type ServedSecretsManager,
  serveSecretsManager,
} from "../../local/secrets-manager/serve.ts";

const dayMs = 24 * 60 * 60 * 1000;
const clock = { now: Date.parse("2026-01-01T00:00:00Z") };
const core = createSecretsManager({ clock: () => clock.now });
let served: ServedSecretsManager;
let secrets: SecretsManagerClient;

/** A name that no other test uses. */
let Name: string;
let tests = 0;

beforeAll(async () => {
  served = await serveSecretsManager(core);
  secrets = new SecretsManagerClient({
    endpoint: served.endpoint,
    region: "us-east-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
    maxAttempts: 1,
  });
});
beforeEach(() => {
  Name = `rollcall/tenants/t${++tests}`;
});
afterAll(async () => {
  secrets.destroy();
  await served.stop();
});

const token = (n: number) => `${n}`.padStart(32, "0");
const create = async (value?: string) =>
  secrets.send(
    new CreateSecretCommand({ Name, SecretString: value, ClientRequestToken: token(1) }),
  );
const put = (n: number, value: string, stages?: string[]) =>
  secrets.send(
    new PutSecretValueCommand({
      SecretId: Name,
      SecretString: value,
      ClientRequestToken: token(n),
      VersionStages: stages,
    }),
  );
const move = (VersionStage: string, to?: number, from?: number) =>
  secrets.send(
    new UpdateSecretVersionStageCommand({
      SecretId: Name,
      VersionStage,
      MoveToVersionId: to === undefined ? undefined : token(to),
      RemoveFromVersionId: from === undefined ? undefined : token(from),
    }),
  );
const get = (by: { VersionId?: string; VersionStage?: string } = {}) =>
  secrets.send(new GetSecretValueCommand({ SecretId: Name, ...by }));
const list = (IncludeDeprecated: boolean) =>
  secrets.send(new ListSecretVersionIdsCommand({ SecretId: Name, IncludeDeprecated }));
const stages = async () =>
  (await secrets.send(new DescribeSecretCommand({ SecretId: Name }))).VersionIdsToStages;

test("a secret has an ARN with a random end, and is found by name, by ARN and by an ARN without that end", async () => {
  const { ARN = "", VersionId } = await create("one");
  expect(ARN).toMatch(
    /^arn:aws:secretsmanager:us-east-1:000000000000:secret:rollcall\/tenants\/t\d+-[A-Za-z]{6}$/,
  );
  expect(VersionId).toBe(token(1));
  for (const SecretId of [Name, ARN, ARN.slice(0, -7)]) {
    const value = await secrets.send(new GetSecretValueCommand({ SecretId }));
    expect(value).toMatchObject({ ARN, Name, SecretString: "one", VersionStages: ["AWSCURRENT"] });
    expect(value.CreatedDate?.getTime()).toBe(clock.now);
    expect(core.resolveArn(SecretId)).toBe(ARN);
  }
  expect(core.resolveArn(`${Name}x`)).toBeUndefined();
});

test("a create that is sent again gets the first answer, with another value or token it is refused", async () => {
  const { ARN } = await create("one");
  expect(await create("one")).toMatchObject({ ARN, VersionId: token(1) });
  await expect(create("two")).rejects.toMatchObject({ name: "ResourceExistsException" });
  await expect(
    secrets.send(new CreateSecretCommand({ Name, SecretString: "one" })),
  ).rejects.toMatchObject({ name: "ResourceExistsException" });
});

test("a put without stages moves AWSCURRENT, and AWSPREVIOUS follows", async () => {
  await create("one");
  await put(2, "two");
  expect(await get()).toMatchObject({ SecretString: "two", VersionId: token(2) });
  expect(await get({ VersionStage: "AWSPREVIOUS" })).toMatchObject({ SecretString: "one" });

  await put(3, "three");
  expect(await stages()).toEqual({ [token(3)]: ["AWSCURRENT"], [token(2)]: ["AWSPREVIOUS"] });
});

test("a put under another label leaves AWSCURRENT where it is", async () => {
  await create("one");
  await put(2, "two", ["rc-2"]);
  expect(await get()).toMatchObject({ SecretString: "one" });
  expect(await get({ VersionStage: "rc-2" })).toMatchObject({ SecretString: "two" });
});

test("a secret's first version becomes current under whatever label it is put", async () => {
  await create();
  await expect(get()).rejects.toMatchObject({
    name: "ResourceNotFoundException",
    message: expect.stringContaining("staging label: AWSCURRENT"),
  });
  await put(2, "two", ["rc-2"]);
  expect((await get()).VersionStages?.toSorted()).toEqual(["AWSCURRENT", "rc-2"]);
});

test("a put that is sent again changes nothing, with another value it is refused", async () => {
  await create("one");
  await put(2, "two");
  await put(3, "three");
  await put(2, "two");
  expect(await get()).toMatchObject({ SecretString: "three" });
  await expect(put(2, "other")).rejects.toMatchObject({ name: "ResourceExistsException" });
});

test("AWSCURRENT moves only for one who names the version that has it", async () => {
  await create("one");
  await put(2, "two", ["rc-2"]);
  await put(3, "three", ["rc-3"]);

  await expect(move("AWSCURRENT", 2)).rejects.toMatchObject({ name: "InvalidParameterException" });
  await move("AWSCURRENT", 2, 1);
  expect(await stages()).toEqual({
    [token(1)]: ["AWSPREVIOUS"],
    [token(2)]: ["rc-2", "AWSCURRENT"],
    [token(3)]: ["rc-3"],
  });
  expect(await get()).toMatchObject({ SecretString: "two" });

  const stale = move("AWSCURRENT", 3, 1);
  await expect(stale).rejects.toMatchObject({ name: "InvalidParameterException" });
  await expect(move("AWSCURRENT", 3, 9)).rejects.toMatchObject({
    name: "ResourceNotFoundException",
  });
});

test("moving AWSCURRENT back takes AWSPREVIOUS the other way", async () => {
  await create("one");
  await put(2, "two");
  await move("AWSCURRENT", 1, 2);
  expect(await stages()).toEqual({ [token(1)]: ["AWSCURRENT"], [token(2)]: ["AWSPREVIOUS"] });
});

test("a label is taken off its version only, and AWSCURRENT never", async () => {
  await create("one");
  await put(2, "two", ["rc-2"]);
  await expect(move("rc-2", undefined, 1)).rejects.toMatchObject({
    name: "InvalidParameterException",
  });
  await move("rc-2", undefined, 2);
  expect(await stages()).toEqual({ [token(1)]: ["AWSCURRENT"] });
  await expect(move("AWSCURRENT", undefined, 1)).rejects.toMatchObject({
    name: "InvalidParameterException",
  });
  await expect(move("AWSCURRENT")).rejects.toMatchObject({ name: "InvalidParameterException" });
});

test("a version without a label is still there, and listed only where asked for", async () => {
  await create("one");
  await put(2, "two", ["rc-2"]);
  await move("rc-2", undefined, 2);

  expect((await list(false)).Versions).toEqual([
    { VersionId: token(1), VersionStages: ["AWSCURRENT"], CreatedDate: new Date(clock.now) },
  ]);
  expect((await list(true)).Versions).toHaveLength(2);
  expect(await get({ VersionId: token(2) })).toMatchObject({ SecretString: "two" });
  await expect(get({ VersionId: token(2), VersionStage: "AWSCURRENT" })).rejects.toMatchObject({
    name: "InvalidRequestException",
  });
  await expect(get({ VersionId: token(7) })).rejects.toMatchObject({
    name: "ResourceNotFoundException",
  });
});

test("a secret holds 20 labels and no more", async () => {
  await create("one");
  for (let n = 2; n <= 20; n++) await put(n, "more", [`rc-${n}`]);
  await expect(put(21, "more", ["rc-21"])).rejects.toMatchObject({
    name: "LimitExceededException",
  });
  await move("rc-2", undefined, 2);
  await put(21, "more", ["rc-21"]);
});

test("a secret holds 100 versions, of which the unlabelled ones make room after a day", async () => {
  await create("one");
  for (let n = 2; n <= 100; n++) await put(n, "more");
  await expect(put(101, "more")).rejects.toMatchObject({ name: "LimitExceededException" });

  clock.now += dayMs + 1;
  await put(101, "more");
  await expect(get({ VersionId: token(1) })).rejects.toMatchObject({
    name: "ResourceNotFoundException",
  });
  expect(await get({ VersionId: token(2) })).toMatchObject({ SecretString: "more" });
});

test("a secret that is missing is answered with HTTP 400", async () => {
  await expect(get()).rejects.toMatchObject({
    name: "ResourceNotFoundException",
    $metadata: { httpStatusCode: 400 },
  });
  await expect(put(1, "one")).rejects.toMatchObject({ name: "ResourceNotFoundException" });
});

test("a deleted secret is refused within its recovery window, can be restored, and is gone after it", async () => {
  await create("one");
  await secrets.send(new DeleteSecretCommand({ SecretId: Name, RecoveryWindowInDays: 7 }));
  const deleted = { name: "InvalidRequestException" };
  await expect(get()).rejects.toMatchObject(deleted);
  await expect(put(2, "two")).rejects.toMatchObject(deleted);
  await expect(move("x", 1)).rejects.toMatchObject(deleted);
  await expect(create("one")).rejects.toMatchObject(deleted);
  const described = await secrets.send(new DescribeSecretCommand({ SecretId: Name }));
  expect(described.DeletedDate?.getTime()).toBe(clock.now);

  await secrets.send(new RestoreSecretCommand({ SecretId: Name }));
  expect(await get()).toMatchObject({ SecretString: "one" });

  await secrets.send(new DeleteSecretCommand({ SecretId: Name, RecoveryWindowInDays: 7 }));
  clock.now += 7 * dayMs;
  await expect(get()).rejects.toMatchObject({ name: "ResourceNotFoundException" });
  await create("anew");
});

test("a delete without recovery takes effect at once, and with a window too it is refused", async () => {
  await create("one");
  const force = { SecretId: Name, ForceDeleteWithoutRecovery: true };
  await expect(
    secrets.send(new DeleteSecretCommand({ ...force, RecoveryWindowInDays: 7 })),
  ).rejects.toMatchObject({ name: "InvalidParameterException" });
  await secrets.send(new DeleteSecretCommand(force));
  await expect(get()).rejects.toMatchObject({ name: "ResourceNotFoundException" });
  // Sent again it meets nothing, which is no fault.
  expect(await secrets.send(new DeleteSecretCommand(force))).toMatchObject({ Name });
  await create("anew");
});

test("secrets are listed page by page, without those that wait to be deleted", async () => {
  await create("one");
  const first = await secrets.send(new ListSecretsCommand({ MaxResults: 1 }));
  expect(first.SecretList).toHaveLength(1);
  expect(first.NextToken).toBeDefined();

  const named = async (IncludePlannedDeletion: boolean) => {
    const all = await secrets.send(new ListSecretsCommand({ IncludePlannedDeletion }));
    return all.SecretList?.filter((secret) => secret.Name === Name).length;
  };
  expect(await named(false)).toBe(1);
  await secrets.send(new DeleteSecretCommand({ SecretId: Name }));
  expect(await named(false)).toBe(0);
  expect(await named(true)).toBe(1);
});

test("binary values come back as they were", async () => {
  const SecretBinary = Uint8Array.of(0, 255, 7);
  await secrets.send(new CreateSecretCommand({ Name, SecretBinary }));
  expect([...((await get()).SecretBinary ?? [])]).toEqual([0, 255, 7]);
});

test.each`
  target                             | body                                           | type
  ${"secretsmanager.Frobnicate"}     | ${"{}"}                                        | ${"UnknownOperationException"}
  ${"dynamodb.GetSecretValue"}       | ${"{}"}                                        | ${"UnknownOperationException"}
  ${"secretsmanager.toString"}       | ${"{}"}                                        | ${"UnknownOperationException"}
  ${""}                              | ${"{}"}                                        | ${"UnknownOperationException"}
  ${"secretsmanager.GetSecretValue"} | ${"{"}                                         | ${"SerializationException"}
  ${"secretsmanager.GetSecretValue"} | ${"[]"}                                        | ${"SerializationException"}
  ${"secretsmanager.GetSecretValue"} | ${'{"SecretId":7}'}                            | ${"SerializationException"}
  ${"secretsmanager.GetSecretValue"} | ${""}                                          | ${"ValidationException"}
  ${"secretsmanager.CreateSecret"}   | ${'{"Name":"a b"}'}                            | ${"ValidationException"}
  ${"secretsmanager.CreateSecret"}   | ${'{"Name":"a","ClientRequestToken":"short"}'} | ${"InvalidParameterException"}
  ${"secretsmanager.PutSecretValue"} | ${JSON.stringify({ SecretId: "missing" })}     | ${"ResourceNotFoundException"}
  ${"secretsmanager.DeleteSecret"}   | ${'{"SecretId":"a","RecoveryWindowInDays":5}'} | ${"InvalidParameterException"}
  ${"secretsmanager.ListSecrets"}    | ${'{"NextToken":"x"}'}                         | ${"InvalidParameterException"}
`("$target with $body is answered $type", async ({ target, body, type }) => {
  const response = await fetch(served.endpoint, {
    method: "POST",
    headers: { "x-amz-target": String(target), "content-type": "application/x-amz-json-1.1" },
    body: String(body),
  });
  expect(response.status).toBe(400);
  expect(response.headers.get("content-type")).toBe("application/x-amz-json-1.1");
  expect(await response.json()).toMatchObject({ __type: type });
});

test("a value takes 65,536 bytes", async () => {
  await create("one");
  await put(2, "x".repeat(65_536));
  await expect(put(3, "x".repeat(65_537))).rejects.toMatchObject({
    name: "InvalidParameterException",
  });
});

test("with a file, secrets outlive the process, and the file is always whole", async () => {
  const folder = mkdtempSync(join(tmpdir(), "secrets-"));
  const dataFile = join(folder, "data", "secrets.json");
  const before = createSecretsManager({ dataFile });
  await before.call("CreateSecret", { Name: "kept", SecretString: "one" });
  await before.call("PutSecretValue", { SecretId: "kept", SecretString: "two" });

  const after = createSecretsManager({ dataFile });
  expect(after.resolveArn("kept")).toBe(before.resolveArn("kept"));
  expect(await after.call("GetSecretValue", { SecretId: "kept" })).toMatchObject({
    SecretString: "two",
  });
  expect(readdirSync(join(folder, "data"))).toEqual(["secrets.json"]);

  writeFileSync(dataFile, "{");
  expect(() => createSecretsManager({ dataFile })).toThrow("does not hold what");
  rmSync(folder, { recursive: true });
});
