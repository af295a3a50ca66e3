import { createHash, timingSafeEqual } from "node:crypto";
import { crc32 } from "node:zlib";
import { isTenantId } from "./tenant.ts";

/** Gives so many random bytes; they must be fit for secrets. */
export type RandomBytes = (size: number) => Uint8Array;

/** What a bearer token says of itself. That it is well-formed does not mean that it is valid. */
export interface Token {
  readonly tenant: string;
  readonly tokenId: string;
  /** By which it is compared with what is kept: the token itself is kept nowhere. */
  readonly sha256: string;
}

/** `rc_<tenant>_<token id>_<secret><checksum>`: a form that secret scanners can find, and check without a call. */
const form = /^rc_([a-z0-9-]{1,63})_([a-z0-9]{10})_[0-9A-Za-z]{43}([0-9A-Za-z]{6})$/;

const base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const base36 = "0123456789abcdefghijklmnopqrstuvwxyz";

/** A new token id: short enough to type, and never used twice in a tenant. */
export const newTokenId = (random: RandomBytes): string =>
  digits(random(8), base36).padStart(10, "0").slice(-10);

/** A new bearer token of a tenant, with 256 bits that cannot be guessed. */
export function formatToken(tenant: string, tokenId: string, random: RandomBytes): string {
  const body = `rc_${tenant}_${tokenId}_${digits(random(32), base62).padStart(43, "0")}`;
  return `${body}${checksum(body)}`;
}

/** Takes a bearer token apart, or gives undefined for one that is mistyped, cut off or not ours. */
export function readToken(text: string): Token | undefined {
  const [, tenant, tokenId, sum] = form.exec(text) ?? [];
  if (tenant === undefined || tokenId === undefined || !isTenantId(tenant)) return undefined;
  if (sum !== checksum(text.slice(0, -6))) return undefined;
  return { tenant, tokenId, sha256: hashToken(text) };
}

/** The SHA-256 by which a token is kept, in hex. */
export const hashToken = (text: string): string => createHash("sha256").update(text).digest("hex");

/** Whether two hashes are the same, in a time that does not tell how much of them is. */
export function isSameHash(one: string, other: string): boolean {
  const [left, right] = [Buffer.from(one, "hex"), Buffer.from(other, "hex")];
  return left.length === 32 && right.length === 32 && timingSafeEqual(left, right);
}

const checksum = (body: string): string => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc32(body));
  return digits(bytes, base62).padStart(6, "0");
};

/** The bytes as one number, written with these digits. */
function digits(bytes: Uint8Array, alphabet: string): string {
  const base = BigInt(alphabet.length);
  let rest = BigInt(`0x${Buffer.from(bytes).toString("hex")}`);
  let text = "";
  for (; rest > 0n; rest /= base) text = `${alphabet[Number(rest % base)]}${text}`;
  return text;
}
