import { expect, test } from "@jest/globals";
import { checkAttributeSettings } from "../../lambdas/scim/check-attribute-settings.ts";
import { userType } from "../../lambdas/scim/resource-types.ts";
import { enterpriseUserUrn } from "../../lambdas/scim/urns.ts";

test.each([
  [{}],
  [{ requiredAttributes: ["emails", "name.familyName", 'emails[type eq "work"].value'] }],
  [{ requiredAttributes: [`${enterpriseUserUrn}:department`, "active"] }],
  [{ acceptedAttributes: [] }],
  [{ acceptedAttributes: ["name", enterpriseUserUrn, "groups"] }],
  [{ requiredAttributes: ["name.familyName", "userName"], acceptedAttributes: ["name"] }],
  [{ requiredAttributes: ['emails[type eq "work"].value'], acceptedAttributes: ["emails.value"] }],
])("%j can be kept", (settings) => {
  expect(() => checkAttributeSettings(settings, userType)).not.toThrow();
});

test.each([
  [
    { requiredAttributes: ["nickname.first"] },
    'requiredAttributes has "nickname.first", which is no attribute of a User',
  ],
  [
    { requiredAttributes: ["emails[type eq"] },
    'requiredAttributes: The path "emails[type eq" cannot be read.',
  ],
  [{ requiredAttributes: ['emails[colour eq "x"].value'] }, "which is no attribute of a User"],
  [
    { requiredAttributes: ["groups"] },
    'requiredAttributes has "groups", which is set by the service alone',
  ],
  [{ requiredAttributes: ["password"] }, "or not kept; take it out"],
  [
    { acceptedAttributes: ["shoeSize"] },
    'acceptedAttributes has "shoeSize", which is no attribute of a User',
  ],
  [{ acceptedAttributes: ['emails[type eq "work"]'] }, "acceptedAttributes has"],
  [{ acceptedAttributes: ["urn:example:made-up:1.0:User:x"] }, "acceptedAttributes has"],
  [
    { requiredAttributes: ["name.familyName"], acceptedAttributes: ["name.givenName"] },
    'requiredAttributes has "name.familyName", which is not among acceptedAttributes',
  ],
])("%j is refused: %s", (settings, detail) => {
  expect(() => checkAttributeSettings(settings, userType)).toThrow(
    expect.objectContaining({ status: 400, detail: expect.stringContaining(detail) }),
  );
});
