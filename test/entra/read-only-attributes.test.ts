import { expect, test } from "@jest/globals";
import { dropReadOnly } from "../../lambdas/entra/read-only-attributes.ts";
import { enterpriseUserUrn } from "../../lambdas/scim/urns.ts";
import { aim, type Short } from "./aim.ts";

test.each<{ sent: Short }>`
  sent
  ${["replace", "id", "x"]}
  ${["add", "schemas", ["urn:x"]]}
  ${["remove", "schemas"]}
  ${["remove", "meta.version"]}
  ${["replace", "groups", [{ value: "g" }]]}
  ${["replace", 'groups[value eq "g"].display', "x"]}
  ${["replace", `${enterpriseUserUrn}:manager.displayName`, "x"]}
`("$sent, which only the service sets, is left out", ({ sent }) => {
  expect(dropReadOnly(aim(sent))).toEqual([]);
});

test.each<{ sent: Short }>`
  sent
  ${["replace", "externalId", "x"]}
  ${["replace", "password", "x"]}
  ${["remove", `${enterpriseUserUrn}:manager`]}
  ${["replace", enterpriseUserUrn, { department: "D" }]}
  ${["add", 'emails[type eq "work"].value', "a"]}
`("$sent is left alone", ({ sent }) => {
  const operation = aim(sent);
  expect(dropReadOnly(operation)[0]).toBe(operation);
});
