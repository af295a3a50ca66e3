import { expect, test } from "@jest/globals";
import { dropUnsaid, readEmptyStrings, removeEmptied } from "../../lambdas/entra/empty-strings.ts";
import type { Json } from "../../lambdas/scim/json.ts";
import { enterpriseUserUrn } from "../../lambdas/scim/urns.ts";
import { aim, at, type Short, short } from "./aim.ts";

const manager = `${enterpriseUserUrn}:manager`;

test.each<{ path: string; sent: Json; read: Json }>`
  path           | sent                                 | read
  ${"title"}     | ${""}                                | ${null}
  ${"emails"}    | ${""}                                | ${null}
  ${"emails"}    | ${[{ type: "work", value: "" }]}     | ${[]}
  ${"emails"}    | ${["", { value: "a" }, null]}        | ${[{ value: "a" }]}
  ${"emails"}    | ${[{ VALUE: null, display: "x" }]}   | ${[]}
  ${"emails"}    | ${[{ value: "a", display: "" }]}     | ${[{ value: "a", display: null }]}
  ${"addresses"} | ${[{ type: "work", locality: "" }]}  | ${[]}
  ${"addresses"} | ${[{ country: "GB", locality: "" }]} | ${[{ country: "GB", locality: null }]}
  ${"name"}      | ${{ givenName: "" }}                 | ${{ givenName: null }}
  ${manager}     | ${{ value: "" }}                     | ${null}
  ${manager}     | ${{ value: "", $ref: "/Users/m" }}   | ${null}
`("of $path, $sent says $read", ({ path, sent, read }) => {
  expect(readEmptyStrings(sent, at(path))).toEqual(read);
});

test.each<{ path: string; value: Json }>`
  path        | value
  ${"title"}  | ${"Engineer"}
  ${"title"}  | ${" "}
  ${"title"}  | ${null}
  ${"active"} | ${false}
  ${"name"}   | ${{ givenName: "G" }}
  ${"emails"} | ${[{ type: "work" }, { value: "a" }]}
  ${"emails"} | ${[]}
  ${manager}  | ${{ value: "m", unknown: "" }}
`("of $path, $value is left alone", ({ path, value }) => {
  expect(readEmptyStrings(value, at(path))).toBe(value);
});

test.each<{ sent: Short; because: string }>`
  sent                                                 | because
  ${["replace", "active", ""]}                         | ${"an expression without a result disables nobody and enables nobody"}
  ${["add", "active", ""]}                             | ${"nor does it when it is added"}
  ${["replace", 'emails[type eq "work"].primary', ""]} | ${"nor does it take the primary away"}
  ${["remove", "emails", ""]}                          | ${"it names no e-mail"}
  ${["add", "emails", ""]}                             | ${"it adds no e-mail"}
  ${["add", "roles", null]}                            | ${"it adds no role"}
`("$sent is dropped: $because", ({ sent }) => {
  expect(dropUnsaid(aim(sent))).toEqual([]);
});

test.each<{ sent: Short }>`
  sent
  ${["replace", "active", null]}
  ${["remove", "active", ""]}
  ${["replace", "active", "False"]}
  ${["replace", "title", ""]}
  ${["add", "title", ""]}
  ${["add", "title", null]}
  ${["replace", "emails", ""]}
  ${["replace", "emails", null]}
  ${["remove", "emails"]}
  ${["remove", "emails", null]}
  ${["remove", "emails", [{ value: "a" }]]}
  ${["add", "emails", [{ value: "a" }]]}
  ${["remove", 'emails[type eq "work"].value', ""]}
  ${["add", 'emails[type eq "work"].value', ""]}
  ${["remove", manager, ""]}
`("$sent says something and is left alone", ({ sent }) => {
  const operation = aim(sent);
  expect(dropUnsaid(operation)[0]).toBe(operation);
});

test("a boolean that an empty string stands for is left out of what is merged", () => {
  const email = { ...at("emails"), multiValued: false };
  expect(readEmptyStrings({ value: "a", primary: "" }, email)).toEqual({ value: "a" });
});

test.each<{ sent: Short; made: Short }>`
  sent                           | made
  ${["replace", "title", null]}  | ${["remove", "title"]}
  ${["add", "title", null]}      | ${["remove", "title"]}
  ${["replace", "emails", null]} | ${["remove", "emails"]}
`("$sent, which was empty, becomes $made", ({ sent, made }) => {
  expect(short(removeEmptied(aim(sent)))).toEqual([made]);
});

test.each<{ sent: Short }>`
  sent
  ${["replace", "title", "x"]}
  ${["add", "emails", []]}
  ${["remove", "emails", null]}
  ${["remove", "title"]}
`("$sent is no clearing and left alone", ({ sent }) => {
  const operation = aim(sent);
  expect(removeEmptied(operation)[0]).toBe(operation);
});
