import { randomBytes } from "node:crypto";
import { expect, test } from "@jest/globals";
import { assert, property, stringMatching, uint8Array } from "fast-check";
import {
  formatToken,
  hashToken,
  isSameHash,
  newTokenId,
  readToken,
} from "../../lambdas/auth/token.ts";

const fixed = (size: number) => new Uint8Array(size).fill(7);

test("a token names its tenant and its id, and hides 256 bits behind them", () => {
  const text = formatToken("acme-2", "abc0123456", fixed);
  expect(text).toMatch(/^rc_acme-2_abc0123456_[0-9A-Za-z]{49}$/);
  expect(readToken(text)).toEqual({
    tenant: "acme-2",
    tokenId: "abc0123456",
    sha256: hashToken(text),
  });
});

const bytes = (size: number) => uint8Array({ minLength: size, maxLength: size });

test("tokens of any tenant and any randomness have one form", () => {
  const tenants = stringMatching(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/);
  assert(
    property(tenants, bytes(32), bytes(8), (tenant, secret, idBytes) => {
      const tokenId = newTokenId(() => idBytes);
      expect(tokenId).toMatch(/^[a-z0-9]{10}$/);
      const text = formatToken(tenant, tokenId, () => secret);
      expect(text).toHaveLength(tenant.length + 64);
      expect(readToken(text)).toMatchObject({ tenant, tokenId });
    }),
  );
});

test("no randomness makes two tokens look alike", () => {
  const zero = formatToken("t", "0000000000", (size) => new Uint8Array(size));
  const one = formatToken("t", "0000000000", (size) => new Uint8Array(size).fill(1, size - 1));
  expect(zero).toContain(`_${"0".repeat(43)}`);
  expect(one).not.toBe(zero);
});

test("one mistyped character anywhere is noticed without a call", () => {
  const text = formatToken("acme", newTokenId(randomBytes), randomBytes);
  for (let at = 0; at < text.length; at++) {
    const typo = text[at] === "x" ? "y" : "x";
    expect(readToken(text.slice(0, at) + typo + text.slice(at + 1))).toBeUndefined();
  }
});

test.each`
  text                                                     | because
  ${""}                                                    | ${"there is nothing"}
  ${"rc_acme"}                                             | ${"it is cut off"}
  ${formatToken("acme", "abc0123456", fixed).slice(0, -1)} | ${"its end is cut off"}
  ${`${formatToken("acme", "abc0123456", fixed)}\n`}       | ${"something follows it"}
  ${` ${formatToken("acme", "abc0123456", fixed)}`}        | ${"something comes before it"}
  ${formatToken("-acme", "abc0123456", fixed)}             | ${"no tenant can have that id"}
  ${formatToken("a".repeat(64), "abc0123456", fixed)}      | ${"no tenant can have so long an id"}
  ${formatToken("a#b", "abc0123456", fixed)}               | ${"a # would reach into other keys"}
  ${formatToken("ACME", "abc0123456", fixed)}              | ${"tenant ids are in lower case"}
  ${formatToken("acme", "abc", fixed)}                     | ${"no token has so short an id"}
  ${"x".repeat(1_000_000)}                                 | ${"it is no token at all"}
`("a text is no token where $because", ({ text }) => {
  expect(readToken(String(text))).toBeUndefined();
});

test("hashes are the same only where they are whole and equal", () => {
  const [one, other] = [hashToken("one"), hashToken("other")];
  expect(isSameHash(one, one)).toBe(true);
  expect(isSameHash(one, other)).toBe(false);
  expect(isSameHash("", "")).toBe(false);
  expect(isSameHash(one, one.slice(0, 62))).toBe(false);
  expect(isSameHash("zz".repeat(32), "zz".repeat(32))).toBe(false);
});
