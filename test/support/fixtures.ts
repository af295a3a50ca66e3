import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import * as z from "zod";
import { isArray, isObject, type Json } from "../../lambdas/scim/json.ts";
import { errorUrn } from "../../lambdas/scim/urns.ts";

const request = z.strictObject({
  method: z.enum(["GET", "POST", "PUT", "PATCH", "DELETE"]),
  /** Below the Tenant URL, encoded just as the client sends it. */
  path: z.string().startsWith("/"),
  headers: z.record(z.string(), z.string()).optional(),
  /** A string is sent as it stands, anything else as JSON. */
  body: z.json().optional(),
});

const response = z.strictObject({
  /** One status, or all that are right. */
  status: z.union([z.int(), z.array(z.int()).min(1)]),
  /** By its beginning, since parameters may follow. */
  headers: z.record(z.string(), z.string()).optional(),
  /** What must be found in the answer (see `mismatches`). */
  body: z.json().optional(),
});

const exchange = z.strictObject({ request, response });

const resource = z.record(z.string(), z.json());

const resources = z.record(z.string(), resource);

const fixture = z.strictObject({
  note: z.string().min(1),
  /** Where it was seen or documented, by a name under which a reader finds it. */
  source: z.string().min(1),
  /** Whether the source gives the form only by implication. */
  inferred: z.boolean(),
  /** What there is before: users first, then groups, each created by a plain POST. */
  given: z.strictObject({ users: resources.optional(), groups: resources.optional() }).optional(),
  ...exchange.shape,
  /** What is asked afterwards, in order. */
  // oxlint-disable-next-line unicorn/no-thenable -- an array, which nothing can call
  then: z.array(exchange).default([]),
});

/** A captured exchange, with what was there before and what is to be found after it. */
export type Fixture = z.infer<typeof fixture> & { readonly name: string };

export interface SentRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

export interface Answer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Parsed; text that is not JSON as a string; `undefined` where the answer has no body. */
  readonly body: Json | undefined;
}

/** Sends a request to the service under test and adds what the fixtures leave to it: the base address and the token. */
export type Send = (request: SentRequest) => Promise<Answer>;

/** All fixtures of a folder, by file name. @throws where one has not the shape of a fixture. */
export function readFixtures(folder: string): readonly Fixture[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith(".json"))
    .toSorted()
    .map((file) => readFixture(basename(file, ".json"), readFileSync(join(folder, file), "utf8")));
}

/** One fixture from its JSON text. @throws where it has not the shape of a fixture, or a placeholder that nothing fills. */
export function readFixture(name: string, text: string): Fixture {
  const parsed = fixture.safeParse(JSON.parse(text));
  if (!parsed.success) {
    throw new Error(`${name} is no fixture: ${z.prettifyError(parsed.error)}`);
  }

  const { users = {}, groups = {} } = parsed.data.given ?? {};
  const known = [
    "unique",
    "response",
    ...Object.keys(users).map((user) => `users.${user}`),
    ...Object.keys(groups).map((group) => `groups.${group}`),
  ];
  for (const [, placeholder = ""] of text.matchAll(placeholders)) {
    if (!known.some((root) => isWithin(root, placeholder))) {
      throw new Error(`${name}: nothing gives \${${placeholder}}.`);
    }
  }
  return { name, ...parsed.data };
}

/** What went other than the fixture says, as sentences; none if all went so. */
export async function runExchange(fixture: Fixture, send: Send): Promise<readonly string[]> {
  const found: string[] = [];
  const known = new Map<string, Json>([["unique", randomBytes(6).toString("hex")]]);

  for (const step of stepsOf(fixture)) {
    const before = found.length;
    const missing = placeholdersIn([step.request, step.response]).filter(
      (placeholder) => lookUp(placeholder, known) === undefined,
    );
    if (missing.length > 0) {
      found.push(`${step.label}: earlier answers give no ${missing.join(", ")}.`);
      continue;
    }

    const sent = requestToSend(step.request, known);
    const answer = await send(sent);
    if (step.keepAs && answer.body !== undefined) known.set(step.keepAs, answer.body);

    const wrong = answerMismatches(step.response, answer, known);
    found.push(...wrong.map((it) => `${step.label}, ${sent.method} ${sent.path}: ${it}`));
    // Without what was to be given, all that follows would only repeat that it is missing.
    if (step.isGiven && found.length > before) break;
  }
  return found;
}

type Resource = z.infer<typeof resource>;

interface Step extends z.infer<typeof exchange> {
  readonly label: string;
  readonly isGiven?: boolean;
  /** The name under which placeholders find the answer. */
  readonly keepAs?: string;
}

function stepsOf({ given = {}, request, response, then }: Fixture): readonly Step[] {
  const { users = {}, groups = {} } = given;
  return [
    ...Object.entries(users).map(([name, user]) => creation("/Users", `users.${name}`, user)),
    ...Object.entries(groups).map(([name, group]) => creation("/Groups", `groups.${name}`, group)),
    { label: "the exchange", keepAs: "response", request, response },
    ...then.map((exchange, at) => ({ label: `then ${at + 1}`, ...exchange })),
  ];
}

const creation = (path: string, keepAs: string, body: Resource): Step => ({
  label: `given ${keepAs}`,
  isGiven: true,
  keepAs,
  request: { method: "POST", path, body },
  response: { status: 201 },
});

function requestToSend(
  { method, path, headers, body }: z.infer<typeof request>,
  known: Known,
): SentRequest {
  const filled = body === undefined ? undefined : fill(body, known);
  const contentType = { "content-type": "application/scim+json; charset=utf-8" };
  return {
    method,
    path: fillText(path, known),
    headers: { ...(filled === undefined ? {} : contentType), ...lowerCaseNames(headers ?? {}) },
    body: filled === undefined || typeof filled === "string" ? filled : JSON.stringify(filled),
  };
}

function answerMismatches(
  expected: z.infer<typeof response>,
  answer: Answer,
  known: Known,
): readonly string[] {
  const statuses = [expected.status].flat();
  const { detail } = isObject(answer.body) ? answer.body : {};
  const because = detail === undefined ? "" : ` (${show(detail)})`;
  const status = statuses.includes(answer.status)
    ? []
    : [`the status is ${answer.status}${because}, not ${statuses.join(" or ")}`];

  const headers = Object.entries(lowerCaseNames(expected.headers ?? {})).flatMap(
    ([name, value]) => {
      const found = answer.headers[name];
      if (found?.startsWith(value)) return [];
      return [`the header ${name} is ${show(found)}, which does not begin with ${show(value)}`];
    },
  );

  const body =
    expected.body === undefined
      ? []
      : mismatches(fill(expected.body, known), answer.body, "the body");
  return [...status, ...headers, ...body, ...breachesOfProtocol(answer)];
}

/** What holds for every answer, whatever was asked (RFC 7644, sections 3.1 and 3.12). */
function breachesOfProtocol({ status, headers, body }: Answer): readonly string[] {
  if (body === undefined) return status >= 400 ? [`the status is ${status} without a body`] : [];
  if (status === 204) return ["the status is 204, but there is a body"];

  const type = headers["content-type"];
  // The Microsoft validator reads any other media type as an unsupported one.
  const wrongType = type?.startsWith("application/scim+json")
    ? []
    : [`the media type is ${show(type)}, not application/scim+json`];
  const error = { schemas: [errorUrn], status: `${status}` };
  return [...wrongType, ...(status >= 400 ? mismatches(error, body, "the error") : [])];
}

/**
 * Where `actual` lacks what is expected, as sentences that begin with `at`. Members that
 * are not expected may be there; arrays have as many values as expected, in any order;
 * an expected null means that there is nothing, not even a null.
 */
export function mismatches(
  expected: Json,
  actual: Json | undefined,
  at: string,
): readonly string[] {
  if (expected === null) {
    return actual === undefined ? [] : [`${at} is ${show(actual)}, but should be absent`];
  }
  if (actual === undefined) {
    return isNothing(expected) ? [] : [`${at} is absent, but should be ${show(expected)}`];
  }

  if (isArray(expected) && isArray(actual)) return arrayMismatches(expected, actual, at);
  if (isObject(expected) && isObject(actual)) {
    return Object.entries(expected).flatMap(([name, value]) =>
      mismatches(value, Object.hasOwn(actual, name) ? actual[name] : undefined, `${at}.${name}`),
    );
  }
  return expected === actual ? [] : [`${at} is ${show(actual)}, but should be ${show(expected)}`];
}

function arrayMismatches(
  expected: readonly Json[],
  actual: readonly Json[],
  at: string,
): readonly string[] {
  if (canPair(expected, actual)) return [];

  const [only] = expected;
  if (only !== undefined && expected.length === 1 && actual.length === 1) {
    return mismatches(only, actual[0], `${at}[0]`);
  }
  return [`${at} is ${show(actual)}, but should be ${show(expected)} in some order`];
}

/** Whether each expected value can have one of the actual values to itself, with none left over. */
function canPair(expected: readonly Json[], actual: readonly Json[]): boolean {
  const [first, ...rest] = expected;
  if (first === undefined) return actual.length === 0;
  return (
    (isNothing(first) && canPair(rest, actual)) ||
    actual.some(
      (value, at) =>
        mismatches(first, value, "").length === 0 && canPair(rest, actual.toSpliced(at, 1)),
    )
  );
}

/**
 * Whether an expected value says of all but its labels that they are absent. It may then
 * be absent as a whole: the RFCs leave open what becomes of a value that has lost its `value`.
 */
function isNothing(expected: Json): boolean {
  if (isArray(expected)) return expected.length > 0 && expected.every(isNothing);
  if (!isObject(expected)) return expected === null;
  const substance = Object.entries(expected).filter(
    ([name]) => name !== "type" && name !== "primary",
  );
  return substance.length > 0 && substance.every(([, value]) => isNothing(value));
}

type Known = ReadonlyMap<string, Json>;

const placeholders = /\$\{([^}]*)\}/g;

function placeholdersIn(parts: unknown): readonly string[] {
  return [...JSON.stringify(parts).matchAll(placeholders)].map(([, name = ""]) => name);
}

const isWithin = (root: string, placeholder: string) =>
  placeholder === root || placeholder.startsWith(`${root}.`);

function lookUp(placeholder: string, known: Known): Json | undefined {
  const root = [...known.keys()].find((name) => isWithin(name, placeholder));
  if (root === undefined) return undefined;
  const names = placeholder.slice(root.length).split(".").slice(1);
  return names.reduce<Json | undefined>(
    (value, name) => (isObject(value) ? value[name] : undefined),
    known.get(root),
  );
}

const fillText = (text: string, known: Known) =>
  text.replaceAll(placeholders, (_, placeholder: string) => {
    const value = lookUp(placeholder, known);
    return typeof value === "string" ? value : JSON.stringify(value);
  });

function fill(value: Json, known: Known): Json {
  if (typeof value === "string") return fillText(value, known);
  if (isArray(value)) return value.map((element) => fill(element, known));
  if (!isObject(value)) return value;
  const filled = Object.entries(value).map(([name, member]) => [name, fill(member, known)]);
  return Object.fromEntries(filled);
}

const lowerCaseNames = (headers: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));

const show = (value: Json | undefined) => JSON.stringify(value) ?? "absent";
