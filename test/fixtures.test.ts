import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import type { Json } from "../lambdas/scim/json.ts";
import {
  type Answer,
  type Fixture,
  mismatches,
  readFixture,
  readFixtures,
  runExchange,
  type SentRequest,
} from "./support/fixtures.ts";

const errorUrn = "urn:ietf:params:scim:api:messages:2.0:Error";

const folder = join(import.meta.dirname, "fixtures/entra");

describe("the fixtures", () => {
  test("every file of Entra's exchanges is read", () => {
    expect(readFixtures(folder).map(({ name }) => `${name}.json`)).toEqual(
      readdirSync(folder).toSorted(),
    );
  });

  test("their names say in kebab-case what they are", () => {
    for (const { name } of readFixtures(folder)) expect(name).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
  });

  test.each(readFixtures(folder).filter(changesSomething))(
    "$name looks at what it has changed",
    ({ then }) => {
      expect(then.map(({ request }) => request.method)).toContain("GET");
    },
  );

  test.each<{ change: object; because: string; complaint: RegExp }>`
    change                                     | because                                   | complaint
    ${{ source: undefined }}                   | ${"its source is not named"}              | ${/expected string.*source/s}
    ${{ inferred: "no" }}                      | ${"inferred is no boolean"}               | ${/expected boolean.*inferred/s}
    ${{ requests: [] }}                        | ${"a member is misspelt"}                 | ${/Unrecognized key: "requests"/}
    ${{ request: { method: "GET" } }}          | ${"the request has no path"}              | ${/request\.path/}
    ${{ request: { method: "G", path: "/" } }} | ${"there is no such method"}              | ${/request\.method/}
    ${{ response: { status: [] } }}            | ${"no status is right"}                   | ${/response\.status/}
    ${{ response: { status: 200, bdy: {} } }}  | ${"a member of the response is misspelt"} | ${/Unrecognized key: "bdy"/}
    ${{ note: "${users.sam.id}" }}             | ${"nothing fills a placeholder"}          | ${/nothing gives \$\{users\.sam\.id\}/}
  `("a file is refused when $because", ({ change, complaint }) => {
    expect(() => readFixture("bad", aFixtureText(change))).toThrow(complaint);
  });
});

describe("an answer's body", () => {
  test.each<{ expected: Json; actual: Json | undefined; because: string }>`
    expected                                       | actual                        | because
    ${"a"}                                         | ${"a"}                        | ${"it is equal"}
    ${{ a: 1 }}                                    | ${{ a: 1, b: 2 }}             | ${"other members may be there"}
    ${{ a: null }}                                 | ${{ b: 2 }}                   | ${"null stands for absent"}
    ${null}                                        | ${undefined}                  | ${"null stands for no body at all"}
    ${[1, 2]}                                      | ${[2, 1]}                     | ${"the order does not matter"}
    ${[{ a: 1 }, { b: 2 }]}                        | ${[{ a: 1, b: 2 }, { a: 1 }]} | ${"each value finds one of its own, wherever it stands"}
    ${[]}                                          | ${[]}                         | ${"an empty list is an empty list"}
    ${[{ type: "work", value: null }]}             | ${[{ type: "work" }]}         | ${"a value without its value may remain"}
    ${[{ type: "work", value: null }, { b: 2 }]}   | ${[{ b: 2 }]}                 | ${"a value without its value may go"}
    ${{ emails: [{ type: "work", value: null }] }} | ${{}}                         | ${"the last value may go with its list"}
    ${{ name: { givenName: null } }}               | ${{}}                         | ${"an object of which all is absent may be absent"}
  `("fits: $because", ({ expected, actual }) => {
    expect(mismatches(expected, actual, "it")).toEqual([]);
  });

  test.each<{ expected: Json; actual: Json | undefined; sentence: string }>`
    expected                           | actual                           | sentence
    ${"a"}                             | ${"b"}                           | ${'it is "b", but should be "a"'}
    ${true}                            | ${"True"}                        | ${'it is "True", but should be true'}
    ${1}                               | ${"1"}                           | ${'it is "1", but should be 1'}
    ${{ a: 1 }}                        | ${{}}                            | ${"it.a is absent, but should be 1"}
    ${{ a: { b: 1 } }}                 | ${{ a: { b: 2 } }}               | ${"it.a.b is 2, but should be 1"}
    ${{ a: null }}                     | ${{ a: "x" }}                    | ${'it.a is "x", but should be absent'}
    ${{ a: null }}                     | ${{ a: null }}                   | ${"it.a is null, but should be absent"}
    ${{ a: 1 }}                        | ${[{ a: 1 }]}                    | ${'it is [{"a":1}], but should be {"a":1}'}
    ${{ toString: null }}              | ${{ toString: "x" }}             | ${'it.toString is "x", but should be absent'}
    ${{ constructor: "x" }}            | ${{}}                            | ${'it.constructor is absent, but should be "x"'}
    ${null}                            | ${{}}                            | ${"it is {}, but should be absent"}
    ${[]}                              | ${undefined}                     | ${"it is absent, but should be []"}
    ${[]}                              | ${[1]}                           | ${"it is [1], but should be [] in some order"}
    ${[1]}                             | ${[]}                            | ${"it is [], but should be [1] in some order"}
    ${[1, 1]}                          | ${[1]}                           | ${"it is [1], but should be [1,1] in some order"}
    ${[1]}                             | ${[1, 1]}                        | ${"it is [1,1], but should be [1] in some order"}
    ${[{ a: 1 }]}                      | ${[{ a: 2 }]}                    | ${"it[0].a is 2, but should be 1"}
    ${[{ a: 1 }, { a: 1 }]}            | ${[{ a: 1 }, { a: 2 }]}          | ${'it is [{"a":1},{"a":2}], but should be [{"a":1},{"a":1}] in some order'}
    ${[{ type: "work", value: null }]} | ${[{ type: "work", value: "" }]} | ${'it[0].value is "", but should be absent'}
    ${[{ type: "work" }]}              | ${[]}                            | ${'it is [], but should be [{"type":"work"}] in some order'}
  `("does not fit: $sentence", ({ expected, actual, sentence }) => {
    expect(mismatches(expected, actual, "it")).toEqual([sentence]);
  });
});

describe("an exchange", () => {
  test("passes when all answers are as expected", async () => {
    expect(await runExchange(aFixture(), aService())).toEqual([]);
  });

  test("sends what is given first, and fills placeholders from the answers", async () => {
    const sent: SentRequest[] = [];
    await runExchange(aFixture(), aService({}, sent));

    expect(sent.map(({ method, path }) => `${method} ${path}`)).toEqual([
      "POST /Users",
      "PATCH /Users/joy-1",
      "GET /Users/joy-1?of=joy-1",
    ]);
    expect(JSON.parse(sent[0]?.body ?? "").userName).toMatch(/^joy-[0-9a-f]{12}$/);
    expect(sent[1]?.headers["content-type"]).toBe("application/scim+json; charset=utf-8");
    expect(sent[2]?.headers["content-type"]).toBeUndefined();
  });

  test("uses the same unique text in all its requests, and another one in the next run", async () => {
    const sent: SentRequest[] = [];
    await runExchange(aFixture(), aService({}, sent));
    await runExchange(aFixture(), aService({}, sent));

    const [first, patch, , second] = sent.map(
      ({ body }) => /joy-([0-9a-f]+)/.exec(body ?? "")?.[1],
    );
    expect(patch).toBe(first);
    expect(second).not.toBe(first);
  });

  test("sends a body that is a string as it stands, and its own headers over the usual ones", async () => {
    const sent: SentRequest[] = [];
    const headers = { "Content-Type": "application/json" };
    const request = { method: "POST", path: "/Users", headers, body: "{junk" };
    await runExchange(aFixture({ request }), aService({}, sent));

    expect(sent[1]).toEqual({ ...request, headers: { "content-type": "application/json" } });
  });

  test("takes any of several statuses", async () => {
    const response = { status: [200, 204] };
    expect(await runExchange(aFixture({ response }), aService())).toEqual([]);
  });

  test.each<{ answer: Partial<Answer>; sentence: RegExp }>`
    answer                                                         | sentence
    ${{ status: 500 }}                                             | ${/the status is 500.*, not 200$/}
    ${{ status: 400, body: anError("400", "No such path.") }}      | ${/the status is 400 \("No such path\."\), not 200$/}
    ${{ body: { id: "joy-1", active: "False" } }}                  | ${/the body\.active is "False", but should be false$/}
    ${{ body: undefined }}                                         | ${/the body is absent, but should be /}
    ${{ body: "<html>" }}                                          | ${/the body is "<html>", but should be /}
    ${{ headers: { "content-type": "application/json" } }}         | ${/the media type is "application\/json", not application\/scim\+json$/}
    ${{ headers: { "content-type": "application/scim+json" } }}    | ${/the header location is absent, which does not begin with "http"$/}
    ${{ status: 204 }}                                             | ${/the status is 204, but there is a body$/}
    ${{ status: 404, body: { message: "Not Found" } }}             | ${/the error\.schemas is absent, but should be /}
    ${{ status: 404, body: { schemas: [errorUrn], status: 404 } }} | ${/the error\.status is 404, but should be "404"$/}
    ${{ status: 404, body: undefined }}                            | ${/the status is 404 without a body$/}
  `("fails: $sentence", async ({ answer, sentence }) => {
    const found = await runExchange(aFixture(), aService({ PATCH: answer }));
    expect(found).toContainEqual(expect.stringMatching(sentence));
    expect(found[0]).toMatch(/^the exchange, PATCH \/Users\/joy-1: /);
  });

  test("fails when what follows it is not as expected", async () => {
    const found = await runExchange(aFixture(), aService({ GET: { body: { title: "Lost" } } }));
    expect(found).toEqual([
      'then 1, GET /Users/joy-1?of=joy-1: the body.title is "Lost", but should be "Engineer"',
    ]);
  });

  test("ends when something given cannot be created", async () => {
    const conflict = { status: 409, body: anError("409", "Taken.") };
    const sent: SentRequest[] = [];
    const found = await runExchange(aFixture(), aService({ POST: conflict }, sent));

    expect(found).toEqual(['given users.joy, POST /Users: the status is 409 ("Taken."), not 201']);
    expect(sent).toHaveLength(1);
  });

  test("says when an answer does not give what a later request needs", async () => {
    const found = await runExchange(
      aFixture(),
      aService({ PATCH: { status: 204, body: undefined } }),
    );
    expect(found).toContain("then 1: earlier answers give no response.id.");
  });
});

function changesSomething({ request, response }: Fixture): boolean {
  return request.method !== "GET" && [response.status].flat().some((status) => status < 300);
}

const aFixture = (change?: object) => readFixture("a-fixture", aFixtureText(change));

function aFixtureText(change: object = {}): string {
  const aChange = { displayName: "joy-${unique}", active: false };
  const fixture = {
    note: "A user is disabled.",
    source: "this test",
    inferred: false,
    given: { users: { joy: { userName: "joy-${unique}" } } },
    request: { method: "PATCH", path: "/Users/${users.joy.id}", body: aChange },
    response: {
      status: 200,
      headers: { "Content-Type": "application/scim+json", Location: "http" },
      body: { id: "${users.joy.id}", active: false },
    },
    // oxlint-disable-next-line unicorn/no-thenable -- an array, which nothing can call
    then: [
      {
        request: { method: "GET", path: "/Users/${users.joy.id}?of=${response.id}" },
        response: { status: 200, body: { title: "Engineer" } },
      },
    ],
  };
  return JSON.stringify({ ...fixture, ...change });
}

function anError(status: string, detail: string) {
  return { schemas: [errorUrn], status, detail };
}

/** A service that answers as `aFixture` expects, but for the changes by method. */
function aService(changes: Record<string, Partial<Answer>> = {}, sent: SentRequest[] = []) {
  const headers = { "content-type": "application/scim+json", location: "http://localhost/" };
  const answers: Record<string, Answer> = {
    POST: { status: 201, headers, body: { id: "joy-1" } },
    PATCH: { status: 200, headers, body: { id: "joy-1", active: false } },
    GET: { status: 200, headers, body: { title: "Engineer" } },
  };
  return async (request: SentRequest): Promise<Answer> => {
    sent.push(request);
    const answer = answers[request.method];
    if (!answer) throw new Error(`No answer to ${request.method}.`);
    return { ...answer, ...changes[request.method] };
  };
}
