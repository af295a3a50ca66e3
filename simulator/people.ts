import type { SourceAttribute, SourceUser, Standing } from "./directory.ts";
import type { Random } from "./random.ts";
import * as words from "./words.ts";

/** A random user whose names are unique in every case by the number `at`. */
export function aUser(random: Random, tag: string, at: number): SourceUser {
  const givenName = random.pick(words.givenNames);
  const surname = random.pick(words.surnames);
  const alias = aliasOf(random, givenName, surname, at);

  return {
    objectId: random.guid(),
    standing: standingOf(random),
    managerId: undefined,
    roles: random.chance(0.5) ? random.sample(words.appRoles, 1 + random.below(2)) : [],
    attributes: {
      userPrincipalName: principalName(random, alias, tag),
      mailNickname: `${alias}-${tag}`,
      ...optional(random, {
        givenName,
        surname,
        mail: `${mailLocal(random, alias)}@${tag}.contoso.test`,
      }),
      displayName: displayNameOf(random, givenName, surname),
    },
  };
}

/** Another value for an attribute; the names that must be unique keep their number. */
export function anotherValue(random: Random, user: SourceUser, attribute: SourceAttribute): string {
  const old = user.attributes[attribute] ?? "";
  switch (attribute) {
    case "userPrincipalName":
      return random.chance(0.3) ? otherCase(old) : `${random.pick(["New", "mc", "x'"])}${old}`;
    case "mailNickname":
      return `${old}${random.pick(["-b", "-C"])}`;
    case "mail": {
      const { userPrincipalName = "" } = user.attributes;
      return `${random.pick(["first+last", "O'x", "Caps", "n"])}.${random.below(1e6)}.${userPrincipalName.replace("#EXT#", ".")}`;
    }
    default:
      return fill[attribute](random);
  }
}

/** The same text in the other case, or with a mark if it has none. */
export function otherCase(text: string): string {
  const swapped = text === text.toLowerCase() ? text.toUpperCase() : text.toLowerCase();
  return swapped === text ? `${text}x` : swapped;
}

type Filled = Exclude<SourceAttribute, "userPrincipalName" | "mailNickname" | "mail">;

/** The attributes a user may lack. */
export const optionalAttributes = [
  "displayName",
  "givenName",
  "surname",
  "jobTitle",
  "mail",
  "preferredLanguage",
  "physicalDeliveryOfficeName",
  "streetAddress",
  "city",
  "state",
  "postalCode",
  "country",
  "telephoneNumber",
  "mobile",
  "facsimileTelephoneNumber",
  "employeeId",
  "department",
] as const satisfies readonly SourceAttribute[];

const fill: Record<Filled, (random: Random) => string> = {
  displayName: (random) =>
    displayNameOf(random, random.pick(words.givenNames), random.pick(words.surnames)),
  givenName: (random) => random.pick(words.givenNames),
  surname: (random) => random.pick(words.surnames),
  jobTitle: (random) => random.pick(words.titles),
  preferredLanguage: (random) => random.pick(words.languages),
  physicalDeliveryOfficeName: (random) => `${random.below(40)}/${random.below(4000)}`,
  streetAddress: (random) =>
    random.chance(0.05) ? long(random, 1024) : `${random.below(200)} Rue de l'Église\nBât. "B"`,
  city: (random) => random.pick(words.cities),
  state: (random) => random.pick(words.regions),
  postalCode: (random) => `LS${random.below(30)} ${random.below(10)}AA`,
  country: (random) => random.pick(words.countries),
  telephoneNumber: (random) => `+44 (0)113 ${random.below(1e7)} x${random.below(99)}`,
  mobile: (random) =>
    random.pick([`+1-${random.below(1e9)}`, "  07700 900  ", `00${random.below(1e6)}`]),
  facsimileTelephoneNumber: (random) => `+41 44/${random.below(1e6)}`,
  employeeId: (random) => String(random.below(1e6)).padStart(8, "0"),
  department: (random) => (random.chance(0.05) ? long(random, 64) : random.pick(words.departments)),
};

function optional(
  random: Random,
  known: { readonly givenName: string; readonly surname: string; readonly mail: string },
): Partial<Record<SourceAttribute, string>> {
  const isSparse = random.chance(0.15);
  const entries = optionalAttributes.map((attribute) => {
    const value =
      attribute === "givenName" || attribute === "surname" || attribute === "mail"
        ? known[attribute]
        : fill[attribute](random);
    return [attribute, value] as const;
  });
  return Object.fromEntries(entries.filter(() => random.chance(isSparse ? 0.2 : 0.85)));
}

const standingOf = (random: Random): Standing => (random.chance(0.04) ? "disabled" : "enabled");

/** What Entra allows before the @: no accents, but apostrophes, dots and either case. */
function aliasOf(random: Random, givenName: string, surname: string, at: number): string {
  const ascii = `${givenName}.${surname}`.normalize("NFKD").replace(/[^A-Za-z0-9.'_-]/gu, "");
  const cased = random.pick([ascii, ascii.toLowerCase(), ascii.toUpperCase()]);
  return `${cased.replace(/^\.+|\.+$/gu, "") || "user"}.${at}`.slice(-60);
}

function principalName(random: Random, alias: string, tag: string): string {
  if (random.chance(0.06)) return `${alias}_${tag}.partner.test#EXT#@contoso.onmicrosoft.test`;
  return `${alias}@${random.pick(["", "Emea."])}${tag}.contoso.test`;
}

const mailLocal = (random: Random, alias: string): string =>
  random.chance(0.25) ? `${alias}+${random.pick(["scim", "a+b", "news"])}` : alias;

function displayNameOf(random: Random, givenName: string, surname: string): string {
  if (random.chance(0.04)) return long(random, 256);
  if (random.chance(0.1)) return `${surname}, ${givenName} (EXT) 🎸`;
  return `${givenName} ${surname}`;
}

const long = (random: Random, length: number): string => {
  const words = Array.from({ length }, () => random.pick(["ä", "lorem", " ", "x", "Ω", "-"]));
  return words.join("").slice(0, length).trim().padEnd(length, "z");
};
