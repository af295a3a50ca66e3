import { type Answer, type Call, jsonError } from "./exchange.ts";
import { type Faults, noFaults, readFaults } from "./faults-spec.ts";

/** The faults of a run, which can be changed while it runs. */
export interface FaultsControl {
  readonly current: () => Faults;
  readonly set: (faults: Faults) => void;
  /** Other calls go through as they are. */
  readonly isTroubled: (call: Call) => boolean;
}

export function faultsControl(
  initial: Faults,
  isTroubled: FaultsControl["isTroubled"] = () => true,
): FaultsControl {
  let faults = initial;
  return {
    current: () => faults,
    set: (next) => {
      faults = next;
    },
    isTroubled,
  };
}

const path = "/_faults";

/** Whether a call is none to AWS, but one about the faults. */
export const isAboutFaults = ({ url }: Call): boolean => url === path;

/** GET shows the faults; PUT takes as its body what `--faults` takes, and nothing for none. */
export function serveFaults(control: FaultsControl, { method, body }: Call): Answer {
  if (method !== "GET" && method !== "PUT")
    return jsonError(405, "MethodNotAllowed", `Send GET or PUT to ${path}.`);
  if (method === "PUT") {
    try {
      const spec = body.toString("utf8").trim();
      control.set(spec === "" ? noFaults : readFaults(spec));
    } catch (error) {
      return jsonError(400, "ValidationException", error instanceof Error ? error.message : "");
    }
  }
  const headers = { "Content-Type": "application/json" };
  return { status: 200, headers, body: `${JSON.stringify(control.current())}\n` };
}
