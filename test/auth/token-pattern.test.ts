import { randomBytes } from "node:crypto";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { formatToken, newTokenId, readToken } from "../../lambdas/auth/token.ts";

const root = join(import.meta.dirname, "../..");
const page = readFileSync(join(root, "docs/tokens.md"), "utf8");

/** The block of code of this kind that the page has. */
const blockOf = (kind: string) =>
  new RegExp(`\`\`\`${kind}\\n(.*?)\`\`\``, "s").exec(page)?.[1] ?? "";
const pattern = blockOf("text").trim();

const tenants = ["a", "acme", "acme-corp-eu", "0", `a${"-".repeat(61)}b`, "x".repeat(63)];
const issued = tenants.flatMap((tenant) =>
  Array.from({ length: 20 }, () => formatToken(tenant, newTokenId(randomBytes), randomBytes)),
);

const foundIn = (text: string) =>
  [...text.matchAll(new RegExp(pattern, "g"))].map(([found]) => found);

test("the pattern of docs/tokens.md finds every issued token, wherever it stands", () => {
  const places = [
    (token: string) => `TOKEN=${token}\n`,
    (token: string) => `{"token":"${token}"}`,
    (token: string) => `Authorization: Bearer ${token}`,
    (token: string) => `https://example.com/?token=${token}&x=1`,
    (token: string) => `(${token}), `,
  ];
  for (const place of places) expect(foundIn(issued.map(place).join("\n"))).toEqual(issued);
});

test("it finds nothing of what only looks like one, and nothing in this repository", () => {
  const [token = ""] = issued;
  for (const text of [
    token.slice(0, -1),
    `${token}x`,
    `x${token}`,
    token.replace("rc_", "rc-"),
    token.replace("rc_a", "rc_A"),
  ])
    expect(foundIn(text)).toEqual([]);

  const files = globSync(
    "{*,{bench,bin,cli,docs,lambdas,lib,local,simulator,test}/**/*}.{ts,js,md,json}",
    { cwd: root },
  );
  expect(files.length).toBeGreaterThan(300);
  expect(
    files.filter((file) => foundIn(readFileSync(join(root, file), "utf8")).length > 0),
  ).toEqual([]);
});

test("the page's other forms of the pattern are the same", () => {
  const bare = pattern.replace(/^\\b|\\b$/g, "");
  expect(page.split(bare)).toHaveLength(4);
});

test("the page's rule for the checksum tells issued tokens from mistyped ones, as the service does", async () => {
  const code = `data:text/javascript,${encodeURIComponent(blockOf("js"))}`;
  const { isWhole }: { isWhole: (token: string) => boolean } = await import(code);
  for (const token of issued) {
    expect([isWhole(token), readToken(token)]).toEqual([true, expect.anything()]);
    const mistyped = token.replace(
      /.{7}$/,
      (end) => `${end[0] === "0" ? "1" : "0"}${end.slice(1)}`,
    );
    expect([isWhole(mistyped), readToken(mistyped)]).toEqual([false, undefined]);
  }
  const example = `rc_acme_0123456789_${"0".repeat(43)}`;
  const [, sum = ""] = /behind it the checksum is `(\w{6})`/.exec(page) ?? [];
  expect([isWhole(example + sum), readToken(example + sum)?.tenant]).toEqual([true, "acme"]);
});
