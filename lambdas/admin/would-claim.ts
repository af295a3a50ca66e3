import {
  type AttributePath,
  printAttributePath,
  uniqueAttributes,
} from "../scim/attribute-path.ts";
import { foldCase } from "../scim/case-folding.ts";
import { uniqueness } from "../scim/errors.ts";
import { isObject, type JsonObject, own } from "../scim/json.ts";
import type { Stored } from "../scim/stored.ts";
import { equals, findUsers } from "./find-users.ts";
import type { AdminPorts } from "./ports.ts";

/** What only one may have that was taken in a dry run, and by which user. */
export type Claimed = Map<string, JsonObject>;

/** @throws ScimError 409 `uniqueness`, as writing `after` would, as far as can be told without writing. */
export async function checkUnclaimed(
  dryRun: {
    readonly users: AdminPorts["users"];
    readonly tenant: string;
    readonly claimed: Claimed;
  },
  before: Stored | undefined,
  after: JsonObject,
): Promise<void> {
  const { users, tenant, claimed } = dryRun;
  for (const path of uniqueAttributes(users.type)) {
    const value = textAt(after, path);
    if (value === undefined || (before && textAt(before.resource, path) === value)) continue;
    const name = printAttributePath(path);
    const found = await findUsers(users, tenant, equals(name, value));
    if (found?.some(({ id }) => id !== before?.id)) throw uniqueness(name, value);

    const { caseExact } = path.attribute;
    const claim = `${name} ${caseExact ? value.normalize("NFC") : foldCase(value)}`;
    if (claimed.has(claim) && claimed.get(claim) !== after) throw uniqueness(name, value);
    claimed.set(claim, after);
  }
}

function textAt(resource: JsonObject, { extension, attribute }: AttributePath): string | undefined {
  const holder = extension ? own(resource, extension.name) : resource;
  const value = isObject(holder) ? own(holder, attribute.name) : undefined;
  return value === undefined || value === null || typeof value === "object"
    ? undefined
    : String(value);
}
