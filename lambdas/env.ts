import * as z from "zod/mini";

/** The environment variables that `lib/` gives to functions; nobody else reads process.env. */
const variables = {
  /** The one table. */
  TABLE_NAME: z.string().check(z.minLength(1)),
  /** Tenants' secrets are named `<prefix><tenant>`. */
  SECRET_PREFIX: z.string().check(z.minLength(1)),
  /** The path below the stage at which SCIM is served, such as `/scim/v2`. */
  BASE_PATH: z.string().check(z.startsWith("/")),
  /** How long a function may rely on what it read of a tenant and its tokens. */
  CREDENTIAL_CACHE_SECONDS: z.coerce.number().check(z.int(), z.minimum(1), z.maximum(300)),
  /** What background work may write in a second into one partition, which takes 1,000 units. */
  BACKGROUND_WRITE_UNITS: z.coerce.number().check(z.int(), z.minimum(50), z.maximum(5000)),
  /** The name of the function that does the background work. */
  WORKER_FUNCTION: z.string().check(z.minLength(1)),
};

type Variables = { [N in keyof typeof variables]: z.infer<(typeof variables)[N]> };

/** The named environment variables, checked. @throws where one is missing or malformed, so that a function fails at its start and not in a request. */
export function readEnv<N extends keyof Variables>(
  names: readonly N[],
  environment: NodeJS.ProcessEnv = process.env,
): Pick<Variables, N> {
  const entries = names.map((name) => {
    const parsed = variables[name].safeParse(environment[name]);
    if (!parsed.success) throw new Error(`Environment variable ${name} is missing or malformed.`);
    return [name, parsed.data];
  });
  // Each entry was checked by the shape of its own name.
  return Object.fromEntries(entries) as Pick<Variables, N>;
}
