import type { Json } from "../scim/json.ts";
import type { Operation } from "../scim/patch/read.ts";
import type { Path } from "../scim/path.ts";
import type { Attribute, ResourceType } from "../scim/schema.ts";

/** An operation of a PATCH whose path is known. */
export interface Aimed {
  readonly op: Operation["op"];
  /** The path as text, which `path` is read from. */
  readonly text: string;
  readonly path: Path;
  readonly value: Json | undefined;
}

/** Makes one habit of Entra's PATCH operations RFC-clean; an empty list drops the operation. */
export type OperationDeparture = (operation: Aimed, type: ResourceType) => readonly Aimed[];

/**
 * Makes one habit of Entra's values RFC-clean: what it wrote for `attribute`, in a POST or a
 * PATCH. Null means unassigned.
 */
export type ValueDeparture = (value: Json, attribute: Attribute) => Json;
