import { afterAll, beforeAll, expect, test } from "@jest/globals";
import fc from "fast-check";
import { routes, routesOf } from "../../lambdas/routes.ts";
import {
  enterpriseUserUrn,
  groupUrn,
  patchOpUrn,
  searchRequestUrn,
  userUrn,
} from "../../lambdas/scim/urns.ts";
import { badgeUrn, deploymentTypes, deviceUrn, warrantyUrn } from "../support/deployment-types.ts";
import { type Answer, aService, type Service } from "../support/service.ts";

let service: Service;
beforeAll(async () => {
  service = await aService({}, deploymentTypes);
});
afterAll(() => service.stop());

const everyRoute: readonly string[] = [...Object.values(routes).flat(), ...routesOf("/Devices")];

const oneOf = <T>(...values: readonly T[]) => fc.constantFrom(...values);

/** Names that are known, nearly known and dangerous. */
const names = `userName displayName members emails name active groups id meta schemas externalId
  slots tags ports location.floor serialNumber ${warrantyUrn}:contract ${badgeUrn}:level
  pin roles manager password EMAILS name.givenName emails.value ${enterpriseUserUrn}:manager
  ${enterpriseUserUrn} ${userUrn}:title __proto__ constructor toString hasOwnProperty $ref é a.b.c`;
const name = oneOf("", " ", ...names.split(/\s+/));

const scalar = fc.oneof(
  oneOf<unknown>(null, true, false, "True", "", 0, -1, 1e308, "x", "bulkId:1", "\u0000", "💥"),
  fc.string({ unit: "binary", maxLength: 20 }).filter((text) => text.isWellFormed()),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
);

const json = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    scalar,
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(fc.oneof(name, oneOf("value", "type", "primary", "display")), tie("value"), {
      maxKeys: 4,
    }),
  ),
})).value;

const literal = fc.oneof(
  oneOf("true", "null", '"x"', '"True"', "1", "-1.5", '"2026-01-01T00:00:00Z"', "word", '"'),
  fc.string({ maxLength: 8 }).map((text) => JSON.stringify(text)),
);
const operator = oneOf("eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le", "EQ", "like", "pr");

const filter = fc.letrec<{ filter: string }>((tie) => ({
  filter: fc.oneof(
    { maxDepth: 3 },
    fc.tuple(name, operator, literal).map((parts) => parts.join(" ")),
    fc.tuple(name, tie("filter")).map(([path, inner]) => `${path}[${inner}]`),
    fc
      .tuple(tie("filter"), oneOf("and", "or", "xor"), tie("filter"))
      .map((parts) => parts.join(" ")),
    tie("filter").map((inner) => `not (${inner})`),
    tie("filter").map((inner) => `(${inner}`),
  ),
})).filter;

const path = fc.oneof(
  name,
  fc.tuple(name, filter).map(([head, inner]) => `${head}[${inner}]`),
  fc.tuple(name, filter, name).map(([head, inner, sub]) => `${head}[${inner}].${sub}`),
  fc.string({ maxLength: 12 }),
);

const operation = fc.record(
  { op: oneOf<unknown>("add", "Replace", "remove", "move", 1, null), path, value: json },
  { requiredKeys: ["op"] },
);

/** A body near enough to a right one to get past the first checks. */
const body = fc.oneof(
  fc.record({
    schemas: fc.constant([patchOpUrn]),
    Operations: fc.array(operation, { maxLength: 5 }),
  }),
  fc
    .tuple(json, oneOf(userUrn, groupUrn, deviceUrn, enterpriseUserUrn, searchRequestUrn))
    .map(([inner, urn]) => ({
      userName: `u${JSON.stringify(inner).length}`,
      displayName: "d",
      ...(typeof inner === "object" && inner !== null ? inner : { title: inner }),
      schemas: [urn],
    })),
  fc.record({
    schemas: fc.constant([searchRequestUrn]),
    filter,
    sortBy: name,
    attributes: fc.array(name, { maxLength: 3 }),
    count: oneOf<unknown>(0, 5, -1, "7", {}),
    cursor: oneOf<unknown>("", "x", 5),
  }),
  fc.record({
    schemas: fc.constant(["urn:ietf:params:scim:api:messages:2.0:BulkRequest"]),
    failOnErrors: oneOf<unknown>(1, 0, "x"),
    Operations: fc.array(
      fc.record({
        method: oneOf("POST", "PUT", "PATCH", "DELETE", "GET", "post"),
        path: oneOf("/Users", "/Groups", "/Users/bulkId:1", "/Bulk", "//", "Users/x"),
        bulkId: oneOf<unknown>("1", "2", "__proto__", "", 3),
        data: json,
      }),
      { maxLength: 4 },
    ),
  }),
  json,
  fc.string({ maxLength: 30 }),
);

const query = fc.dictionary(
  oneOf("filter", "FILTER", "sortBy", "sortOrder", "startIndex", "count", "cursor", "attributes"),
  fc.oneof(
    filter,
    name,
    oneOf("", "0", "-1", "1e9", "99999999999999999999", "descending", "a,b,,"),
  ),
  { maxKeys: 4 },
);

const headers = fc.dictionary(
  oneOf("If-Match", "If-None-Match", "Content-Type", "Prefer"),
  oneOf("*", 'W/"1"', "", "x", "text/html", ",,,"),
  { maxKeys: 2 },
);

const request = fc.record({
  route: oneOf(...everyRoute),
  id: oneOf("known", "known", "known", "..", "x", "%", "__proto__", "bulkId:1", "User"),
  body,
  query,
  headers,
});

const requests = 10_000;

test("no request ends in a 5xx other than 501, or without a SCIM message", async () => {
  const tenants = [
    await service.tenant(),
    await service.tenant(undefined, { strictness: "rfc", patchAnswers: { groups: "resource" } }),
  ];
  const wrong: unknown[] = [];
  const statuses = new Map<number, number>();

  const samples = fc.sample(request, { numRuns: requests, seed: 20_261_124 });
  const sendSome = async (own: typeof samples, { token }: { token: string }) => {
    const known = await existing(token);
    for (const { route, id, ...sent } of own) {
      const target = id === "known" ? known[kindOf(route)] : id;
      const answer = await service.send(route, { token, ...sent }, target);
      statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
      if (!isFitting(answer)) wrong.push({ route, target, sent, answer });
      if (answer.status === 204 && route.startsWith("DELETE"))
        Object.assign(known, await existing(token));
    }
  };
  await Promise.all(
    tenants.map((tenant, at) =>
      sendSome(
        samples.filter((_, index) => index % tenants.length === at),
        tenant,
      ),
    ),
  );

  expect(wrong.slice(0, 3)).toEqual([]);
  // Requests that are all refused would show nothing.
  expect(statuses.get(200)).toBeGreaterThan(requests / 20);
  expect(statuses.get(400)).toBeGreaterThan(requests / 20);
  expect(Object.hasOwn(Object.prototype, "x")).toBe(false);
}, 300_000);

const kindOf = (route: string) =>
  route.includes("Groups") ? "group" : route.includes("Devices") ? "device" : "user";

async function existing(token: string) {
  const create = async (route: string, body: object) =>
    String((await service.send(route, { token, body })).body.id);
  const unique = Math.random().toString(36).slice(2);
  return {
    user: await create("POST /Users", { schemas: [userUrn], userName: unique }),
    group: await create("POST /Groups", { schemas: [groupUrn], displayName: unique }),
    device: await create("POST /Devices", {
      schemas: [deviceUrn, warrantyUrn],
      displayName: unique,
      [warrantyUrn]: { contract: "c" },
    }),
  };
}

function isFitting({ status, body, headers }: Answer): boolean {
  if (headers["Content-Type"] !== "application/scim+json") return false;
  if (status === 204 || status === 304) return body === undefined;
  const isAllowed = status < 500 || status === 501;
  return isAllowed && typeof body === "object" && Array.isArray(body.schemas);
}
