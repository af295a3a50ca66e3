import { expect, test } from "@jest/globals";
import { columnsOf, readMapping, reasonHeader } from "../../cli/csv-columns.ts";
import { syncedRows } from "../../cli/user-match-rows.ts";

const none = new Map<string, string>();
const pathsOf = (headers: readonly string[], map: ReadonlyMap<string, string> = none) =>
  columnsOf(headers, map).map(({ path }) => path);

test.each([
  ["User Name", "userName"],
  ["userPrincipalName", "userName"],
  ["E-Mail", 'emails[type eq "work"].value'],
  ["first_name", "name.givenName"],
  ["Surname", "name.familyName"],
  ["displayName", "displayName"],
  ["Account Enabled", "active"],
  ["Department", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department"],
  ["name.givenName", "name.givenName"],
  ["Shoe size", "Shoe size"],
  ["constructor", "constructor"],
])("the column %j stands for %s", (header, path) => {
  expect(pathsOf([header])).toEqual([path]);
});

test("what is mapped goes before what a column is usually called", () => {
  const map = readMapping("MAIL=userName", readMapping('No=urn:x:1.0:User:a[b eq "c=d"]'));
  expect(pathsOf(["Mail", "no"], map)).toEqual(["userName", 'urn:x:1.0:User:a[b eq "c=d"]']);
});

test("a mapping of a column that is not there is refused, as is one that is no mapping", () => {
  expect(() => pathsOf(["a", "b"], new Map([["c", "userName"]]))).toThrow(
    'There is no column "c"; there are "a", "b"',
  );
  for (const text of ["userName", "=userName", "a="])
    expect(() => readMapping(text)).toThrow("column=attribute");
});

test("two columns of one attribute are refused", () => {
  expect(() => pathsOf(["Mail", "email"])).toThrow('"Mail" and "email" both stand for emails');
});

test("the reasons in a file of refused rows are no column", () => {
  expect(pathsOf(["userName", reasonHeader])).toEqual(["userName"]);
});

const rows = [
  { line: 2, cells: ["bob@x.org", "Bob", "b.li@x.org", "o-1", "True"] },
  { line: 3, cells: ["ann@x.org", "Ann", "", "o-2", "True"] },
];
const headers = ["userPrincipalName", "displayName", "mail", "objectId", "accountEnabled"];

test("what Entra's admin center downloads is read as what the sync would send", () => {
  expect(syncedRows({ headers, rows }, "userName", none)).toEqual([
    { line: 2, key: "bob@x.org", userName: "bob@x.org", externalId: "o-1", email: "b.li@x.org" },
    { line: 3, key: "ann@x.org", userName: "ann@x.org", externalId: "o-2" },
  ]);
  expect(syncedRows({ headers, rows }, "emails.value", none).map(({ key }) => key)).toEqual([
    "b.li@x.org",
    "",
  ]);
  const map = new Map([["displayName", "externalId"]]);
  expect(syncedRows({ headers, rows }, "externalId", map).map(({ key }) => key)).toEqual([
    "Bob",
    "Ann",
  ]);
});

test("a file without what the sync matches by is refused, as is a mapping to what it does not look at", () => {
  const other = { headers: ["name"], rows: [] };
  expect(() => syncedRows(other, "userName", none)).toThrow('--map "column=userName"');
  expect(() => syncedRows(other, "userName", new Map([["name", "title"]]))).toThrow("title");
  expect(() => syncedRows(other, "userName", new Map([["nam", "userName"]]))).toThrow('"nam"');
});
