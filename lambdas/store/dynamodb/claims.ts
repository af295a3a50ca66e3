import {
  type AttributePath,
  printAttributePath,
  textAt,
  uniqueAttributes,
} from "../../scim/attribute-path.ts";
import { comparableText } from "../../scim/comparable.ts";
import { Conflict, uniqueness } from "../../scim/errors.ts";
import type { JsonObject } from "../../scim/json.ts";
import type { ResourceType } from "../../scim/schema.ts";
import { claimKey, type Key, kindOf, uniqueKey } from "./keys.ts";
import { seatsTaken } from "./seat-moves.ts";
import type { Table } from "./table.ts";
import { Refused, transact, type Write } from "./transact.ts";
import { claimWrite, releaseWrite } from "./writes.ts";

/** A value that only one resource of its type may have, and the key of the item that says who has it. */
export interface Claim {
  /** The attribute's path. */
  readonly attribute: string;
  readonly value: string;
  readonly key: Key;
}

/** What `resource` claims for itself alone. */
export function claimsOf(
  tenant: string,
  type: ResourceType,
  resource: JsonObject,
): readonly Claim[] {
  return uniqueAttributes(type).flatMap((path) => {
    const value = textAt(resource, path);
    if (value === undefined || value === "") return [];
    const attribute = printAttributePath(path);
    return [{ attribute, value, key: keyOf(tenant, type, path, value) }];
  });
}

/** The key of the item that says who has `value`; undefined where several may have it. */
export function claimKeyOf(
  tenant: string,
  type: ResourceType,
  attribute: string,
  value: string,
): Key | undefined {
  const path = uniqueAttributes(type).find((one) => printAttributePath(one) === attribute);
  return path && keyOf(tenant, type, path, value);
}

/** What a write takes for its resource, and what it gives free. */
export interface Claims {
  readonly taken: readonly Claim[];
  readonly released: readonly Claim[];
  /** Counts a seat of the tenant that it takes or gives back. */
  readonly seat?: Write | undefined;
}

/** What is to be written of claims: `bob` renamed to `BOB` keeps its own. */
export function claimsBetween(before: readonly Claim[], after: readonly Claim[]): Claims {
  const missingFrom = (claims: readonly Claim[], others: readonly Claim[]) => {
    const keys = new Set(others.map(({ key }) => key.pk));
    return claims.filter(({ key }) => !keys.has(key.pk));
  };
  return { taken: missingFrom(after, before), released: missingFrom(before, after) };
}

function keyOf(tenant: string, type: ResourceType, path: AttributePath, value: string): Key {
  const attribute = printAttributePath(path);
  if (type.name === "User" && attribute === "userName") return claimKey(tenant, "USERNAME", value);
  return uniqueKey(tenant, kindOf(type), attribute, comparable(path.attribute, value));
}

/** The form in which a value is the same however it is written. */
function comparable(attribute: AttributePath["attribute"], value: string): string {
  const isNumber = attribute.type === "integer" || attribute.type === "decimal";
  return isNumber ? String(Number(value)) : comparableText(attribute)(value);
}

/**
 * Writes a resource together with what it claims for itself alone. A claim that is to be given
 * free and is not its own is left alone: it was made before its attribute was unique.
 * @throws ScimError 409 `uniqueness` where another has a value that is to be taken.
 * @throws ScimError 400 where all seats are taken.
 * @throws Conflict where another condition of `writes` does not hold.
 */
export async function transactClaiming(
  table: Table,
  id: string,
  { taken, released, seat }: Claims,
  writes: readonly Write[],
): Promise<void> {
  const takes = new Map(taken.map((claim) => [claimWrite(table, claim.key, id), claim]));
  const releases = new Map(released.map((claim) => [releaseWrite(table, claim.key, id), claim]));
  try {
    await transact(table, [
      ...takes.keys(),
      ...writes,
      ...(seat ? [seat] : []),
      ...releases.keys(),
    ]);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    const [refused] = [...takes].filter(([write]) => error.refused.has(write));
    if (refused) throw uniqueness(refused[1].attribute, refused[1].value);
    const own = [...releases].filter(([write]) => !error.refused.has(write));
    const isElse = [...error.refused.keys()].some(
      (write) => !releases.has(write) && write !== seat,
    );
    if (seat && !isElse && error.refused.has(seat)) throw seatsTaken(error.refused.get(seat));
    if (isElse || own.length === releases.size) throw new Conflict();
    const left = { taken, released: own.map(([, claim]) => claim), seat };
    return transactClaiming(table, id, left, writes);
  }
}
