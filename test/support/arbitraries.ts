import * as fc from "fast-check";
import { ScimError } from "../../lambdas/scim/errors.ts";
import { comparisons, type Filter } from "../../lambdas/scim/filter/filter.ts";
import type { Json, JsonObject } from "../../lambdas/scim/json.ts";
import type { Attribute, ResourceType } from "../../lambdas/scim/schema.ts";

/** Names that every object of JavaScript knows. */
export const ownNames = ["__proto__", "constructor", "prototype", "toString", "hasOwnProperty"];

/** Whether `run` ends by itself or by a refusal; anything else that it throws fails the test. */
export function refusesAtMost(run: () => unknown): boolean {
  try {
    run();
  } catch (error) {
    if (!(error instanceof ScimError)) throw error;
    return error.status >= 400 && error.status < 500;
  }
  return true;
}

const all = (type: ResourceType) => [
  ...type.schema.attributes,
  ...type.extensions.flatMap(({ schema }) => schema.attributes),
];

/** Every way to name something of `type`, and some that name nothing. */
export function namesOf(type: ResourceType): readonly string[] {
  const urns = [type.schema, ...type.extensions.map(({ schema }) => schema)];
  const qualified = urns.flatMap(({ id, attributes }) => [
    id,
    ...attributes.slice(0, 5).map(({ name }) => `${id}:${name}`),
  ]);
  const names = all(type).flatMap(({ name, subAttributes = [] }) => [
    name,
    name.toUpperCase(),
    ...subAttributes.map((sub) => `${name}.${sub.name}`),
  ]);
  return [
    ...names,
    ...qualified,
    "id",
    "schemas",
    "meta",
    "meta.created",
    "",
    "x.y.z",
    ...ownNames,
  ];
}

const brackets = [
  "[value pr]",
  '[value eq "x"]',
  "[value gt 1]",
  '[type eq "work"].value',
  '[not (type eq "x")].display',
  '[value eq "x" or (value eq "y" and type pr)]',
  "[primary eq true].primary",
  "[__proto__ eq 1]",
  "[",
];

/** Paths of `type`, well-formed and not. */
export function pathsOf(type: ResourceType): fc.Arbitrary<string> {
  const name = fc.constantFrom(...namesOf(type));
  return fc.oneof(
    name,
    fc.tuple(name, fc.constantFrom(...brackets)).map((parts) => parts.join("")),
    fc.string(),
  );
}

/** Any JSON, with what `type` knows for names; objects as JSON.parse makes them. */
export function jsonOf(type: ResourceType): fc.Arbitrary<Json> {
  const inner = [...all(type), ...all(type).flatMap(({ subAttributes = [] }) => subAttributes)];
  const name = fc.oneof(
    fc.constantFrom(...namesOf(type)),
    fc.constantFrom(...new Set(inner.map((one) => one.name))),
    fc.string(),
  );
  const leaf = fc.oneof(
    fc.constantFrom<Json>("", "x", "YQ==", "2026-01-31T08:00:00Z", true, false, null, 1, 0.5),
    fc.string(),
    fc.double({ noNaN: true }),
  );
  return fc.letrec<{ json: Json }>((tie) => ({
    json: fc.oneof(
      { maxDepth: 5, withCrossShrink: true },
      leaf,
      fc.array(tie("json"), { maxLength: 4 }),
      fc
        .array(fc.tuple(name, tie("json")), { maxLength: 5 })
        .map((members): Json => Object.fromEntries(members)),
    ),
  })).json;
}

const texts = fc.constantFrom("a", "A", "b", "", "é", "e\u0301");
const simpleValues: Readonly<Record<Attribute["type"], fc.Arbitrary<Json>>> = {
  string: texts,
  reference: fc.constantFrom("https://x.example/a", "https://x.example/A", "Users/1"),
  boolean: fc.boolean(),
  integer: fc.integer({ min: -2, max: 2 }),
  decimal: fc.constantFrom(0.5, 1, -1.25),
  dateTime: fc.constantFrom(
    "2026-01-31T08:00:00Z",
    "2026-01-31T09:00:00+01:00",
    "2026-02-01T00:00:00",
  ),
  binary: fc.constantFrom("YQ==", "YQ", "yq=="),
  complex: fc.constant({}),
};

/** Something of the type of `attribute`, one value even where it may have several. */
export function oneValueOf(attribute: Attribute): fc.Arbitrary<Json> {
  if (!attribute.subAttributes) return simpleValues[attribute.type];
  // One is primary at most, which no value can know by itself.
  const subs = attribute.subAttributes.filter(({ name }) => name !== "primary");
  return membersOf(subs);
}

/** Something of the type of `attribute`. */
export function valueOf(attribute: Attribute): fc.Arbitrary<Json> {
  const one = oneValueOf(attribute);
  return attribute.multiValued ? fc.array(one, { maxLength: 4 }) : one;
}

function membersOf(attributes: readonly Attribute[]): fc.Arbitrary<JsonObject> {
  const required = attributes.filter((one) => one.required).map(({ name }) => name);
  const models = Object.fromEntries(
    attributes.map((one) => [one.name, one.required ? fc.constantFrom("a", "b") : valueOf(one)]),
  );
  return fc.record(models, { requiredKeys: required }) as fc.Arbitrary<JsonObject>;
}

/** The body of a resource of `type`. */
export function bodyOf(type: ResourceType): fc.Arbitrary<JsonObject> {
  const extensions = type.extensions.map(({ schema, required }) => {
    const held = membersOf(schema.attributes);
    const [first] = schema.attributes;
    if (first && required)
      return held.map((one) => ({ [schema.id]: { ...one, [first.name]: "a" } }));
    return fc.option(held, { nil: undefined }).map((one) => (one ? { [schema.id]: one } : {}));
  });
  return fc.tuple(membersOf(type.schema.attributes), ...extensions).map((parts) => ({
    schemas: [type.schema, ...type.extensions.map(({ schema }) => schema)].map(({ id }) => id),
    ...Object.assign({}, ...parts),
  }));
}

const filterName = fc.constantFrom("a", "not", "name.givenName", "$ref", "urn:x:y:2.0:Z:a", "pr");
const literal = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.constantFrom<string | boolean | null>("true", "\ud800", '"\\', true, false, null),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => (number === 0 ? 0 : number)),
  fc.integer(),
);

/** Trees as parseFilter makes them. */
export const filters: fc.Arbitrary<Filter> = fc.letrec<{ filter: Filter }>((tie) => {
  const operands = fc.array(tie("filter"), { minLength: 2, maxLength: 3 });
  return {
    filter: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      filterName.map((path): Filter => ({ kind: "present", path })),
      fc.record({
        kind: fc.constant("compare" as const),
        path: filterName,
        operator: fc.constantFrom(...comparisons),
        value: literal,
      }),
      operands.map((of): Filter => ({ kind: "and", operands: of })),
      operands.map((of): Filter => ({ kind: "or", operands: of })),
      tie("filter").map((operand): Filter => ({ kind: "not", operand })),
      fc.record({
        kind: fc.constant("valuePath" as const),
        path: filterName,
        filter: tie("filter"),
      }),
    ),
  };
}).filter;
