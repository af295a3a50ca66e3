import * as fc from "fast-check";
import type { Json, JsonObject } from "../../lambdas/scim/json.ts";
import { enterpriseUserUrn, patchOpUrn, userUrn } from "../../lambdas/scim/urns.ts";

/** Any text but the empty one, which Entra means otherwise, and JSON, which it writes roles in. */
const text = fc
  .oneof(fc.constantFrom("a", "b", "True", "7"), fc.string({ minLength: 1, maxLength: 8 }))
  .filter((one) => !one.trimStart().startsWith("{"));
const kind = fc.constantFrom("work", "home", "other");

const name = fc.record(
  { givenName: text, familyName: text, formatted: text },
  { requiredKeys: [] },
);
const email = fc.record({ value: text, type: kind, display: text }, { requiredKeys: ["value"] });
const address = fc.record(
  { type: kind, locality: text, country: text },
  { requiredKeys: ["country"] },
);

/** A list in which one value at most is primary. */
function values(one: fc.Arbitrary<JsonObject>): fc.Arbitrary<readonly Json[]> {
  const primary = fc.option(fc.nat({ max: 3 }), { nil: -1 });
  return fc
    .tuple(fc.array(one, { maxLength: 3 }), primary)
    .map(([list, at]) => list.map((value, i) => (i === at ? { ...value, primary: true } : value)));
}

/** A manager whole: what is not named of one is left as it is by the RFC, and goes with the old one by Entra. */
const manager = fc.record({ value: text, $ref: text });

const attributes = {
  userName: text,
  externalId: text,
  displayName: text,
  title: text,
  profileUrl: text,
  active: fc.boolean(),
  name,
  emails: values(email),
  roles: values(email),
  addresses: values(address),
  x509Certificates: fc.constant([{ value: "AAAA" }]),
} satisfies { readonly [name: string]: fc.Arbitrary<Json> };

const enterprise = { department: text, employeeNumber: text, manager };

/** What a client may send in a POST, by the RFCs alone. */
export const cleanUser: fc.Arbitrary<JsonObject> = fc
  .record(
    {
      schemas: fc.constant([userUrn, enterpriseUserUrn]),
      ...attributes,
      [enterpriseUserUrn]: fc.record(enterprise, { requiredKeys: [] }),
    },
    { requiredKeys: ["schemas", "userName"] },
  )
  .map((user) => ({ ...user }));

const entriesOf = (prefix: string, arbitraries: { readonly [name: string]: fc.Arbitrary<Json> }) =>
  Object.entries(arbitraries).map(([path, value]) => fc.tuple(fc.constant(prefix + path), value));

const targets = fc.oneof(
  ...entriesOf("", attributes),
  ...entriesOf(`${userUrn}:`, attributes),
  ...entriesOf(`${enterpriseUserUrn}:`, enterprise),
  ...entriesOf("name.", { givenName: text, familyName: text }),
  ...entriesOf("emails.", { display: text }),
  ...["emails", "roles", "addresses"].flatMap((list) =>
    ["work", "home"].flatMap((type) =>
      entriesOf(`${list}[type eq "${type}"]`, {
        ".type": kind,
        ".primary": fc.boolean(),
        // A replace leaves the type that its value does not name, by Entra; by the RFC it goes.
        "": fc.constant({ type, [list === "addresses" ? "country" : "value"]: "x" }),
      }),
    ),
  ),
  ...entriesOf('emails[type eq "work" and value co "a"]', { ".display": text, ".value": text }),
);

const setting = fc
  .tuple(fc.constantFrom("add", "replace"), targets, fc.boolean())
  .map(([op, [path, value], isNull]): Json => ({ op, path, value: isNull ? null : value }));
const changing = fc
  .tuple(fc.constantFrom("add", "replace"), targets)
  .map(([op, [path, value]]): Json => ({ op, path, value }));
const removing = targets.map(([path]): Json => ({ op: "remove", path }));
const merging = fc
  .tuple(fc.constantFrom("add", "replace"), cleanUser)
  .map(([op, value]): Json => ({ op, value }));

/** A PatchOp that keeps to the RFCs; whether its targets exist is open. */
export const cleanPatch: fc.Arbitrary<JsonObject> = fc
  .array(
    fc.oneof(
      { weight: 4, arbitrary: changing },
      { weight: 1, arbitrary: setting },
      { weight: 2, arbitrary: removing },
      { weight: 1, arbitrary: merging },
    ),
    { maxLength: 4 },
  )
  .map((operations) => ({ schemas: [patchOpUrn], Operations: operations }));
