import type { Schema } from "../schema.ts";
import { userUrn } from "../urns.ts";
import { externalId } from "./common.ts";
import { attribute, primary, values } from "./define.ts";

const usualTypes = ["work", "home", "other"];

/** The User schema (RFC 7643, sections 4.1 and 8.7.1). */
export const userSchema: Schema = {
  id: userUrn,
  name: "User",
  description: "User Account",
  attributes: [
    attribute("userName", "The name that the user signs in with; unique whatever its case.", {
      required: true,
      uniqueness: "server",
    }),
    externalId,
    attribute("name", "The parts of the user's name.", {
      subAttributes: [
        attribute("formatted", "The whole name, as it is shown."),
        attribute("familyName", "The family name, or last name."),
        attribute("givenName", "The given name, or first name."),
        attribute("middleName", "The middle names."),
        attribute("honorificPrefix", "The title before the name, such as Ms."),
        attribute("honorificSuffix", "The suffix after the name, such as III."),
      ],
    }),
    attribute("displayName", "The user's name as it is shown to others."),
    attribute("nickName", "What the user is called in casual speech."),
    attribute("profileUrl", "The address of the user's profile.", {
      type: "reference",
      referenceTypes: ["external"],
    }),
    attribute("title", "The user's title, such as Vice President."),
    attribute("userType", "The user's relation to the organisation, such as Contractor."),
    attribute("preferredLanguage", "The languages that the user prefers, such as en-US."),
    attribute("locale", "The user's place for formats of dates and currencies, such as en-US."),
    attribute("timezone", "The user's time zone, such as Europe/Berlin."),
    attribute("active", "Whether the user may sign in.", { type: "boolean" }),
    attribute("password", "The user's password in clear text; set, never shown.", {
      caseExact: true,
      mutability: "writeOnly",
      returned: "never",
    }),
    values("emails", "The user's e-mail addresses.", { types: usualTypes }),
    values("phoneNumbers", "The user's telephone numbers.", {
      types: ["work", "home", "mobile", "fax", "pager", "other"],
    }),
    values("ims", "The user's addresses for instant messages.", {
      types: ["aim", "gtalk", "icq", "xmpp", "msn", "skype", "qq", "yahoo"],
    }),
    values("photos", "The addresses of pictures of the user.", {
      value: { type: "reference", referenceTypes: ["external"] },
      types: ["photo", "thumbnail"],
    }),
    attribute("addresses", "The user's postal addresses.", {
      multiValued: true,
      subAttributes: [
        attribute("formatted", "The whole address, as it is shown."),
        attribute("streetAddress", "Street, house number, post-office box."),
        attribute("locality", "The city or locality."),
        attribute("region", "The state or region."),
        attribute("postalCode", "The postal code."),
        attribute("country", "The country."),
        attribute("type", "What the address is for.", { canonicalValues: usualTypes }),
        primary,
      ],
    }),
    attribute("groups", "The groups that the user is in; changed through the groups.", {
      multiValued: true,
      mutability: "readOnly",
      subAttributes: [
        attribute("value", "The group's id.", { mutability: "readOnly" }),
        attribute("$ref", "The group's address.", {
          type: "reference",
          referenceTypes: ["User", "Group"],
          mutability: "readOnly",
        }),
        attribute("display", "The group's displayName.", { mutability: "readOnly" }),
        attribute("type", "Whether the user is in the group itself or in one inside it.", {
          canonicalValues: ["direct", "indirect"],
          mutability: "readOnly",
        }),
      ],
    }),
    values("entitlements", "What the user is entitled to."),
    // Entra builds `roles[primary eq "True"].value` only if `type` has no canonical values.
    values("roles", "The user's roles."),
    values("x509Certificates", "The user's certificates, DER in base64.", {
      value: { type: "binary" },
    }),
  ],
};
