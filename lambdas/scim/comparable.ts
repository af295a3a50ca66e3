import { foldCase } from "./case-folding.ts";
import { instantOf } from "./instant.ts";
import type { Attribute } from "./schema.ts";

/**
 * The form in which two texts are the same value of `attribute`: by its case rule, times by the
 * instant, base64 by the bytes (RFC 7643, sections 2.2, 2.3.5 and 2.3.6). A reference goes by the
 * `caseExact` that its schema declares, since section 8.7.1 declares against section 2.3.7.
 */
export function comparableText({ type, caseExact }: Pick<Attribute, "type" | "caseExact">) {
  if (type === "binary") return plainBase64;
  if (type === "dateTime") return (text: string) => instantOf(text) ?? text;
  return caseExact ? composed : foldCase;
}

function composed(text: string): string {
  return text.normalize("NFC");
}

/** Padding and the alphabet for URLs say nothing of the bytes. */
function plainBase64(text: string): string {
  return text
    .replaceAll("-", "+")
    .replaceAll("_", "/")
    .replace(/={1,2}$/, "");
}
