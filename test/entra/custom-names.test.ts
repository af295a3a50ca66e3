import { expect, test } from "@jest/globals";
import { mentionsIn } from "../../lambdas/entra/custom-names.ts";
import type { Json } from "../../lambdas/scim/json.ts";
import { groupType, userType } from "../../lambdas/scim/resource-types.ts";
import { enterpriseUserUrn, groupUrn, patchOpUrn, userUrn } from "../../lambdas/scim/urns.ts";

const urn = "urn:ietf:params:scim:schemas:extension:Contoso:2.0:User";

/** The three places where an attribute's name may stand. */
const placesOf = (name: string): readonly Json[] => [
  { [urn]: { [name]: "x" } },
  { [`${urn}:${name}`]: "x" },
  { schemas: [patchOpUrn], Operations: [{ op: "Add", path: `${urn}:${name}`, value: "x" }] },
];

test.each(["Shoe", "shoe_size", "shoe-size", "$shoe", "2fa", "007", "_x", "Größe", "尺寸"])(
  "%s can be an attribute's name",
  (name) => {
    const mentions = placesOf(name).map((place) => mentionsIn(place, userType));
    expect(mentions).toEqual(mentions.map(() => [{ urn, name }]));
    expect(mentionsIn(`${urn}:${name} eq "x"`, userType)).toEqual([{ urn, name }]);
  },
);

test.each([
  ["Shoe Size", "a path may hold no space"],
  ["shoe.size", "a path is split at dots"],
  ["2.5", "a path is split at dots"],
  ["shoe[0]", "brackets hold a filter"],
  ["shoe,size", "a list of names is split at commas"],
  ['shoe"', "a path may hold no quote"],
  ["", "it is none"],
  ["__proto__", "all objects have it"],
  ["constructor", "all objects have it"],
  ["x".repeat(301), "it is too long"],
])("%s cannot be an attribute's name, since %s, and is ignored", (name) => {
  expect(placesOf(name).flatMap((place) => mentionsIn(place, userType))).toEqual([]);
});

test.each([userUrn, enterpriseUserUrn, `${enterpriseUserUrn}:x`, groupUrn, patchOpUrn, "urn:x:y"])(
  "%s is no extension of a client's own",
  (taken) => {
    expect(mentionsIn({ [taken]: { a: "x" } }, userType)).toEqual([]);
    expect(mentionsIn({ [`${taken}:a`]: "x" }, userType)).toEqual([]);
  },
);

test("another resource's core schema is none either", () => {
  expect(mentionsIn({ [userUrn]: { title: "x" } }, groupType)).toEqual([]);
});
