import { describe, expect, test } from "@jest/globals";
import * as fc from "fast-check";
import { withCustomExtensions } from "../../lambdas/entra/custom-extensions.ts";
import { normalisePatch } from "../../lambdas/entra/normalise-patch.ts";
import { normaliseResource } from "../../lambdas/entra/normalise-resource.ts";
import { ScimError } from "../../lambdas/scim/errors.ts";
import { isObject, type Json, type JsonObject } from "../../lambdas/scim/json.ts";
import { applyPatch } from "../../lambdas/scim/patch/apply.ts";
import { readMembers, splitMembership } from "../../lambdas/scim/patch/membership.ts";
import { readOperations } from "../../lambdas/scim/patch/read.ts";
import { groupType, userType } from "../../lambdas/scim/resource-types.ts";
import type { ResourceType } from "../../lambdas/scim/schema.ts";
import { enterpriseUserUrn, groupUrn, patchOpUrn, userUrn } from "../../lambdas/scim/urns.ts";
import { readResource } from "../../lambdas/scim/validate.ts";
import { anyJson } from "./any-json.ts";
import { everyKind, everyKindExtensionUrn, everyKindUrn } from "./every-kind.ts";

/** A resource of `type`, and the names and URNs that bodies are to be about. */
interface Subject {
  readonly type: ResourceType;
  readonly held: JsonObject;
  readonly words: readonly string[];
  readonly urns: readonly [string, ...string[]];
}

const own = ["urn:x:Own:2.0:User", "urn:x:Own:2.0:User:a"];

const user: Subject = {
  type: userType,
  held: { schemas: [userUrn], id: "1", userName: "u", emails: [{ value: "a", type: "work" }] },
  words: [
    "userName",
    "displayName",
    "NAME",
    "name.givenName",
    "emails",
    "roles",
    "active",
    "manager",
    "members",
    "value",
    "primary",
    "type",
  ],
  urns: [userUrn, groupUrn, enterpriseUserUrn, ...own],
};

const group: Subject = {
  type: groupType,
  held: { schemas: [groupUrn], id: "1", displayName: "g" },
  words: ["displayName", "externalId", "members", "MEMBERS", "value", "$ref", "type"],
  urns: [groupUrn, userUrn, enterpriseUserUrn, ...own],
};

const device: Subject = {
  type: everyKind,
  held: {
    schemas: [everyKindUrn],
    id: "1",
    code: "c",
    owner: { value: "o" },
    born: 7,
    births: ["a"],
    integers: [7],
    integerValues: [{ value: 7, type: "work" }],
  },
  words: everyKind.schema.attributes.flatMap(({ name }) => [name, `${name}.value`]),
  urns: [everyKindUrn, everyKindExtensionUrn, userUrn, ...own],
};

/** Whether `run` ends by itself or by a refusal; anything else it throws fails the test. */
function refusesAtMost(run: () => unknown): boolean {
  try {
    run();
  } catch (error) {
    if (!(error instanceof ScimError)) throw error;
    return error.status >= 400 && error.status < 500;
  }
  return true;
}

const isGroup = ({ schema }: ResourceType) => schema.id === groupUrn;

/** What a group's members say is split off first, as its actions do. */
function createdOf(given: Json | undefined, type: ResourceType): JsonObject {
  const body = isGroup(type) ? readMembers(given).resource : given;
  return readResource(body, type);
}

function patchedOf(held: JsonObject, given: Json | undefined, type: ResourceType): JsonObject {
  const operations = readOperations(given);
  const { attributes } = isGroup(type)
    ? splitMembership(operations, type)
    : { attributes: operations };
  return applyPatch(held, attributes, type);
}

const runs = { numRuns: 2000 };

describe.each([user, group, device])("of a $type.name", ({ type, held, words, urns }) => {
  const { json, patchOp, members } = anyJson(words, urns);
  const { id: _, ...given } = held;
  const body = fc.oneof(
    json,
    members.map((more): Json => ({ ...given, ...(isObject(more) && more) })),
  );

  test("no body makes a create throw anything but a refusal", () => {
    fc.assert(
      fc.property(body, (sent) => {
        expect(refusesAtMost(() => createdOf(sent, type))).toBe(true);
      }),
      runs,
    );
  });

  test("what a tolerated create keeps is a resource that the strict core accepts as it is", () => {
    fc.assert(
      fc.property(body, (sent) => {
        const create = () => {
          const extended = withCustomExtensions(type, sent);
          const resource = createdOf(normaliseResource(sent, extended), extended);
          expect(readResource(resource, extended)).toEqual(resource);
        };
        expect(refusesAtMost(create)).toBe(true);
      }),
      runs,
    );
  });

  test("no body makes a PATCH throw anything but a refusal, and none pollutes what all objects have", () => {
    fc.assert(
      fc.property(fc.oneof(patchOp, json), (sent) => {
        expect(refusesAtMost(() => patchedOf(held, sent, type))).toBe(true);
      }),
      runs,
    );
    expect(Object.keys(Object.prototype)).toEqual([]);
  });

  test("what a tolerated PATCH leaves is a resource that the strict core accepts as it is", () => {
    fc.assert(
      fc.property(
        fc.oneof({ weight: 9, arbitrary: patchOp }, { weight: 1, arbitrary: json }),
        (sent) => {
          const patch = () => {
            const extended = withCustomExtensions(type, held, sent);
            const { id: _, ...after } = patchedOf(held, normalisePatch(sent, extended), extended);
            expect(readResource(after, extended)).toEqual(after);
          };
          expect(refusesAtMost(patch)).toBe(true);
        },
      ),
      runs,
    );
    expect(Object.keys(Object.prototype)).toEqual([]);
  });
});

test("deep nesting and long lists of brackets are only refused or ignored", () => {
  const deep = JSON.parse(`${"[".repeat(200_000)}${"]".repeat(200_000)}`);
  const brackets = "[".repeat(1_000_000);
  for (const value of [deep, brackets, { value: deep }, [deep]]) {
    for (const at of [
      "title",
      "emails",
      "roles",
      "manager",
      "members",
      "name",
      brackets,
      `emails${brackets}`,
    ]) {
      const given = {
        schemas: [patchOpUrn],
        Operations: [
          { op: "add", path: at, value },
          { op: "add", value: { [at]: value } },
        ],
      };
      expect(
        refusesAtMost(() =>
          applyPatch(user.held, readOperations(normalisePatch(given, userType)), userType),
        ),
      ).toBe(true);
      expect(
        refusesAtMost(() =>
          splitMembership(readOperations(normalisePatch(given, groupType)), groupType),
        ),
      ).toBe(true);
      expect(
        refusesAtMost(() =>
          readResource(normaliseResource({ userName: "u", [at]: value }, userType), userType),
        ),
      ).toBe(true);
    }
  }
});
