import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { readFixture, runExchange, type Send } from "../support/fixtures.ts";
import { aService, type Service } from "../support/service.ts";

const folder = join(import.meta.dirname, "../fixtures/rfc7644");

const examples = readdirSync(folder)
  .filter((file) => file.startsWith("3.7"))
  .map((file) => readFixture(file, readFileSync(join(folder, file), "utf8")));

let service: Service;
beforeAll(async () => {
  service = await aService();
});
afterAll(() => service.stop());

test.each(examples)("$name: $note", async (example) => {
  const { token } = await service.tenant();
  expect(await runExchange(example, sendAs(token))).toEqual([]);
});

test("every example of the RFC's text is here", () => {
  expect(examples).toHaveLength(6);
});

const sendAs =
  (token: string): Send =>
  async ({ method, path, body }) => {
    const [, endpoint = "", id = "", search = ""] = /^(\/\w+)\/?([^?]*)\??(.*)$/.exec(path) ?? [];
    const query = Object.fromEntries(new URLSearchParams(search));
    const route = `${method} ${endpoint}${id && "/{id}"}`;
    const answer = await service.send(route, { token, query, ...(body && { body }) }, id);
    const headers = Object.entries(answer.headers).map(([name, value]) => [
      name.toLowerCase(),
      value,
    ]);
    return { ...answer, headers: Object.fromEntries(headers) };
  };
