import { expect, test } from "@jest/globals";
import { equals, filterQuery } from "../../simulator/query.ts";
import { readTenantUrl } from "../../simulator/tenant-url.ts";

test.each<Record<"attribute" | "value" | "query", string>>`
  attribute                         | value                       | query
  ${"userName"}                     | ${"7d420df3-9995-4831"}     | ${"filter=userName+eq+%227d420df3-9995-4831%22"}
  ${"userName"}                     | ${"dale.mohr@romaguera.uk"} | ${"filter=userName+eq+%22dale.mohr%40romaguera.uk%22"}
  ${'emails[type eq "work"].value'} | ${"a+b@c.d"}                | ${"filter=emails%5Btype+eq+%22work%22%5D.value+eq+%22a%2Bb%40c.d%22"}
  ${"displayName"}                  | ${"R&D #1/100%"}            | ${"filter=displayName+eq+%22R%26D+%231%2F100%25%22"}
  ${"userName"}                     | ${"O'Brien"}                | ${"filter=userName+eq+%22O%27Brien%22"}
  ${"displayName"}                  | ${"東京"}                   | ${"filter=displayName+eq+%22%E6%9D%B1%E4%BA%AC%22"}
  ${"displayName"}                  | ${'a"b\\c'}                 | ${"filter=displayName+eq+%22a%5C%22b%5C%5Cc%22"}
`("$attribute eq $value is written as the service writes it", ({ attribute, value, query }) => {
  expect(filterQuery(equals(attribute, value))).toBe(query);
});

test("the Logic App writes a space as %20", () => {
  expect(filterQuery(equals("displayName", "a b"), "%20")).toBe(
    "filter=displayName%20eq%20%22a%20b%22",
  );
});

test.each<{ url: string; baseUrl: string; isFlagged: boolean }>`
  url                                         | baseUrl                           | isFlagged
  ${"https://api.contoso.com/scim/"}          | ${"https://api.contoso.com/scim"} | ${false}
  ${"https://host/v1.0/scim-2"}               | ${"https://host/v1.0/scim-2"}     | ${false}
  ${"https://host/scim/v2?aadOptscim062020"}  | ${"https://host/scim/v2"}         | ${true}
  ${"https://host/scim/v2/?AadOptScim062020"} | ${"https://host/scim/v2"}         | ${true}
  ${"https://host/"}                          | ${"https://host"}                 | ${false}
`("the Tenant URL $url is read as pasted", ({ url, baseUrl, isFlagged }) => {
  expect(readTenantUrl(url)).toMatchObject({ baseUrl, isFlagged });
});
