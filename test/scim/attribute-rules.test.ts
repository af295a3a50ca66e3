import { describe, expect, test } from "@jest/globals";
import { type AttributeSettings, attributeRules } from "../../lambdas/scim/attribute-rules.ts";
import type { JsonObject } from "../../lambdas/scim/json.ts";
import { applyPatch } from "../../lambdas/scim/patch/apply.ts";
import type { Operation } from "../../lambdas/scim/patch/read.ts";
import { userType } from "../../lambdas/scim/resource-types.ts";
import type { Schema } from "../../lambdas/scim/schema.ts";
import { enterpriseUserUrn, userUrn } from "../../lambdas/scim/urns.ts";
import { badgeUrn, deploymentTypes } from "../support/deployment-types.ts";

const work = { type: "work", value: "joy@example.com", primary: true };
const home = { type: "home", value: "joy@home.example.com" };

const joy: JsonObject = {
  schemas: [userUrn, enterpriseUserUrn],
  userName: "joy",
  externalId: "j-1",
  active: true,
  displayName: "Joy",
  name: { givenName: "Joy", familyName: "Young", honorificPrefix: "Dr" },
  emails: [{ ...work, display: "Joy" }, home],
  [enterpriseUserUrn]: { department: "Sales", manager: { value: "m-1", displayName: "Max" } },
};

const rulesOf = (settings: Partial<AttributeSettings>) =>
  attributeRules({ requiredAttributes: [], otherAttributes: "ignore", ...settings }, userType);

const accepting = (...acceptedAttributes: string[]) => rulesOf({ acceptedAttributes });
const refusing = (...acceptedAttributes: string[]) =>
  rulesOf({ acceptedAttributes, otherAttributes: "refuse" });

/** What every user has, of Joy. */
const base = { schemas: [userUrn], userName: "joy", externalId: "j-1", active: true };

describe("of a user that is sent whole there is kept", () => {
  test.each<{ accepted: string[]; kept: JsonObject; because: string }>([
    { accepted: [], kept: {}, because: "what every user has, and nothing else" },
    {
      accepted: ["name"],
      kept: { name: joy.name ?? null },
      because: "an attribute with all its sub-attributes",
    },
    {
      accepted: ["NAME.familyname"],
      kept: { name: { familyName: "Young" } },
      because: "only the sub-attribute that is named, in any case",
    },
    {
      accepted: ["name.middleName"],
      kept: {},
      because: "nothing of an attribute of which only what is not there is accepted",
    },
    {
      accepted: ["emails.value"],
      kept: { emails: [work, home] },
      because: "of each value what is named, and what tells it from the others",
    },
    {
      accepted: [`${enterpriseUserUrn}:department`],
      kept: {
        schemas: [userUrn, enterpriseUserUrn],
        [enterpriseUserUrn]: { department: "Sales" },
      },
      because: "an attribute of an extension",
    },
    {
      accepted: [`${enterpriseUserUrn}:manager.value`],
      kept: {
        schemas: [userUrn, enterpriseUserUrn],
        [enterpriseUserUrn]: { manager: { value: "m-1" } },
      },
      because: "a sub-attribute of an extension's attribute",
    },
    {
      accepted: [enterpriseUserUrn],
      kept: {
        schemas: [userUrn, enterpriseUserUrn],
        [enterpriseUserUrn]: joy[enterpriseUserUrn] ?? null,
      },
      because: "an extension as a whole",
    },
    {
      accepted: [`${userUrn}:displayName`, "noSuchThing"],
      kept: { displayName: "Joy" },
      because: "an attribute by its full name; what the schema does not have is no rule",
    },
  ])("$because ($accepted)", ({ accepted, kept }) => {
    expect(accepting(...accepted).accept(joy)).toEqual({ ...base, ...kept });
  });

  test("all where no attributes are named", () => {
    expect(rulesOf({}).accept(joy)).toBe(joy);
  });
});

test.each([
  [["name", "emails"], `displayName, ${enterpriseUserUrn} cannot be kept`],
  [
    ["name.familyName", "displayName", enterpriseUserUrn, "emails"],
    "name.givenName, name.honorificPrefix cannot",
  ],
  [["name", "displayName", "emails.value", enterpriseUserUrn], "emails.display cannot be kept"],
  [
    ["name", "displayName", "emails", `${enterpriseUserUrn}:manager.value`],
    `${enterpriseUserUrn}:department, ${enterpriseUserUrn}:manager.displayName cannot`,
  ],
])("where others are refused, accepting %j names them", (accepted, detail) => {
  expect(() => refusing(...accepted).accept(joy)).toThrow(
    expect.objectContaining({
      status: 400,
      scimType: "invalidValue",
      detail: expect.stringContaining(detail),
    }),
  );
});

describe("a PATCH", () => {
  const patch = (
    rules: ReturnType<typeof rulesOf>,
    before: JsonObject,
    ...operations: Operation[]
  ) => rules.change(before, applyPatch(before, rules.operations(operations), userType));

  const rows: { operation: Operation; names: string; because: string }[] = [
    {
      operation: { op: "replace", path: "displayName", value: "New" },
      names: "displayName",
      because: "sets an attribute that is not accepted",
    },
    {
      operation: { op: "add", path: "displayName", value: 5 },
      names: "displayName",
      because: "sets it to what it cannot be",
    },
    {
      operation: { op: "replace", path: `${enterpriseUserUrn}:department`, value: "x" },
      names: `${enterpriseUserUrn}:department`,
      because: "sets an attribute of an extension",
    },
    {
      operation: { op: "replace", path: "name.givenName", value: "x" },
      names: "name.givenName",
      because: "sets another sub-attribute than the one that is accepted",
    },
    {
      operation: { op: "add", path: "name", value: { givenName: "x" } },
      names: "name.givenName",
      because: "sets another sub-attribute by its attribute",
    },
    {
      operation: { op: "replace", value: { displayName: "x", "name.givenName": "y" } },
      names: "displayName, name.givenName",
      because: "sets them without a path",
    },
  ];
  const accepted = ["name.familyName", "emails.value"];

  test.each(rows)("that $because changes nothing where that is ignored", ({ operation }) => {
    expect(patch(accepting(...accepted), joy, operation)).toEqual(joy);
  });

  test.each(rows)("that $because is refused where that is refused", ({ operation, names }) => {
    expect(() => patch(refusing(...accepted), joy, operation)).toThrow(
      expect.objectContaining({
        scimType: "invalidValue",
        detail: expect.stringMatching(`^${names} cannot`),
      }),
    );
  });

  test.each<Operation>([
    { op: "remove", path: "displayName" },
    { op: "replace", path: "displayName", value: "" },
    { op: "replace", path: "name.givenName", value: null },
    { op: "replace", value: { displayName: null, "name.givenName": "" } },
  ])("that takes away what is not accepted changes nothing and is not refused: %j", (operation) => {
    const leaving: Operation = { op: "replace", path: "active", value: false };
    for (const rules of [accepting(...accepted), refusing(...accepted)])
      expect(patch(rules, joy, operation, leaving)).toEqual({ ...joy, active: false });
  });

  test("does what else it says where something is ignored", () => {
    const operation = {
      op: "replace",
      value: { displayName: "x", active: false, name: { familyName: "Old", givenName: "y" } },
    } as const;
    expect(patch(accepting(...accepted), joy, operation)).toEqual({
      ...joy,
      active: false,
      name: { givenName: "Joy", honorificPrefix: "Dr", familyName: "Old" },
    });
  });

  test("of one among several values finds it again, and makes no other", () => {
    const rules = refusing(...accepted);
    const path = 'emails[type eq "work"].value';
    const first = patch(rules, base, { op: "add", path: "emails", value: [work] });
    const second = patch(rules, first, { op: "replace", path, value: "new@example.com" });
    expect(second.emails).toEqual([{ ...work, value: "new@example.com" }]);
  });

  test("that adds a value again makes no second one of what is kept of it", () => {
    const rules = accepting("addresses.country");
    const value = [{ type: "work", country: "DE", locality: "Berlin" }];
    const first = patch(rules, base, { op: "add", path: "addresses", value });
    expect(first.addresses).toEqual([{ type: "work", country: "DE" }]);
    expect(patch(rules, first, { op: "add", path: "addresses", value })).toEqual(first);
  });

  test("of what nobody has is left for PATCH to refuse", () => {
    const operation = { op: "replace", path: "nickname.x", value: "x" } as const;
    expect(() => patch(accepting(), joy, operation)).toThrow(
      expect.objectContaining({ scimType: "invalidPath" }),
    );
  });
});

describe("a deployment's own schema", () => {
  const { user } = deploymentTypes;
  const badge = { badgeNumber: "7", level: 2, holder: { kind: "clip", colour: "red" } };
  const given = { ...base, [badgeUrn]: badge };

  test("has attributes that are accepted and required as others are", () => {
    const paths = [`${badgeUrn}:badgeNumber`, `${badgeUrn}:holder.kind`];
    const { accept, check } = attributeRules(
      { requiredAttributes: paths, acceptedAttributes: paths, otherAttributes: "ignore" },
      user,
    );
    const kept = { badgeNumber: "7", holder: { kind: "clip" } };
    expect(accept(given)).toEqual({ ...base, schemas: [userUrn, badgeUrn], [badgeUrn]: kept });
    expect(() => check({ ...base, [badgeUrn]: { badgeNumber: "7" } })).toThrow(
      `must have ${badgeUrn}:holder.kind;`,
    );
  });

  test("keeps what it requires itself, so that users can be created", () => {
    const required = {
      ...user,
      extensions: user.extensions.map(({ schema }) => requiring(schema)),
    };
    const { accept } = attributeRules(
      { requiredAttributes: [], acceptedAttributes: [], otherAttributes: "refuse" },
      required,
    );
    const schemas = [userUrn, badgeUrn];
    const needed = { ...base, schemas, [badgeUrn]: { badgeNumber: "7" } };
    expect(accept(needed)).toEqual(needed);
    expect(() => accept(given)).toThrow(`${badgeUrn}:level, ${badgeUrn}:holder cannot be kept`);
  });

  /** The schema's extension as one that every user must have, with its first attribute. */
  const requiring = (schema: Schema) => ({
    schema: {
      ...schema,
      attributes: schema.attributes.map((one, at) => ({ ...one, required: at === 0 })),
    },
    required: schema.id === badgeUrn,
  });
});

describe("what is required", () => {
  const bare = { schemas: [userUrn], userName: "joy" };
  const department = `${enterpriseUserUrn}:department`;

  test.each<{ path: string; has: JsonObject; lacks: JsonObject }>([
    { path: "displayName", has: { displayName: "x" }, lacks: { displayName: "" } },
    {
      path: "name.familyName",
      has: { name: { familyName: "x" } },
      lacks: { name: { givenName: "x" } },
    },
    { path: "Name", has: { name: { givenName: "x" } }, lacks: {} },
    { path: "emails", has: { emails: [home] }, lacks: { emails: [] } },
    { path: "emails.value", has: { emails: [home] }, lacks: { emails: [{ type: "home" }] } },
    {
      path: 'emails[type eq "work"].value',
      has: { emails: [home, work] },
      lacks: { emails: [home] },
    },
    { path: 'emails[type eq "work"]', has: { emails: [work] }, lacks: { emails: [home] } },
    {
      path: department,
      has: { [enterpriseUserUrn]: { department: "x" } },
      lacks: { [enterpriseUserUrn]: { division: "x" } },
    },
    { path: "active", has: { active: false }, lacks: {} },
  ])("is there or not: $path", ({ path, has, lacks }) => {
    const { check } = rulesOf({ requiredAttributes: [path] });
    const refusal = expect.objectContaining({
      status: 400,
      scimType: "invalidValue",
      detail: `A user of this tenant must have ${path}; map an attribute to it in Entra that has a value for this user.`,
    });
    check({ ...bare, ...has });
    expect(() => check({ ...bare, ...lacks })).toThrow(refusal);
    // A change may not take it away, and is not refused for what was lacking before.
    expect(() => check({ ...bare, ...lacks }, { ...bare, ...has })).toThrow(refusal);
    check({ ...bare, ...lacks, title: "x" }, { ...bare, ...lacks });
  });

  test("is named all at once", () => {
    const { check } = rulesOf({ requiredAttributes: ["emails", "title", "userName"] });
    expect(() => check(bare)).toThrow("must have emails, title;");
  });

  test("is not asked for where the schema does not have it, or it is not kept", () => {
    const { check } = rulesOf({ requiredAttributes: ["noSuchThing", "password"] });
    expect(() => check(bare)).not.toThrow();
  });
});
