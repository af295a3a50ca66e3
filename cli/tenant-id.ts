import { InvalidArgumentError } from "commander";

/** Checked here too, since a slip such as `Acme` is better told before the deployment is looked for. */
export function readTenantId(text: string): string {
  if (/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(text)) return text;
  throw new InvalidArgumentError(
    "A tenant's id is 1 to 63 of a-z, 0-9 and -, without - at either end.",
  );
}
