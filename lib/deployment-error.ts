/** What whoever deploys can mend: told as it is, without a stack trace. */
export class DeploymentError extends Error {
  override readonly name = "DeploymentError";
}

/** Runs `make`; where it finds something for the deployer to mend, `tell`s that and nothing else. */
export function tellingFaults(make: () => void, tell: (text: string) => void): void {
  try {
    make();
  } catch (error) {
    if (!(error instanceof DeploymentError)) throw error;
    tell(error.message);
  }
}
