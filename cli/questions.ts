/** What an operator is asked on the terminal. */
export interface Questions {
  /**
   * Returns once the operator has agreed to what cannot be undone; `--yes` is an agreement.
   * @throws CommandError where they have not, or nobody is there to be asked.
   */
  agree(question: string): Promise<void>;
  /** The same for what `--yes` alone does not cover, but only `option` of that command. */
  agreeExpressly(question: string, option: string): Promise<void>;
  /** @throws CommandError where nobody is there to choose; `otherwise` says what to give instead. */
  choose(
    question: string,
    choices: readonly { readonly value: string; readonly label: string }[],
    otherwise: string,
  ): Promise<string>;
  /** What is typed, without showing it. @throws CommandError as `choose`. */
  secret(question: string, otherwise: string): Promise<string>;
}
