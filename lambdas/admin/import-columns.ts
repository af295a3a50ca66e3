import { typeFor } from "../resources/served.ts";
import { subAttributesOf } from "../scim/attributes.ts";
import { ScimError } from "../scim/errors.ts";
import { findPath, type Path } from "../scim/path.ts";
import type { ResourceType } from "../scim/schema.ts";
import { patchOpUrn } from "../scim/urns.ts";
import { isId, type Key, readKey } from "./import-key.ts";
import type { Message } from "./messages.ts";
import type { AdminPorts } from "./ports.ts";
import { keptTenant } from "./tenant-entry.ts";

type Settings = Parameters<typeof typeFor>[1]["principal"]["settings"];

/** What is wrong with each column that users cannot be imported by. */
export async function checkColumns(
  { tenants, users }: AdminPorts,
  { tenant, key: keyName, columns }: Message<"user.columns">,
) {
  const { settings } = await keptTenant({ tenants }, tenant);
  const type = typeOfColumns(users, settings, columns);
  const key = readKey(keyName, type);
  const faults = columns.flatMap((column) => {
    const fault = columnFault(column, type, key);
    return fault === undefined ? [] : [{ column, fault }];
  });
  return { tenant, faults };
}

/** The type of users with those extensions that only columns name, where the tenant has such kept. */
export function typeOfColumns(
  users: AdminPorts["users"],
  settings: Settings,
  columns: readonly string[],
): ResourceType {
  const Operations = columns.map((path) => ({ op: "replace", path, value: "" }));
  return typeFor(users, { principal: { settings } }, undefined, {
    schemas: [patchOpUrn],
    Operations,
  });
}

/** Why no text can be imported as what `column` names; undefined where it can. */
export function columnFault(
  column: string,
  type: ResourceType,
  key: Pick<Key, "isId">,
): string | undefined {
  let path: Path | undefined;
  try {
    path = findPath(column, type);
  } catch (error) {
    if (error instanceof ScimError) return error.detail;
    throw error;
  }
  if (!path) return `It names no attribute of a ${type.name}.`;

  const { attribute, subAttribute, filter } = path;
  const target = subAttribute ?? attribute;
  if (key.isId && isId(path)) return undefined;
  if ([attribute, target].some(({ mutability }) => mutability === "readOnly"))
    return "Only the service sets it.";
  if (target.returned === "never") return "It is not kept.";
  if (attribute.multiValued && attribute.type === "complex" && !filter)
    return `It has several values; say which, such as ${attribute.name}[type eq "work"].value.`;
  const [part] = subAttributesOf(target);
  const separator = target.name.includes(":") ? ":" : ".";
  return part && `It has parts; name one, such as ${column}${separator}${part.name}.`;
}
