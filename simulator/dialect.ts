import { flagGroup, flagMembers, flagOperations } from "./bodies-flag.ts";
import { legacyOperations } from "./bodies-legacy.ts";
import { plainGroup, plainMembers, plainOperations } from "./bodies-plain.ts";
import { validatorBody, validatorMembers, validatorOperations } from "./bodies-validator.ts";
import type { Change } from "./diff.ts";
import type { JsonObject } from "./json.ts";
import { type GroupFields, type MemberChange, type Operation, patchBody } from "./operations.ts";

/** The generation of the client: they differ in how the same change is written. */
export type DialectName = "plain" | "flag" | "validator" | "legacy";

export interface Dialect {
  readonly name: DialectName;
  /** Whether an attribute that the source lost is cleared at the endpoint; Entra itself never does. */
  readonly clears: boolean;
  /** Whether a PATCH of members states the whole list, so that only one may be under way. */
  readonly statesMembers: boolean;
  readonly user: (changes: readonly Change[], turn: number) => JsonObject;
  readonly group: (fields: GroupFields) => JsonObject;
  /** `after` are the members that there shall be once the change is made. */
  readonly members: (change: MemberChange, after: ReadonlySet<string>, turn: number) => JsonObject;
}

export function dialectOf(name: DialectName, baseUrl: string): Dialect {
  switch (name) {
    case "plain":
      return entra(name, plainOperations, plainGroup, plainMembers);
    case "legacy":
      return entra(name, legacyOperations(baseUrl), plainGroup, plainMembers);
    case "flag":
      return entra(name, flagOperations, flagGroup, flagMembers);
    case "validator":
      return {
        name,
        clears: true,
        statesMembers: true,
        user: (changes, turn) => validatorBody(validatorOperations(changes, turn)),
        group: (fields) => validatorBody(flagGroup(fields)),
        members: (change, after) => validatorBody(validatorMembers(change, after)),
      };
  }
}

/** Several members of one PATCH come by turns in one operation and in one operation each. */
const entra = (
  name: DialectName,
  user: (changes: readonly Change[]) => readonly Operation[],
  group: (fields: GroupFields) => readonly Operation[],
  members: (change: MemberChange, asOne: boolean) => readonly Operation[],
): Dialect => ({
  name,
  clears: false,
  statesMembers: false,
  user: (changes) => patchBody(user(changes)),
  group: (fields) => patchBody(group(fields)),
  members: (change, _after, turn) => patchBody(members(change, turn % 2 === 0)),
});
