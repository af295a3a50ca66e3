import { invalidValue } from "../../scim/errors.ts";
import type { JsonObject } from "../../scim/json.ts";
import type { Stored } from "../../scim/stored.ts";
import type { Kind } from "./keys.ts";
import { resourceKey } from "./keys.ts";
import { formatVersion } from "./table.ts";

const largestBytes = 200 * 1024;

/** @throws ScimError 400 `invalidValue` where a resource is larger than an item should be. */
export function checkSize(resource: JsonObject, what: string): void {
  if (Buffer.byteLength(JSON.stringify(resource)) > largestBytes)
    throw invalidValue(`The ${what} is larger than 200 KB; send fewer or shorter values.`);
}

/** A resource's item, as this release writes it. */
export function toItem(tenant: string, kind: Kind, { id, ...stored }: Stored) {
  return { ...resourceKey(tenant, kind, id), v: formatVersion, ...stored };
}

/** What an item holds, as this and every earlier release wrote it. */
export function readStored(item: Readonly<Record<string, unknown>>): Stored {
  // Only `toItem` writes items under such a key.
  const { sk, resource, version, created, lastModified, seat } = item as {
    sk: string;
    resource: JsonObject;
    version: number;
    created: string;
    lastModified: string;
    seat?: true;
  };
  const id = sk.slice(sk.indexOf("#") + 1);
  return { id, resource, version, created, lastModified, ...(seat && { seat }) };
}
