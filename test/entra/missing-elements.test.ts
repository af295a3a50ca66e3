import { expect, test } from "@jest/globals";
import { createMissingElements } from "../../lambdas/entra/missing-elements.ts";
import { enterpriseUserUrn } from "../../lambdas/scim/urns.ts";
import { aim, type Short, short } from "./aim.ts";

const manager = `${enterpriseUserUrn}:manager`;
const work = 'emails[type eq "work"]';

test.each<{ sent: Short; made: readonly Short[] }>`
  sent                                                       | made
  ${["replace", `${work}.value`, "a"]}                       | ${[["add", `${work}.value`, "a"]]}
  ${["replace", 'roles[primary eq "True"].value', "A"]}      | ${[["add", 'roles[primary eq "True"].value', "A"]]}
  ${["replace", work, { value: "a" }]}                       | ${[["add", work, { type: "work" }], ["replace", work, { type: "work", value: "a" }]]}
  ${["replace", work, { type: "home" }]}                     | ${[["add", work, { type: "work" }], ["replace", work, { type: "home" }]]}
  ${["replace", `${manager}[value eq "m"]`, { value: "n" }]} | ${[["add", `${manager}[value eq "m"]`, { value: "n" }]]}
`("$sent becomes $made, which creates what is missing", ({ sent, made }) => {
  expect(short(createMissingElements(aim(sent)))).toEqual(made);
});

test.each<{ sent: Short }>`
  sent
  ${["add", `${work}.value`, "a"]}
  ${["remove", `${work}.value`]}
  ${["replace", "emails", [{ value: "a" }]]}
  ${["replace", "emails.type", "work"]}
  ${["replace", "title", "x"]}
  ${["replace", 'emails[type sw "w"].value', "a"]}
  ${["replace", 'emails[type eq "work" or type eq "home"].value', "a"]}
  ${["replace", work, "a"]}
`("$sent is left alone", ({ sent }) => {
  const operation = aim(sent);
  expect(createMissingElements(operation)[0]).toBe(operation);
});
