import { expect, test } from "@jest/globals";
import { afterWriting, project, readProjection } from "../../lambdas/scim/project.ts";
import {
  aThing,
  everyKindType,
  optionalUrn,
  requiredUrn,
  thingUrn,
} from "../support/every-kind.ts";

type Query = { attributes?: string; excludedAttributes?: string };

const thing = aThing({
  id: "t-1",
  code: "c",
  tags: ["a"],
  place: { street: "s", serial: "1", pin: "guarded" },
  entries: [
    { value: "x", type: "a", pin: "guarded" },
    { value: "y", note: "n" },
  ],
  secret: "guarded",
  pin: "guarded",
  hidden: "guarded",
  hint: "h",
  anchor: { value: "v", fixed: "f", wish: "w" },
  views: [{ value: "v", fixed: "f", hidden: "guarded", wish: "w" }],
  [optionalUrn]: { must: "m", grade: "g", proof: "p", wish: "w", key: "guarded" },
  meta: { resourceType: "Thing" },
});

const always = {
  schemas: thing["schemas"],
  id: "t-1",
  anchor: { value: "v", fixed: "f" },
  [optionalUrn]: { proof: "p" },
};
const core = {
  label: "Thing",
  code: "c",
  tags: ["a"],
  place: { street: "s", serial: "1" },
  entries: [
    { value: "x", type: "a" },
    { value: "y", note: "n" },
  ],
  views: [{ value: "v", fixed: "f" }],
};
const meta = { meta: { resourceType: "Thing" } };
const required = { [requiredUrn]: { owner: "o" } };
const optional = { [optionalUrn]: { must: "m", grade: "g", proof: "p" } };
const { views, ...coreWithoutViews } = core;

test.each<Query & { shown: object }>`
  attributes                              | excludedAttributes                          | shown                                                                     | because
  ${undefined}                            | ${undefined}                                | ${{ ...core, ...meta, ...required, ...optional }}                         | ${"the default"}
  ${thingUrn}                             | ${undefined}                                | ${core}                                                                   | ${"a schema's URN stands for the schema"}
  ${thingUrn.toUpperCase()}               | ${undefined}                                | ${core}                                                                   | ${"in any case"}
  ${`${thingUrn} , hint`}                 | ${undefined}                                | ${{ ...core, hint: "h" }}                                                 | ${"with what is shown on request"}
  ${undefined}                            | ${thingUrn}                                 | ${{ ...meta, ...required, ...optional }}                                  | ${"and excludes it"}
  ${requiredUrn}                          | ${undefined}                                | ${required}                                                               | ${"so does an extension's"}
  ${optionalUrn}                          | ${undefined}                                | ${optional}                                                               | ${"without what is shown on request"}
  ${`${optionalUrn}:wish`}                | ${undefined}                                | ${{ [optionalUrn]: { proof: "p", wish: "w" } }}                           | ${"unless that is named"}
  ${undefined}                            | ${requiredUrn}                              | ${{ ...core, ...meta, ...optional }}                                      | ${"no empty object is left of an extension"}
  ${undefined}                            | ${`${requiredUrn}:owner`}                   | ${{ ...core, ...meta, ...optional }}                                      | ${"nor where its attributes are excluded one by one"}
  ${undefined}                            | ${optionalUrn}                              | ${{ ...core, ...meta, ...required }}                                      | ${"what is always returned stays"}
  ${undefined}                            | ${`${optionalUrn}:proof,id,anchor,schemas`} | ${{ ...core, ...meta, ...required, ...optional }}                         | ${"even if it is excluded itself"}
  ${undefined}                            | ${"anchor.value,anchor.fixed"}              | ${{ ...core, ...meta, ...required, ...optional, anchor: { fixed: "f" } }} | ${"its parts go by their own rule"}
  ${"anchor.wish"}                        | ${undefined}                                | ${{ anchor: { fixed: "f", wish: "w" } }}                                  | ${"a part may be asked for"}
  ${"views.value"}                        | ${undefined}                                | ${{ views }}                                                              | ${"a part that is always returned comes with another"}
  ${"views.wish"}                         | ${undefined}                                | ${{ views: [{ fixed: "f", wish: "w" }] }}                                 | ${"or with one on request"}
  ${undefined}                            | ${"views"}                                  | ${{ ...coreWithoutViews, ...meta, ...required, ...optional }}             | ${"but not without its attribute"}
  ${"entries.note"}                       | ${undefined}                                | ${{ entries: [{ note: "n" }] }}                                           | ${"a value of which nothing is shown is left out"}
  ${"place.pin, entries.pin"}             | ${undefined}                                | ${{}}                                                                     | ${"what is never shown cannot be asked for"}
  ${"secret,pin,hidden,views.hidden"}     | ${undefined}                                | ${{}}                                                                     | ${"at any level"}
  ${` CODE ,, ${thingUrn}:Place.STREET `} | ${undefined}                                | ${{ code: "c", place: { street: "s" } }}                                  | ${"spaces and case say nothing"}
  ${"hint"}                               | ${"hint"}                                   | ${{}}                                                                     | ${"what is asked for and excluded is excluded"}
  ${"shoeSize,urn:x:y,constructor"}       | ${undefined}                                | ${{}}                                                                     | ${"unknown names name nothing"}
`(
  "attributes=$attributes excludedAttributes=$excludedAttributes: $because",
  ({ shown, ...query }) => {
    const seen = project(thing, everyKindType, readProjection(query, everyKindType));
    expect(seen).toEqual({ ...always, ...shown });
  },
);

test("what is returned on request is returned to the client that has just changed it", () => {
  const before = aThing({ anchor: { value: "v" }, [optionalUrn]: { wish: "w" } });
  const shown = (query: Query) =>
    project(
      thing,
      everyKindType,
      afterWriting(readProjection(query, everyKindType), before, thing),
    );
  expect(shown({})).toEqual({
    ...always,
    ...core,
    ...meta,
    ...required,
    ...optional,
    hint: "h",
    anchor: { value: "v", fixed: "f", wish: "w" },
    views: [{ value: "v", fixed: "f", wish: "w" }],
  });
  expect(shown({ excludedAttributes: "hint" })).not.toHaveProperty("hint");
  expect(shown({ attributes: "code" })).toEqual({ ...always, code: "c" });
});
