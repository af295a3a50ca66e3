import type { Filter } from "../scim/filter/filter.ts";
import type { Json } from "../scim/json.ts";
import { type Operation, readOperations, readPatchOp } from "../scim/patch/read.ts";
import type { ResourceType } from "../scim/schema.ts";
import { withCustomExtensions, withMentionedExtensions } from "./custom-extensions.ts";
import { correctNames } from "./misnamed-attributes.ts";
import { normaliseFilter } from "./normalise-filter.ts";
import { normalisePatch } from "./normalise-patch.ts";
import { normaliseResource } from "./normalise-resource.ts";

/** What is made of a client's texts and bodies before the RFC-strict core reads them. */
export interface Tolerance {
  readonly resource: (body: Json | undefined, type: ResourceType) => Json | undefined;
  /** The operations of a PatchOp. @throws as readPatchOp */
  readonly operations: (body: Json | undefined, type: ResourceType) => readonly Operation[];
  readonly filter: (filter: Filter, type: ResourceType) => Filter;
  /** The names in `attributes`, `excludedAttributes` or `sortBy`. */
  readonly names: (text: string, type: ResourceType) => string;
  /** The type with what the client's `body` adds to it, and what `stored` has of such. */
  readonly typeFor: (type: ResourceType, stored: Json | undefined, body: Json) => ResourceType;
  /** The type with what a filter's text names beside it. */
  readonly typeOf: (type: ResourceType, stored: Json | undefined, text: string) => ResourceType;
}

/** Microsoft's validator sends no operations at all, and all of them may name what nobody knows. Entra clears what is not there: Microsoft's tests do so twice, and want success both times. */
const allowMissing = (operation: Operation): Operation => ({ ...operation, mayMiss: true });

const entra: Tolerance = {
  resource: normaliseResource,
  operations: (body, type) => readOperations(normalisePatch(body, type)).map(allowMissing),
  filter: normaliseFilter,
  names: correctNames,
  typeFor: withCustomExtensions,
  typeOf: withMentionedExtensions,
};

const none: Tolerance = {
  resource: (body) => body,
  operations: readPatchOp,
  filter: (filter) => filter,
  names: (text) => text,
  typeFor: (type, stored) => withMentionedExtensions(type, stored),
  typeOf: (type, stored) => withMentionedExtensions(type, stored),
};

/** Entra's departures from the RFCs are understood, or refused as the RFCs say. */
export const toleranceOf = (strictness: "entra" | "rfc"): Tolerance =>
  strictness === "entra" ? entra : none;
