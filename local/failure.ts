/** Something that the person at the terminal can mend: printed as it is, without a stack. */
export class LocalRunError extends Error {
  override readonly name = "LocalRunError";
}
