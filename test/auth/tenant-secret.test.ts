import { expect, test } from "@jest/globals";
import { readScopes } from "../../lambdas/auth/scopes.ts";
import { isTenantId } from "../../lambdas/auth/tenant.ts";
import { readTenantSecret, tokenState } from "../../lambdas/auth/tenant-secret.ts";
import { readTenantSettings } from "../../lambdas/auth/tenant-settings.ts";
import { hashToken } from "../../lambdas/auth/token.ts";

const record = {
  id: "abc0123456",
  name: "Entra",
  sha256: hashToken("a token"),
  scopes: ["users:read"],
  createdAt: "2026-01-01T00:00:00.000Z",
};

test("what a later release adds survives being read and written", () => {
  const text = JSON.stringify({ tokens: [{ ...record, kind: "jwt" }], generation: 7 });
  expect(JSON.stringify(readTenantSecret(text))).toBe(text);
});

test("a secret that is not ours is refused without telling what it holds", () => {
  const texts = ["", "{", "null", '{"tokens":{}}', '{"tokens":[{"id":"hunter2"}]}'];
  for (const text of texts) expect(() => readTenantSecret(text)).toThrow(/^A tenant's secret does/);
});

test.each`
  change                                                                              | state
  ${{}}                                                                               | ${"active"}
  ${{ expiresAt: "2026-06-01T00:00:00.001Z" }}                                        | ${"active"}
  ${{ expiresAt: "2026-06-01T00:00:00.000Z" }}                                        | ${"expired"}
  ${{ revokedAt: "2026-06-01T00:00:00.000Z" }}                                        | ${"revoked"}
  ${{ expiresAt: "2025-01-01T00:00:00.000Z", revokedAt: "2026-06-01T00:00:00.000Z" }} | ${"revoked"}
`("a token with $change is $state", ({ change, state }) => {
  expect(tokenState({ ...record, ...Object(change) }, Date.parse("2026-06-01T00:00:00Z"))).toBe(
    state,
  );
});

test("a scope that this release does not know allows nothing", () => {
  expect(readScopes(["groups:write", "everything", "users:read"])).toEqual([
    "users:read",
    "groups:write",
  ]);
});

test("settings that were not chosen have their defaults, and those of later releases are left out", () => {
  const defaults = {
    uniqueGroupNames: true,
    unknownMembers: "refuse",
    strictness: "entra",
    tombstoneDays: 30,
    patchAnswers: { users: "resource", groups: "noContent", resources: "resource" },
    requiredAttributes: [],
    otherAttributes: "ignore",
  };
  expect(readTenantSettings(undefined)).toEqual(defaults);
  expect(readTenantSettings({ unknownMembers: "ignore", ofALaterRelease: 5 })).toEqual({
    ...defaults,
    unknownMembers: "ignore",
  });
  const ofALaterRelease = "resource";
  expect(readTenantSettings({ patchAnswers: { groups: "resource", ofALaterRelease } })).toEqual({
    ...defaults,
    patchAnswers: { ...defaults.patchAnswers, groups: "resource" },
  });
  expect(() => readTenantSettings({ uniqueGroupNames: "no" })).toThrow("uniqueGroupNames");
  expect(() => readTenantSettings({ strictness: "lax" })).toThrow("strictness");
});

test.each`
  text              | isOne
  ${"a"}            | ${true}
  ${"acme-2"}       | ${true}
  ${"a".repeat(63)} | ${true}
  ${"a".repeat(64)} | ${false}
  ${""}             | ${false}
  ${"-acme"}        | ${false}
  ${"acme-"}        | ${false}
  ${"Acme"}         | ${false}
  ${"a_b"}          | ${false}
  ${"a#b"}          | ${false}
  ${"acme\n"}       | ${false}
`("whether $text may be a tenant's id: $isOne", ({ text, isOne }) => {
  expect(isTenantId(String(text))).toBe(isOne);
});
