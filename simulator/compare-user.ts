import { isRecord, recordsIn } from "./json.ts";
import { enterpriseUrn } from "./mapping.ts";
import type { ExpectedUser, Link } from "./state.ts";
import { parseTarget, readTarget } from "./target.ts";

/** What in `found` is not as a correct endpoint must hold it, each as "attribute: source …, endpoint …". */
export function compareUser(
  { expected, isAdopted }: Link<ExpectedUser>,
  found: Record<string, unknown>,
  goneIds: ReadonlySet<string>,
): readonly string[] {
  return [
    ...compareValues(expected, found),
    ...unequal("active", expected.active, found["active"]),
    ...compareManager(expected.manager, found, goneIds),
    ...[...expected.roles].flatMap((role) => missingRole(role, found)),
    // What was there before the run may well hold more.
    ...(isAdopted ? [] : unexpected(expected, found)),
  ];
}

const compareValues = ({ values }: ExpectedUser, found: Record<string, unknown>) =>
  [...values].flatMap(([path, value]) =>
    unequal(path, value, readTarget(found, parseTarget(path))),
  );

/** A manager that was deleted may stay as it was sent or go: nothing says which. */
function compareManager(
  expected: string | undefined,
  found: Record<string, unknown>,
  goneIds: ReadonlySet<string>,
): readonly string[] {
  const extension = found[enterpriseUrn];
  const manager = isRecord(extension) ? extension["manager"] : undefined;
  const actual = isRecord(manager) ? manager["value"] : (manager ?? undefined);
  if (actual === undefined && expected !== undefined && goneIds.has(expected)) return [];
  return unequal(`${enterpriseUrn}:manager`, expected, actual);
}

const missingRole = (role: string, found: Record<string, unknown>): readonly string[] => {
  const values = recordsIn(found["roles"]).map(({ value }) => value);
  return values.includes(role)
    ? []
    : [`roles: source "${role}", endpoint ${JSON.stringify(values)}`];
};

function unequal(path: string, source: unknown, endpoint: unknown): readonly string[] {
  if (source === endpoint) return [];
  return [`${path}: source ${show(source)}, endpoint ${show(endpoint)}`];
}

const show = (value: unknown): string => (value === undefined ? "nothing" : JSON.stringify(value));

const simple = ["externalId", "userName", "displayName", "title", "preferredLanguage"];
const names = ["givenName", "familyName", "formatted"];
const ownAttributes = new Set([
  ...simple,
  "schemas",
  "id",
  "meta",
  "active",
  "groups",
  "name",
  "emails",
  "addresses",
  "phoneNumbers",
  "roles",
  enterpriseUrn,
]);
/** The attribute with several values, and the sub-attribute of which one value is unlike another. */
const elementTypes: Record<string, readonly string[]> = {
  emails: ["work"],
  addresses: ["work"],
  phoneNumbers: ["work", "mobile", "fax"],
};

/** What nobody has sent: values that were to be cleared, elements twice, paths taken for names. */
function unexpected(
  { values, roles }: ExpectedUser,
  found: Record<string, unknown>,
): readonly string[] {
  const paths = [
    ...simple,
    ...names.map((sub) => `name.${sub}`),
    ...["employeeNumber", "department"].map((attribute) => `${enterpriseUrn}:${attribute}`),
  ];
  const left = paths
    .filter((path) => !values.has(path) && isFilled(readTarget(found, parseTarget(path))))
    .map(
      (path) => `${path}: source nothing, endpoint ${show(readTarget(found, parseTarget(path)))}`,
    );
  const foreign = Object.keys(found)
    .filter((name) => !ownAttributes.has(name))
    .map((name) => `${name}: source nothing, endpoint has a property of that name`);
  const elements = Object.keys(elementTypes).flatMap((name) => elementFaults(name, values, found));
  return [...left, ...foreign, ...elements, ...roleFaults(values, roles, found)];
}

function elementFaults(
  name: string,
  values: ReadonlyMap<string, string>,
  found: Record<string, unknown>,
): readonly string[] {
  const elements = recordsIn(found[name]);
  const types = elements.map(({ type }) => String(type));
  const strange = types.filter((type) => !elementTypes[name]?.includes(type));
  const isTwice = new Set(types).size < types.length;
  const subs = elements.flatMap((element) =>
    Object.keys(element)
      .filter((sub) => sub !== "type" && sub !== "primary" && isFilled(element[sub]))
      .map((sub) => `${name}[type eq "${String(element["type"])}"].${sub}`),
  );
  return [
    ...(strange.length > 0 ? [`${name}: endpoint has elements of type ${strange.join(", ")}`] : []),
    ...(isTwice ? [`${name}: endpoint has several elements of one type: ${types.join(", ")}`] : []),
    ...subs
      .filter((path) => !values.has(path))
      .map(
        (path) => `${path}: source nothing, endpoint ${show(readTarget(found, parseTarget(path)))}`,
      ),
  ];
}

/** One primary role at most, and no value that is neither it nor among those sent as a set. */
function roleFaults(
  values: ReadonlyMap<string, string>,
  roles: ReadonlySet<string>,
  found: Record<string, unknown>,
): readonly string[] {
  const single = values.get('roles[primary eq "True"].value');
  const present = recordsIn(found["roles"])
    .map(({ value }) => value)
    .filter(isFilled);
  const strange = present.filter((role) => role !== single && !roles.has(String(role)));
  const isTwice = new Set(present).size < present.length;
  return strange.length > 0 || isTwice
    ? [`roles: source ${show([...(single ? [single] : []), ...roles])}, endpoint ${show(present)}`]
    : [];
}

const isFilled = (value: unknown): boolean =>
  value !== undefined &&
  value !== null &&
  value !== "" &&
  !(Array.isArray(value) && value.length === 0);
