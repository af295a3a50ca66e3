import type { AttributeSettings } from "../scim/attribute-rules.ts";
import { checkAttributeSettings } from "../scim/check-attribute-settings.ts";
import { ScimError } from "../scim/errors.ts";
import type { ResourceType } from "../scim/schema.ts";
import { AdminRefusal } from "./refusal.ts";

/**
 * Checks what the shapes of settings cannot say: that they name attributes which the deployment's
 * users have. Give it the settings as they are to be in force, those that stay included.
 */
export function checkSettings(settings: Partial<AttributeSettings>, user: ResourceType): void {
  try {
    checkAttributeSettings(settings, user);
  } catch (error) {
    if (!(error instanceof ScimError)) throw error;
    throw new AdminRefusal("invalidMessage", `${error.detail} Nothing was changed.`);
  }
}
