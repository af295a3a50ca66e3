const isAscii = /^\p{ASCII}*$/u;

/**
 * The form in which text that differs only in case is the same: NFC with simple
 * case folding. Folding what is folded changes nothing.
 */
export function foldCase(text: string): string {
  if (isAscii.test(text)) return text.toLowerCase();

  // Lower case makes a sigma at the end of a word another letter, which folding does not,
  // and may leave a letter and its accent apart that NFC has as one.
  return text.normalize("NFC").toLowerCase().replaceAll("ς", "σ").normalize("NFC");
}
