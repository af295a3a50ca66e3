import { request as httpRequest, type IncomingHttpHeaders } from "node:http";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { type Answer, readFixtures, runExchange, type Send } from "../support/fixtures.ts";
import { startLocalRun } from "../support/local-run.ts";

const fixtures = readFixtures(join(import.meta.dirname, "../fixtures/entra"));

let run: Awaited<ReturnType<typeof startLocalRun>>;

beforeAll(async () => {
  run = await startLocalRun();
}, 180_000);

afterAll(async () => {
  await run.stop();
});

test.each(fixtures)(
  "$name: $note",
  async (fixture) => {
    expect(await runExchange(fixture, sendTo(run))).toEqual([]);
  },
  30_000,
);

/** Sends paths untouched: `fetch` would encode anew what the fixtures give as Entra sends it. */
function sendTo({ tenantUrl, token }: { tenantUrl: string; token: string }): Send {
  const base = new URL(tenantUrl);
  return ({ method, path, headers, body }) =>
    new Promise<Answer>((resolve, reject) => {
      const request = httpRequest(
        {
          host: base.hostname,
          port: base.port,
          path: `${base.pathname.replace(/\/$/, "")}${path}`,
          method,
          headers: { authorization: `Bearer ${token}`, ...headers },
        },
        (response) => {
          text(response).then((read) => {
            resolve({
              status: response.statusCode ?? 0,
              headers: singleHeaders(response.headers),
              body: parsed(read),
            });
          }, reject);
        },
      );
      request.on("error", reject);
      request.end(body);
    });
}

function singleHeaders(headers: IncomingHttpHeaders): Answer["headers"] {
  const entries = Object.entries(headers).map(([name, value]) => [name, [value].flat().join(", ")]);
  return Object.fromEntries(entries);
}

function parsed(read: string): Answer["body"] {
  if (read === "") return undefined;
  try {
    const body: Answer["body"] = JSON.parse(read);
    return body;
  } catch {
    return read;
  }
}
