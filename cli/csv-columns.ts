import { InvalidArgumentError } from "commander";
import { usageError } from "./command-error.ts";

/** What columns are commonly called, without spaces, hyphens and case, and the attribute that they hold. */
const aliases: ReadonlyMap<string, string> = new Map(
  Object.entries({
    userName: "username userprincipalname upn login loginname",
    externalId: "externalid",
    displayName: "displayname fullname",
    nickName: "nickname",
    userType: "usertype",
    "name.givenName": "firstname givenname",
    "name.familyName": "lastname familyname surname",
    'emails[type eq "work"].value': "email mail emailaddress workemail emails",
    active: "accountenabled enabled isactive",
    title: "jobtitle",
    preferredLanguage: "preferredlanguage language",
    'phoneNumbers[type eq "work"].value': "phone phonenumber telephone telephonenumber",
    'phoneNumbers[type eq "mobile"].value': "mobile mobilephone",
    'addresses[type eq "work"].streetAddress': "street streetaddress",
    'addresses[type eq "work"].locality': "city",
    'addresses[type eq "work"].region': "state",
    'addresses[type eq "work"].postalCode': "postalcode zip",
    'addresses[type eq "work"].country': "country",
    ...Object.fromEntries(
      Object.entries({
        department: "department",
        division: "division",
        organization: "organization companyname company",
        costCenter: "costcenter",
        employeeNumber: "employeenumber employeeid",
      }).map(([name, words]) => [
        `urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:${name}`,
        words,
      ]),
    ),
  }).flatMap(([path, words]) => words.split(" ").map((word) => [word, path] as const)),
);

/** A column of the file, and the attribute path that it stands for. */
export interface Column {
  readonly at: number;
  readonly header: string;
  readonly path: string;
}

/** What stands above the reasons in a file of refused rows, which is imported again once it is corrected. */
export const reasonHeader = "reason why it was not imported";

/** Header and attribute, as `--map` gives them. */
export type Mapped = ReadonlyMap<string, string>;

/** The columns of a file, in its order. @throws CommandError where two hold one attribute. */
export function columnsOf(headers: readonly string[], mapped: Mapped): readonly Column[] {
  const unknown = [...mapped.keys()].filter((header) => !headers.some((one) => same(one, header)));
  if (unknown.length > 0)
    throw usageError(
      `There is no column ${quotedList(unknown)}; there are ${quotedList(headers)}.`,
    );

  const wishes = new Map([...mapped].map(([header, path]) => [header.toLowerCase(), path]));
  const columns = headers
    .map((header, at) => ({
      at,
      header,
      path: wishes.get(header.toLowerCase()) ?? aliases.get(plain(header)) ?? header,
    }))
    .filter(({ header }) => header !== reasonHeader);
  for (const [at, { header, path }] of columns.entries()) {
    const twin = columns.slice(0, at).find((other) => same(other.path, path));
    if (twin)
      throw usageError(
        `The columns "${twin.header}" and "${header}" both stand for ${path}; leave one out, or map it to another attribute.`,
      );
  }
  return columns;
}

/** Reads one `--map column=attribute`; attributes may have `=` in them, columns not. */
export function readMapping(text: string, before: Mapped = new Map()): Mapped {
  const at = text.indexOf("=");
  const [header, path] = [text.slice(0, at).trim(), text.slice(at + 1).trim()];
  if (at < 1 || header === "" || path === "")
    throw new InvalidArgumentError('It must be column=attribute, such as "Mail=userName".');
  return new Map([...before, [header, path]]);
}

/** For help and error texts. */
export const quotedList = (names: readonly string[]): string =>
  names.map((name) => `"${name}"`).join(", ");

export const plain = (header: string): string => header.toLowerCase().replaceAll(/[\s_-]/g, "");

const same = (one: string, other: string) => one.toLowerCase() === other.toLowerCase();
