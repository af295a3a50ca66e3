import type { Json } from "../scim/json.ts";
import type { Attribute } from "../scim/schema.ts";
import type { ValueDeparture } from "./departure.ts";
import { readEmptyStrings } from "./empty-strings.ts";
import { readManager } from "./manager.ts";
import { readRoles } from "./roles.ts";
import { demoteLaterPrimaries } from "./several-primaries.ts";
import { readSingleValues } from "./single-values.ts";
import { readStringBooleans } from "./string-booleans.ts";
import { readStringNumbers } from "./string-numbers.ts";

const departures: readonly ValueDeparture[] = [
  readManager,
  readRoles,
  readSingleValues,
  readStringBooleans,
  readStringNumbers,
  readEmptyStrings,
  demoteLaterPrimaries,
];

/** What Entra wrote for `attribute`, as the RFC has it; null if it is to be unassigned. */
export function normaliseValue(value: Json, attribute: Attribute): Json {
  return departures.reduce((current, departure) => departure(current, attribute), value);
}
