import type { Attribute } from "../schema.ts";
import { attribute } from "./define.ts";

/** `externalId`, which RFC 7643, section 3.1 gives to every resource and Entra looks for in each schema. */
export const externalId = attribute("externalId", "The resource's identifier at the client.", {
  caseExact: true,
});

/** What every resource has, whatever its schema says (RFC 7643, sections 3 and 3.1). */
export const commonAttributes: readonly Attribute[] = [
  attribute("schemas", "The schemas that the resource's attributes come from.", {
    type: "reference",
    referenceTypes: ["uri"],
    multiValued: true,
    mutability: "readOnly",
    returned: "always",
  }),
  attribute("id", "The resource's identifier here; never changes and is never used again.", {
    caseExact: true,
    mutability: "readOnly",
    returned: "always",
    uniqueness: "server",
  }),
  externalId,
  attribute("meta", "What the service knows about the resource.", {
    mutability: "readOnly",
    subAttributes: [
      attribute("resourceType", "The name of the resource's type.", {
        caseExact: true,
        mutability: "readOnly",
      }),
      attribute("created", "When the resource was created.", {
        type: "dateTime",
        mutability: "readOnly",
      }),
      attribute("lastModified", "When the resource was last changed.", {
        type: "dateTime",
        mutability: "readOnly",
      }),
      attribute("location", "The resource's address.", {
        type: "reference",
        referenceTypes: ["uri"],
        caseExact: true,
        mutability: "readOnly",
      }),
      attribute("version", "The resource's version, as in the ETag header.", {
        caseExact: true,
        mutability: "readOnly",
      }),
    ],
  }),
];
