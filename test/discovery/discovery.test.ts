import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { Json, JsonObject } from "../../lambdas/scim/json.ts";
import { isArray, isObject } from "../../lambdas/scim/json.ts";
import type { Attribute } from "../../lambdas/scim/schema.ts";
import { discoverySchemas } from "../../lambdas/scim/schemas/discovery.ts";
import {
  enterpriseUserUrn,
  groupUrn,
  resourceTypeUrn,
  schemaUrn,
  serviceProviderConfigUrn,
  userUrn,
} from "../../lambdas/scim/urns.ts";
import { deploymentTypes, deviceUrn } from "../support/deployment-types.ts";
import { aService, type Service } from "../support/service.ts";

let service: Service;
beforeAll(async () => {
  service = await aService({}, deploymentTypes);
});
afterAll(() => service.stop());

const resourcesOf = async (route: string) => {
  const { body } = await service.send(route);
  return isArray(body.Resources) ? body.Resources.filter(isObject) : [];
};

test("every schema is listed once, and found by its id in any case", async () => {
  const ids = (await resourcesOf("GET /Schemas")).map(({ id }) => String(id));
  expect(new Set(ids).size).toBe(ids.length);
  const known = [userUrn, enterpriseUserUrn, groupUrn, deviceUrn];
  const ofDiscovery = [serviceProviderConfigUrn, resourceTypeUrn, schemaUrn];
  for (const urn of known.concat(ofDiscovery)) expect(ids).toContain(urn);
  for (const id of ids) {
    const { body } = await service.send("GET /Schemas/{id}", {}, id.toUpperCase());
    expect(body).toMatchObject({ id, schemas: [schemaUrn], meta: { resourceType: "Schema" } });
  }
});

test("no schema says null, and each attribute has every characteristic", async () => {
  const schemas = await resourcesOf("GET /Schemas");
  expect(JSON.stringify(schemas)).not.toContain("null");
  const attributes = schemas.flatMap((schema) => attributesIn(schema.attributes));
  expect(attributes.length).toBeGreaterThan(100);
  for (const one of attributes) {
    for (const name of ["name", "type", "multiValued", "description", "required", "caseExact"])
      expect(one).toHaveProperty(name);
    for (const name of ["mutability", "returned", "uniqueness"]) expect(one).toHaveProperty(name);
    expect(one.type === "complex").toBe("subAttributes" in one);
    expect(one.type === "reference").toBe("referenceTypes" in one);
  }
});

function attributesIn(listed: Json | undefined): readonly JsonObject[] {
  const attributes = isArray(listed) ? listed.filter(isObject) : [];
  return attributes.flatMap((one) => [one, ...attributesIn(one.subAttributes)]);
}

test.each([
  ["GET /ServiceProviderConfig", serviceProviderConfigUrn],
  ["GET /ResourceTypes", resourceTypeUrn],
  ["GET /Schemas", schemaUrn],
])("%s answers with nothing that its own schema does not have", async (route, urn) => {
  const schema = discoverySchemas.find(({ id }) => id === urn);
  const { body } = await service.send(route);
  // The schema of schemas describes itself one level deeper than it can say.
  const all = isArray(body.Resources) ? body.Resources.filter(isObject) : [body];
  const answered = all.filter(({ id }) => id !== schemaUrn);
  for (const resource of answered)
    expect(unknownIn(resource, schema?.attributes ?? [])).toEqual([]);
});

/** The names that `value` has and `attributes` lack, save those that every resource has. */
function unknownIn(value: Json | undefined, attributes: readonly Attribute[]): readonly string[] {
  if (isArray(value)) return value.flatMap((one) => unknownIn(one, attributes));
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([name, member]) => {
    if (["schemas", "id", "meta"].includes(name)) return [];
    const attribute = attributes.find((one) => one.name === name);
    return attribute ? unknownIn(member, attribute.subAttributes ?? []) : [name];
  });
}

test("a service's config tells what it does, with its limits", async () => {
  const { body } = await service.send("GET /ServiceProviderConfig");
  expect(body).toMatchObject({
    bulk: { supported: true, maxOperations: 1000, maxPayloadSize: 1_048_576 },
    filter: { supported: true, maxResults: 200 },
    sort: { supported: true },
    etag: { supported: true },
    pagination: { cursor: true, index: true, maxPageSize: 200, cursorTimeout: 3600 },
  });
});

test("what is not known is 404", async () => {
  for (const route of ["GET /Schemas/{id}", "GET /ResourceTypes/{id}"])
    expect((await service.send(route, {}, "nothing")).status).toBe(404);
});
