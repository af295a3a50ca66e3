import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "@jest/globals";
import { createFunctions, type Functions } from "../../local/functions/functions.ts";
import type { FunctionSpec } from "../../local/template/functions.ts";
import { aFunction } from "./fixture-functions.ts";

let running: Functions | undefined;
afterEach(() => running?.stop());

/** Runs one function and gives a way to invoke it. */
function run(source: string, more: Partial<FunctionSpec> = {}) {
  const spec = aFunction(source, more);
  const complaints: string[] = [];
  const functions = createFunctions({
    specs: [spec],
    gateway: "http://127.0.0.1:1",
    log: () => undefined,
    complain: (text) => complaints.push(text),
  });
  running = functions;
  const invoke = async (event: unknown = {}) => {
    const { payload, ...outcome } = await functions.invoke(spec, JSON.stringify(event));
    return { ...outcome, result: JSON.parse(payload) };
  };
  return { invoke, complaints, functions, spec };
}

test("a handler gets the event and a context, and its result comes back", async () => {
  const { invoke, spec } = run(`
    export const handler = async (event, context) => ({
      event,
      id: context.awsRequestId,
      name: context.functionName,
      left: context.getRemainingTimeInMillis(),
    });`);

  const { result, isFault, requestId } = await invoke({ a: [1] });

  expect(isFault).toBe(false);
  expect(result).toMatchObject({ event: { a: [1] }, id: requestId, name: spec.name });
  expect(result.left).toBeGreaterThan(4000);
  expect(result.left).toBeLessThanOrEqual(5000);
});

test("a function finds the files that lie beside its module", async () => {
  const { invoke, spec } = run(`
    import { readFileSync } from "node:fs";
    const schemas = JSON.parse(readFileSync(import.meta.dirname + "/schemas.json", "utf8"));
    export const handler = async () => schemas;`);
  writeFileSync(join(spec.codeFolder, "schemas.json"), '[{"file":"device.json","content":{}}]');

  expect((await invoke()).result).toEqual([{ file: "device.json", content: {} }]);
});

test("a function sees the template's environment and Lambda's own, and nothing of this process", async () => {
  process.env.OF_THIS_PROCESS = "1";
  const { invoke } = run(`export const handler = async () => process.env;`, {
    environment: { TABLE_NAME: "t" },
  });

  const { result } = await invoke();

  expect(result).toMatchObject({
    TABLE_NAME: "t",
    AWS_REGION: "us-east-1",
    AWS_LAMBDA_FUNCTION_NAME: "users",
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: "128",
    _HANDLER: "index.handler",
    AWS_ENDPOINT_URL_DYNAMODB: "http://127.0.0.1:1",
  });
  expect(result.AWS_ACCESS_KEY_ID).toMatch(/^[A-Za-z0-9]+$/);
  expect(result.OF_THIS_PROCESS).toBeUndefined();
});

test("module state lasts from one event to the next, and no instance has two events at once", async () => {
  const { invoke } = run(`
    let busy = false;
    let count = 0;
    export const handler = async () => {
      if (busy) throw new Error("two at once");
      busy = true;
      await new Promise((resolve) => setTimeout(resolve, 20));
      busy = false;
      return ++count;
    };`);

  expect([(await invoke()).result, (await invoke()).result]).toEqual([1, 2]);
  const racing = await Promise.all(Array.from({ length: 30 }, () => invoke()));
  expect(racing.filter(({ isFault }) => isFault)).toEqual([]);
});

const never = "return new Promise(() => undefined);";

test.each([
  {
    does: "throws",
    body: 'throw new TypeError("no");',
    errorType: "TypeError",
    errorMessage: /^no$/,
  },
  {
    does: "does not come back",
    body: never,
    errorType: "Sandbox.Timedout",
    errorMessage: /Task timed out after 1.00 seconds/,
  },
  {
    does: "never lets go",
    body: "for (;;);",
    errorType: "Sandbox.Timedout",
    errorMessage: /Task timed out after 1.00 seconds/,
  },
  {
    does: "ends its process",
    body: "process.exit(3);",
    errorType: "Runtime.ExitError",
    errorMessage: /exit status 3/,
  },
  {
    does: "leaves a rejection unhandled",
    body: `Promise.reject(new RangeError("lost")); ${never}`,
    errorType: "RangeError",
    errorMessage: /lost/,
  },
  {
    does: "eats all memory",
    body: "const all = []; for (;;) all.push(Array(1e5).fill({}));",
    errorType: "Runtime.OutOfMemory",
    errorMessage: /killed/,
  },
  {
    does: "returns too much",
    body: 'return "x".repeat(6291556);',
    errorType: "Function.ResponseSizeTooLarge",
    errorMessage: /exceeded maximum/,
  },
])(
  "a handler that $does is reported as $errorType, and the next event is answered",
  async ({ body, errorType, errorMessage }) => {
    const { invoke, complaints } = run(
      `export const handler = (event) => { if (event.fine) return "fine"; ${body} };`,
      { timeoutSeconds: errorType === "Sandbox.Timedout" ? 1 : 20, memoryMb: 64 },
    );

    const { result, isFault } = await invoke();

    expect(isFault).toBe(true);
    expect(result).toMatchObject({ errorType, errorMessage: expect.stringMatching(errorMessage) });
    expect(complaints).toHaveLength(1);
    expect(await invoke({ fine: true })).toMatchObject({ isFault: false, result: "fine" });
  },
);

test("a module that does not load fails the events that need it, one by one", async () => {
  const { invoke } = run(`throw new SyntaxError("broken module");`);
  for (const _ of [1, 2])
    expect(await invoke()).toMatchObject({
      isFault: true,
      result: { errorType: "SyntaxError", errorMessage: "broken module" },
    });
});

test("what a handler writes is given back with its outcome", async () => {
  const { invoke } = run(`export const handler = async ({ say }) => { console.log(say); };`);
  await invoke({ say: "before" });
  expect((await invoke({ say: "hello" })).log).toBe("hello\n");
});

test("a function is found by its name and in every form of its ARN", () => {
  const { functions, spec } = run("");
  for (const name of [
    "users",
    "users:$LATEST",
    spec.arn,
    `${spec.arn}:live`,
    "000000000000:function:users",
  ])
    expect(functions.find(name)).toBe(spec);
  expect(functions.find("groups")).toBeUndefined();
});
