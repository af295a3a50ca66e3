import { foldCase } from "../scim/case-folding.ts";
import type { Stored } from "../scim/stored.ts";
import { equals, findUsers, nameOf, namesOf, userNameOf } from "./find-users.ts";
import type { Message } from "./messages.ts";
import type { AdminPorts } from "./ports.ts";

type Match = Message<"user.match">;
type Row = Match["rows"][number];

export interface Matching extends Pick<Match, "tenant" | "on"> {
  readonly users: AdminPorts["users"];
}

/** What a sync would do with one of its users, and whom here that concerns. */
export interface MatchOutcome {
  readonly outcome:
    | "matched"
    | "created"
    | "wouldDuplicate"
    | "wouldConflict"
    | "ambiguous"
    | "invalid"
    | "notReached";
  readonly id?: string;
  /** All that have the value, where they are several. */
  readonly ids?: readonly string[];
  readonly userName?: string | undefined;
  readonly detail?: string;
}

/** How Entra asks for the user that has a value. */
const queries = {
  userName: "userName",
  externalId: "externalId",
  "emails.value": 'emails[type eq "work"].value',
} as const;

/** What a sync would do: link the one user that its query finds, or create one. */
export async function matchRow(matching: Matching, row: Row): Promise<MatchOutcome> {
  const { on } = matching;
  if (row.key === "") return { outcome: "invalid", detail: `It has no value to match by ${on}.` };
  const found = await find(matching, queries[on], row.key);
  if (!found) return { outcome: "ambiguous", detail: `Too many users have this ${on}.` };
  if (found.length > 1)
    return {
      outcome: "ambiguous",
      ids: found.map(({ id }) => id),
      detail: `${found.length} users have it: ${namesOf(found)}.`,
    };

  const [user] = found;
  const holder = await holderOf(matching, row, user);
  if (user && holder)
    return concerning(
      "wouldConflict",
      user,
      `Its userName would become that of ${nameOf(holder)}.`,
    );
  if (user) return concerning("matched", user);
  if (holder) return concerning("wouldConflict", holder, `It has the userName already.`);
  return (await likenessOf(matching, row)) ?? { outcome: "created" };
}

/** Another who has the userName that the sync would write. */
async function holderOf(matching: Matching, { userName }: Row, user: Stored | undefined) {
  if (matching.on === "userName" || !userName) return undefined;
  const held = user && userNameOf(user.resource);
  if (held !== undefined && foldCase(held) === foldCase(userName)) return undefined;
  return (await find(matching, "userName", userName))?.find(({ id }) => id !== user?.id);
}

/** An index, what a value is looked up in it as, and how the message says so. */
interface Likeness {
  readonly path: "userName" | "emails" | "externalId";
  readonly value: string;
  readonly why: string;
}

/** Somebody who has the same in another place or a little otherwise: the create would make a second of one person. */
async function likenessOf(matching: Matching, row: Row): Promise<MatchOutcome | undefined> {
  for (const { path, value, why } of likenesses(matching.on, row)) {
    const found = await find(matching, path, value);
    const [first] = found ?? [];
    if (!first) continue;
    const others = found && found.length > 1 ? ` So do ${found.length - 1} more.` : "";
    return concerning("wouldDuplicate", first, `${why}${others}`);
  }
  return undefined;
}

/** What may be of the same person, the surest first; each is looked up once. */
function likenesses(on: Match["on"], { key, ...row }: Row): readonly Likeness[] {
  const { userName = "", email = "", externalId = "" } = row;
  const names = [key, userName, email].filter((value) => value !== "");
  const addresses = names.filter((value) => value.includes("@"));
  const all = [
    ...(on === "externalId" || externalId === "" ? [] : [like("externalId", externalId)]),
    ...names.map((value) => like("userName", value)),
    ...addresses.map((value) =>
      like("emails", value, on === "emails.value" && value === key ? ` (not of type "work")` : ""),
    ),
    ...names.map((value) => like("externalId", value)),
    ...spellings(on === "externalId" ? key : externalId).map((value) =>
      like("externalId", value, " (in other letter case)"),
    ),
    ...addresses
      .map(withoutTag)
      .flatMap((value) => [
        like("userName", value, " (without what follows the +)"),
        like("emails", value, " (without what follows the +)"),
      ]),
    ...addresses.map(localPart).map((value) => like("userName", value, " (the part before the @)")),
  ];
  const asked = new Set<string>();
  return all.filter(({ path, value }) => {
    const folded = `${path} ${path === "externalId" ? value : foldCase(value)}`;
    return !asked.has(folded) && asked.add(folded);
  });
}

const titles = {
  userName: "userName",
  externalId: "externalId",
  emails: "e-mail address",
} as const;

function like(path: Likeness["path"], value: string, how = ""): Likeness {
  return { path, value, why: `It has "${value}"${how} as its ${titles[path]}.` };
}

/** An externalId that differs in case is another to the service. */
const spellings = (value: string) =>
  [value.toLowerCase(), value.toUpperCase()].filter((one) => one !== "" && one !== value);

const localPart = (address: string) => address.slice(0, address.lastIndexOf("@"));

const withoutTag = (address: string) => address.replace(/\+[^@]*@/, "@");

const find = ({ users, tenant }: Matching, path: string, value: string) =>
  findUsers(users, tenant, equals(path, value));

const concerning = (
  outcome: MatchOutcome["outcome"],
  { id, resource }: Stored,
  detail?: string,
): MatchOutcome => ({
  outcome,
  id,
  userName: userNameOf(resource),
  ...(detail !== undefined && { detail }),
});
