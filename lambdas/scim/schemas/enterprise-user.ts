import type { Schema } from "../schema.ts";
import { enterpriseUserUrn } from "../urns.ts";
import { attribute } from "./define.ts";

/** The enterprise extension of the User schema (RFC 7643, sections 4.3 and 8.7.1). */
export const enterpriseUserSchema: Schema = {
  id: enterpriseUserUrn,
  name: "EnterpriseUser",
  description: "Enterprise User",
  attributes: [
    attribute("employeeNumber", "The number that the organisation gave to the user."),
    attribute("costCenter", "The user's cost centre."),
    attribute("organization", "The user's organisation."),
    attribute("division", "The user's division."),
    attribute("department", "The user's department."),
    attribute("manager", "The user's manager.", {
      subAttributes: [
        attribute("value", "The manager's id."),
        attribute("$ref", "The manager's address.", {
          type: "reference",
          referenceTypes: ["User"],
        }),
        attribute("displayName", "The manager's displayName.", { mutability: "readOnly" }),
      ],
    }),
  ],
};
