/** Takes a fault of a deployment's documents, in words that say how to mend it. */
export type Report = (fault: string) => void;

/** What is wrong with the documents of a deployment: every fault, each with its file and place. */
export class SchemasError extends Error {
  override readonly name = "SchemasError";

  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(`The deployment's schemas are wrong:\n${faults.map((fault) => `- ${fault}`).join("\n")}`);
    this.faults = faults;
  }
}

/** `report`, for what is wrong in `place`. */
export function inPlace(report: Report, place: string): Report {
  return (fault) => report(`${place}: ${fault}`);
}
