const isAscii = /^\p{ASCII}*$/u;

/**
 * The form in which text that differs only in case is the same: NFC with simple case folding
 * (Unicode, section 3.13), letter by letter. Folding what is folded changes nothing.
 */
export function foldCase(text: string): string {
  if (isAscii.test(text)) return text.toLowerCase();

  // A folded letter and its accent may be one letter again in NFC.
  return text.normalize("NFC").replace(casedLetter, foldLetter).normalize("NFC");
}

const casedLetter = /[\p{Cased}\p{CWU}\p{CWL}]/gu;

/** Letters that were met already: there are some thousands in all. */
const folded = new Map<string, string>();

function foldLetter(letter: string): string {
  const known = folded.get(letter) ?? computeFold(letter);
  folded.set(letter, known);
  return known;
}

/** Letters that have one capital in common are one, such as the three forms of sigma; what takes several letters in the other case stays itself. */
function computeFold(letter: string): string {
  // The only small letter whose capital is another letter's.
  if (letter === dotless) return letter;
  const upper = letter.toUpperCase();
  const lower = (isOne(upper) ? upper : letter).toLowerCase();
  return isOne(lower) ? lower : letter;
}

const dotless = "\u0131";

const isOne = (text: string) => String.fromCodePoint(text.codePointAt(0) ?? 0) === text;
