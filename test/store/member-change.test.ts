import { expect, test } from "@jest/globals";
import * as fc from "fast-check";
import {
  changeItem,
  composed,
  type MemberChange,
  type Members,
  type MemberUpdate,
  overlayAll,
  packIds,
  readEntry,
  remainder,
  unpackIds,
} from "../../lambdas/store/dynamodb/member-change.ts";

const ids = Array.from({ length: 8 }, (_, at) => `018f3b3e-0000-7000-8000-00000000000${at}`);
/** What an id is never changes. */
const member = (id: string) => ({ id, type: ids.indexOf(id) % 3 ? "User" : "Group" }) as const;

const some = fc.subarray(ids);
const updates: fc.Arbitrary<MemberUpdate> = fc.tuple(some, some).map(([add, others]) => ({
  kind: "update",
  add: add.map(member),
  remove: others.filter((id) => !add.includes(id)),
}));
const replacements = some.map((of) => ({ kind: "replace", members: of.map(member) }) as const);
const changes: fc.Arbitrary<MemberChange> = fc.oneof(updates, replacements);
const present: fc.Arbitrary<Members> = some.map(
  (of) => new Map(of.map((id) => [id, member(id).type])),
);

const overlay = (members: Members, change: MemberChange) => overlayAll(members, [change]);
const sorted = (members: Members) =>
  [...members].toSorted(([one], [other]) => (one < other ? -1 : 1));
const holds = <T>(property: fc.IProperty<T>): void => {
  fc.assert(property, { numRuns: 2000 });
};

test("two changes in one do what the one does and then the other", () => {
  holds(
    fc.property(present, changes, updates, (members, first, next) => {
      const both = overlay(overlay(members, first), next);
      expect(sorted(overlay(members, composed(first, next)))).toEqual(sorted(both));
    }),
  );
});

test("what is left of a change leads to the same members, and then nothing is left", () => {
  holds(
    fc.property(present, changes, (members, change) => {
      const after = overlay(members, change);
      const rest = remainder(change, members);
      expect(sorted(overlay(members, rest))).toEqual(sorted(after));
      expect(remainder(change, after)).toEqual({ kind: "update", add: [], remove: [] });
    }),
  );
});

test("a journal of which any part is carried over already reads the same", () => {
  holds(
    fc.property(present, fc.array(changes, { maxLength: 4 }), fc.nat(), (members, journal, cut) => {
      const whole = journal.reduce(overlay, members);
      const carried = journal.slice(0, cut % (journal.length + 1)).reduce(overlay, members);
      expect(sorted(journal.reduce(overlay, carried))).toEqual(sorted(whole));
    }),
  );
});

test("and so does a change of which some steps are carried over", () => {
  holds(
    fc.property(present, changes, fc.nat(), (members, change, cut) => {
      const { add, remove } = remainder(change, members);
      const steps = [
        ...add.map((one): MemberUpdate => ({ kind: "update", add: [one], remove: [] })),
        ...remove.map((one): MemberUpdate => ({ kind: "update", add: [], remove: [one] })),
      ];
      const part = steps.slice(0, cut % (steps.length + 1)).reduce(overlay, members);
      expect(sorted(overlay(part, change))).toEqual(sorted(overlay(members, change)));
    }),
  );
});

test("a change is read from its item as it was written", () => {
  holds(
    fc.property(changes, fc.nat(1e6), fc.nat(300), (change, seq, revision) => {
      const entry = { seq, change, at: new Date(seq), revision };
      const read = readEntry(changeItem("t", ids[0] ?? "", entry));
      expect({ ...read, change: sorted(overlay(new Map(), read.change)) }).toEqual({
        ...entry,
        change: sorted(overlay(new Map(), change)),
      });
    }),
  );
  holds(
    fc.property(fc.array(fc.uuid()), (any) => {
      expect(unpackIds(packIds(any))).toEqual(any);
    }),
  );
});
