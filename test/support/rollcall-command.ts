import { spawn } from "node:child_process";
import { join } from "node:path";
import { text } from "node:stream/consumers";

export const launcher = join(import.meta.dirname, "../../cli/rollcall.js");

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/**
 * Runs the command as from a shell without a terminal, with this environment and no AWS profile of
 * the machine's.
 */
export async function rollcall(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  input = "",
): Promise<Ended> {
  return ended(launcher, args, env, input);
}

export async function ended(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  input = "",
): Promise<Ended> {
  const { PATH = "", HOME = "" } = process.env;
  const nobody = {
    PATH,
    HOME,
    AWS_EC2_METADATA_DISABLED: "true",
    AWS_CONFIG_FILE: "/dev/null",
    AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
    // Whatever else is served from this checkout is no business of the test.
    ROLLCALL_READY_FILE: "/dev/null",
  };
  const child = spawn(command, args, { env: { ...nobody, ...env }, stdio: "pipe" });
  child.stdin.end(input);
  const exit = new Promise<number | null>((resolve, reject) => {
    child.on("error", reject).on("close", resolve);
  });
  const [out, err, code] = await Promise.all([text(child.stdout), text(child.stderr), exit]);
  return { code, out, err };
}
