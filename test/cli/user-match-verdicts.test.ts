import { expect, test } from "@jest/globals";
import { type Verdict, wholeVerdicts } from "../../cli/user-match-verdicts.ts";

const existing = [
  { id: "1", userName: "bob@old.org", emails: ["bob@old.org"] },
  { id: "2", userName: "ann", emails: ["ann.li@old.org"] },
  { id: "3", userName: "cyd@old.org", emails: [] },
];
const verdict = (line: number, outcome: string, over: Partial<Verdict> = {}): Verdict => ({
  line,
  outcome,
  key: `u${line}@new.org`,
  ...over,
});

test("who would be created but is named as one here, but for what follows the @, may be there twice", () => {
  const asked = [
    verdict(2, "created", { key: "Bob@new.org" }),
    verdict(3, "created", { key: "al@new.org", email: "ann.li@new.org" }),
    verdict(4, "created"),
  ];
  const { verdicts, missed } = wholeVerdicts(asked, existing, "userName");
  expect(verdicts).toMatchObject([
    { line: 2, outcome: "wouldDuplicate", id: "1", here: "bob@old.org" },
    { line: 3, outcome: "wouldDuplicate", id: "2", here: "ann" },
    { line: 4, outcome: "created" },
  ]);
  expect(missed.map(({ id }) => id)).toEqual(["3"]);
});

test("who is linked, in whatever order they were answered, is linked once", () => {
  const asked = [verdict(9, "matched", { id: "1" }), verdict(2, "matched", { id: "1" })];
  expect(wholeVerdicts(asked, existing, "userName").verdicts).toMatchObject([
    { line: 2, outcome: "matched" },
    { line: 9, outcome: "wouldConflict", detail: "Line 2 matches it too." },
  ]);
});

test("whoever is named by any outcome is not missed", () => {
  const asked = [verdict(2, "matched", { id: "1" }), verdict(3, "ambiguous", { ids: ["2", "3"] })];
  expect(wholeVerdicts(asked, existing, "userName").missed).toEqual([]);
});

test("of users of the sync that share what they match by, or the userName, only the first is created", () => {
  const shared = [
    verdict(2, "created", { key: "Desk@new.org", userName: "a@new.org" }),
    verdict(3, "created", { key: "desk@new.org", userName: "b@new.org" }),
    verdict(4, "created", { key: "d@new.org", userName: "A@new.org" }),
    verdict(5, "created", { key: "e@new.org", userName: "e@new.org" }),
  ];
  expect(wholeVerdicts(shared, existing, "emails.value").verdicts).toMatchObject([
    { outcome: "created" },
    { outcome: "wouldConflict", detail: "Line 2 has this emails.value too." },
    { outcome: "wouldConflict", detail: "Line 2 has this userName too." },
    { outcome: "created" },
  ]);
  const exact = [verdict(2, "created", { key: "X1" }), verdict(3, "created", { key: "x1" })];
  expect(wholeVerdicts(exact, existing, "externalId").verdicts).toEqual(exact);
});
