import { expect, test } from "@jest/globals";
import { matches } from "../../../lambdas/scim/filter/matches.ts";
import { parseFilter } from "../../../lambdas/scim/filter/parse.ts";
import {
  aThing,
  everyKindType,
  optionalUrn,
  requiredUrn,
  thingUrn,
} from "../../support/every-kind.ts";

const thing = aThing({
  id: "t-1",
  meta: {
    resourceType: "Thing",
    created: "2026-01-31T08:00:00Z",
    location: "https://x.example/Things/t-1",
    version: 'W/"3"',
  },
  label: "Big Thing",
  code: "Abc",
  count: 7,
  ratio: 0.5,
  flag: false,
  since: "2026-01-31T08:00:00.0005+01:00",
  blob: "-_8=",
  link: "https://x.example/A",
  tags: ["red", "Blue"],
  codes: ["Red"],
  counts: [1, 5],
  ratios: [0.5, 2],
  flags: [true],
  sinces: ["2026-01-01T00:00:00", "2026-03-01T00:00:00Z"],
  blobs: ["YWJj"],
  links: ["https://x.example/A"],
  place: { street: "High Street" },
  contact: { value: "v" },
  entries: [{ value: "x", type: "a", primary: true }, { value: "y" }],
  secret: "s",
  hidden: "h",
  [requiredUrn]: { owner: "o", budget: 5 },
});

const is = (filter: string) => matches(parseFilter(filter), thing, everyKindType);

test.each<{ filter: string; holds: string; fails: string }>`
  filter                     | holds                                                                                                                                                               | fails
  ${"label"}                 | ${'eq "big thing" ne "x" co "G T" sw "BIG" ew "thing" gt "big" ge "big thing" lt "c" le "big thing" pr'}                                                            | ${'eq "big" ne "big THING" co "x" sw "thing" ew "big" gt "big thing" ge "c" lt "big thing" le "big"'}
  ${"code"}                  | ${'eq "Abc" ne "abc" co "bc" sw "Ab" ew "c" gt "ABc" lt "abc"'}                                                                                                     | ${'eq "abc" ne "Abc" co "BC" sw "ab" ew "C" gt "Abc" lt "Abc"'}
  ${"count"}                 | ${'eq 7 eq 7.0 eq "7" ne 8 gt 6.5 ge 7 lt 8 le 7 gt -1 lt 1e3 pr'}                                                                                                  | ${"eq 8 ne 7 gt 7 ge 8 lt 7 le 6"}
  ${"ratio"}                 | ${'eq 0.5 eq "0.50" ne 1 gt 0 ge 0.5 lt 1 le 0.5'}                                                                                                                  | ${"eq 0 ne 0.5 gt 0.5 lt 0.5"}
  ${"flag"}                  | ${"eq false ne true pr"}                                                                                                                                            | ${"eq true ne false"}
  ${"since"}                 | ${'eq "2026-01-31T07:00:00.0005Z" gt "2026-01-31T07:00:00.0004Z" lt "2026-01-31T07:30:00Z" ge "2026-01-31T08:00:00+01:00" ne "2026-01-31T08:00:00Z" co "01-31" pr'} | ${'eq "2026-01-31T07:00:00Z" lt "2026-01-31T07:00:00.0005Z" gt "2026-01-31T08:00:00Z"'}
  ${"blob"}                  | ${'eq "+/8=" eq "-_8" ne "x" pr'}                                                                                                                                   | ${'eq "+/9=" ne "-_8="'}
  ${"link"}                  | ${'eq "https://x.example/A" co "example" sw "https" ew "/A" ne "x"'}                                                                                                | ${'eq "https://x.example/a" ew "/a"'}
  ${"tags"}                  | ${'eq "RED" eq "blue" ne "red" ne "blue" co "lu" sw "R" gt "blue" pr'}                                                                                              | ${'eq "green" gt "red" co "x" eq null'}
  ${"codes"}                 | ${'eq "Red" ne "red" ne null'}                                                                                                                                      | ${'eq "red" ne "Red"'}
  ${"counts"}                | ${"eq 5 gt 4 lt 2 ne 1"}                                                                                                                                            | ${"eq 3 gt 5"}
  ${"ratios"}                | ${"eq 0.5 ge 2"}                                                                                                                                                    | ${"gt 2 eq 1"}
  ${"flags"}                 | ${"eq true ne false"}                                                                                                                                               | ${"eq false"}
  ${"sinces"}                | ${'eq "2026-01-01T00:00:00Z" gt "2026-02-01T00:00:00Z"'}                                                                                                            | ${'gt "2026-04-01T00:00:00Z"'}
  ${"blobs"}                 | ${'eq "YWJj" ne "ywjj"'}                                                                                                                                            | ${'eq "ywjj"'}
  ${"links"}                 | ${'eq "HTTPS://X.EXAMPLE/a"'}                                                                                                                                       | ${'eq "x"'}
  ${"place"}                 | ${"pr ne null"}                                                                                                                                                     | ${"eq null"}
  ${"contact"}               | ${'eq "V" pr'}                                                                                                                                                      | ${'eq "w" eq null'}
  ${"entries"}               | ${'eq "y" ne "y" pr'}                                                                                                                                               | ${'eq "z" eq null'}
  ${"items"}                 | ${'eq null ne "x"'}                                                                                                                                                 | ${'pr ne null eq "x"'}
  ${"size"}                  | ${'eq null ne "M"'}                                                                                                                                                 | ${'pr eq "M" ne null gt "A" lt "Z" co "M"'}
  ${"entries.type"}          | ${'eq "A" ne "a" eq null pr'}                                                                                                                                       | ${'eq "b"'}
  ${"entries.note"}          | ${'eq null ne "x"'}                                                                                                                                                 | ${"pr ne null"}
  ${"schemas"}               | ${`eq "${thingUrn}" co "required" pr`}                                                                                                                              | ${`eq "${optionalUrn}"`}
  ${"meta.resourceType"}     | ${'eq "Thing"'}                                                                                                                                                     | ${'eq "thing"'}
  ${"meta.created"}          | ${'gt "2026-01-31T09:00:00+02:00"'}                                                                                                                                 | ${'gt "2026-01-31T09:00:00+01:00"'}
  ${"meta.location"}         | ${'co "/Things/" ew "t-1"'}                                                                                                                                         | ${'ew "T-1"'}
  ${"meta.version"}          | ${'eq "W/\\"3\\""'}                                                                                                                                                 | ${'eq "3"'}
  ${"id"}                    | ${'eq "t-1"'}                                                                                                                                                       | ${'eq "T-1"'}
  ${requiredUrn}             | ${"pr"}                                                                                                                                                             | ${"eq null"}
  ${optionalUrn}             | ${"eq null"}                                                                                                                                                        | ${"pr"}
  ${`${requiredUrn}:budget`} | ${"eq 5 gt 4"}                                                                                                                                                      | ${"gt 5"}
  ${`${optionalUrn}:grade`}  | ${'eq null ne "g"'}                                                                                                                                                 | ${'pr eq "g"'}
`("$filter $holds holds and $fails does not", ({ filter, holds, fails }) => {
  const wrong = [
    ...conditions(holds).filter((condition) => !is(`${filter} ${condition}`)),
    ...conditions(fails).filter((condition) => is(`${filter} ${condition}`)),
  ];
  expect(wrong).toEqual([]);
});

/** Conditions on one attribute, one behind the other. */
function conditions(text: string): readonly string[] {
  return text.match(/pr|[a-z]{2} (?:"(?:[^"\\]|\\.)*"|\S+)/g) ?? [];
}

test.each<{ filter: string; expected: boolean }>`
  filter                                                   | expected | because
  ${'tags[value eq "red"]'}                                | ${true}  | ${"a simple value is compared as value"}
  ${'tags[value eq "red" and value eq "blue"]'}            | ${false} | ${"no value is two"}
  ${'tags eq "red" and tags eq "blue"'}                    | ${true}  | ${"but one is this and another that"}
  ${'entries[type eq "a" and not (primary eq true)]'}      | ${false} | ${"the value of type a is primary"}
  ${"entries[not (type pr)]"}                              | ${true}  | ${"the other has no type"}
  ${"items[not (type pr)]"}                                | ${false} | ${"there is no value to ask"}
  ${"items[type eq null]"}                                 | ${false} | ${"there is no value to ask"}
  ${'not (items pr) and not (size eq "M")'}                | ${true}  | ${"not of what is missing holds"}
  ${"(flag eq true or count eq 7) and not (flag eq true)"} | ${true}  | ${"parentheses bind"}
  ${"flag eq false and flag eq true or count eq 7"}        | ${true}  | ${"and binds before or"}
  ${`${thingUrn}:entries[value eq "x"].type eq "a"`}       | ${true}  | ${"a URN may stand before a value path"}
  ${'place[street sw "high"]'}                             | ${true}  | ${"a single value may have a filter too"}
`("$filter is $expected: $because", ({ filter, expected }) => {
  expect(is(filter)).toBe(expected);
});

test("a name of which all parts are empty is not present", () => {
  const filter = parseFilter("place pr");
  expect(matches(filter, aThing({ place: { street: "" } }), everyKindType)).toBe(false);
  expect(matches(filter, aThing({ place: { street: "s" } }), everyKindType)).toBe(true);
});

test.each<{ filter: string }>`
  filter                               | because
  ${"count eq true"}                   | ${"true is no number"}
  ${'count eq ""'}                     | ${"nothing is no number"}
  ${'count eq "0x10"'}                 | ${"numbers are decimal"}
  ${"count eq Infinity"}               | ${"no number is so large"}
  ${'count sw "1"'}                    | ${"a number has no beginning"}
  ${'ratio co "."'}                    | ${"a number has no inside"}
  ${"flag gt false"}                   | ${"booleans have no order"}
  ${'flag co "t"'}                     | ${"a boolean has no inside"}
  ${'since gt "2026"'}                 | ${"that is no instant"}
  ${'since eq "2026-02-30T00:00:00Z"'} | ${"there is no such day"}
  ${'blob gt "a"'}                     | ${"bytes have no order"}
  ${'blob sw "a"'}                     | ${"bytes are compared whole"}
  ${'place eq "x"'}                    | ${"a place has no value"}
  ${"tags gt null"}                    | ${"null has no order"}
  ${'secret eq "s"'}                   | ${"what is writeOnly must not be guessed"}
  ${'pin eq "s"'}                      | ${"what is writeOnly must not be guessed"}
  ${'hidden sw "h"'}                   | ${"what is never returned must not be guessed"}
  ${"place.pin pr"}                    | ${"neither may a part"}
  ${'entries[pin eq "1"]'}             | ${"neither may a part"}
  ${`${optionalUrn}:key pr`}           | ${"neither may an extension's"}
  ${'tags.value eq "red"'}             | ${"a simple value has no parts"}
  ${'place.street.x eq "1"'}           | ${"a part has no parts"}
`("$filter is answered invalidFilter: $because", ({ filter }) => {
  expect(() => is(filter)).toThrow(
    expect.objectContaining({ status: 400, scimType: "invalidFilter" }),
  );
});
