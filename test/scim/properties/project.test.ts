import { expect, test } from "@jest/globals";
import * as fc from "fast-check";
import { isHidden } from "../../../lambdas/scim/attributes.ts";
import { isObject, type Json, type JsonObject } from "../../../lambdas/scim/json.ts";
import { afterWriting, project, readProjection } from "../../../lambdas/scim/project.ts";
import { groupType, userType } from "../../../lambdas/scim/resource-types.ts";
import type { Attribute, ResourceType } from "../../../lambdas/scim/schema.ts";
import { bodyOf, namesOf } from "../../support/arbitraries.ts";
import { everyKindType } from "../../support/every-kind.ts";

const types = [everyKindType, userType, groupType].map((type) => [type.name, type] as const);

const listOf = (type: ResourceType) =>
  fc.array(fc.constantFrom(...namesOf(type)), { maxLength: 6 }).map((names) => names.join(", "));

const queryOf = (type: ResourceType) =>
  fc.record({ attributes: listOf(type), excludedAttributes: listOf(type) }, { requiredKeys: [] });

/** Every attribute that is seen anywhere in `value`. */
function seenIn(attributes: readonly Attribute[], value: Json): readonly Attribute[] {
  if (Array.isArray(value)) return value.flatMap((one) => seenIn(attributes, one));
  if (!isObject(value)) return [];
  return attributes
    .filter(({ name }) => Object.hasOwn(value, name))
    .flatMap((one) => [one, ...seenIn(one.subAttributes ?? [], value[one.name] ?? null)]);
}

const seenOf = (type: ResourceType, resource: JsonObject) => [
  ...seenIn(type.schema.attributes, resource),
  ...type.extensions.flatMap(({ schema }) =>
    seenIn(schema.attributes, resource[schema.id] ?? null),
  ),
];

test.each(types)(
  "of a %s nothing is shown that is for nobody's eyes, whatever is asked for",
  (_, type) => {
    fc.assert(
      fc.property(bodyOf(type), queryOf(type), (resource, query) => {
        const projection = afterWriting(readProjection(query, type), undefined, resource);
        expect(seenOf(type, project(resource, type, projection)).filter(isHidden)).toEqual([]);
      }),
      { numRuns: 400 },
    );
  },
);

test.each(types)(
  "of a %s the least is always shown, and nothing that it does not have",
  (_, type) => {
    fc.assert(
      fc.property(bodyOf(type), queryOf(type), (body, query) => {
        const resource: JsonObject = { id: "1", ...body };
        const shown = project(resource, type, readProjection(query, type));
        expect(shown).toMatchObject({ schemas: resource["schemas"], id: "1" });
        const lost = type.schema.attributes.filter(
          ({ name, returned, subAttributes }) =>
            returned === "always" && !subAttributes && name in resource && !(name in shown),
        );
        expect(lost).toEqual([]);
        expect(Object.keys(shown).filter((name) => !Object.hasOwn(resource, name))).toEqual([]);
        // What is shown, shown again in the same way, is the same.
        expect(project(shown, type, readProjection(query, type))).toEqual(shown);
      }),
      { numRuns: 400 },
    );
  },
);
