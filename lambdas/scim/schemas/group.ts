import type { Schema } from "../schema.ts";
import { groupUrn } from "../urns.ts";
import { externalId } from "./common.ts";
import { attribute } from "./define.ts";

/** The Group schema (RFC 7643, sections 4.2 and 8.7.1). */
export const groupSchema: Schema = {
  id: groupUrn,
  name: "Group",
  description: "Group",
  attributes: [
    // Section 4.2 requires it, although the listing in section 8.7.1 does not.
    attribute("displayName", "The group's name.", { required: true, uniqueness: "server" }),
    externalId,
    attribute("members", "The users and groups that are in the group.", {
      multiValued: true,
      subAttributes: [
        attribute("value", "The member's id.", { mutability: "immutable" }),
        attribute("$ref", "The member's address.", {
          type: "reference",
          referenceTypes: ["User", "Group"],
          mutability: "immutable",
        }),
        attribute("type", "Whether the member is a user or a group.", {
          canonicalValues: ["User", "Group"],
          mutability: "immutable",
        }),
        attribute("display", "The member's displayName.", { mutability: "readOnly" }),
      ],
    }),
  ],
};
