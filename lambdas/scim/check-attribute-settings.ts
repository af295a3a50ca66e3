import { acceptedNames, isAccepted } from "./accepted-attributes.ts";
import { findAttribute, stepsOf } from "./attribute-path.ts";
import type { AttributeSettings } from "./attribute-rules.ts";
import { isHidden } from "./attributes.ts";
import { invalidValue, ScimError } from "./errors.ts";
import { quoted } from "./json.ts";
import { findPath, type Path } from "./path.ts";
import type { ResourceType } from "./schema.ts";

/**
 * Checks that a tenant's rules can be kept: that they name what users have, require nothing that no
 * client may set, and accept what they require. @throws invalidValue naming what is at fault
 */
export function checkAttributeSettings(
  settings: Partial<AttributeSettings>,
  type: ResourceType,
): void {
  const { requiredAttributes = [], acceptedAttributes } = settings;
  for (const path of acceptedAttributes ?? [])
    if (!findAttribute(path, type)) throw invalidValue(unknown("acceptedAttributes", path, type));

  const names = acceptedAttributes && acceptedNames(acceptedAttributes, type);
  for (const path of requiredAttributes) {
    const found = readPath(path, type);
    if (stepsOf(found).some((step) => step.mutability === "readOnly" || isHidden(step)))
      throw invalidValue(
        `requiredAttributes has ${quoted(path)}, which is set by the service alone, or not kept; take it out.`,
      );
    if (names && !isAccepted(names, stepsOf(found)))
      throw invalidValue(
        `requiredAttributes has ${quoted(path)}, which is not among acceptedAttributes; add it there, or take it out here.`,
      );
  }
}

function readPath(path: string, type: ResourceType): Path {
  try {
    const found = findPath(path, type);
    if (found) return found;
  } catch (error) {
    // What is wrong with the path is told by the setting's name.
    if (!(error instanceof ScimError)) throw error;
    throw invalidValue(`requiredAttributes: ${error.detail}`);
  }
  throw invalidValue(unknown("requiredAttributes", path, type));
}

const unknown = (setting: string, path: string, { name }: ResourceType) =>
  `${setting} has ${quoted(path)}, which is no attribute of a ${name}; write it as the schema does, such as emails, name.familyName or urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department.`;
