import * as fc from "fast-check";
import type { Json } from "../../lambdas/scim/json.ts";
import { patchOpUrn } from "../../lambdas/scim/urns.ts";

const oddWords = [
  "schemas",
  "id",
  "meta",
  "Operations",
  "op",
  "path",
  "__proto__",
  "constructor",
  "prototype",
  "toString",
  "hasOwnProperty",
  "",
];
const filters = [
  '[type eq "work"]',
  '[primary eq "True"].value',
  "[value pr]",
  '[value eq "x" or value eq "y"]',
  '[value eq "7"].value',
  "[",
  '[not (type eq "x")].display',
  ".value",
  ".x",
  "[__proto__ eq 1]",
];

/** Bodies that are about `words`, and about `urns`, one of which is the resource's own. */
export function anyJson(words: readonly string[], urns: readonly [string, ...string[]]) {
  const word = fc.constantFrom(...words, ...oddWords, ...urns);
  const path = fc.oneof(
    word,
    fc.tuple(word, fc.constantFrom(...filters)).map((parts) => parts.join("")),
    fc.tuple(fc.constantFrom(...urns), word).map((parts) => parts.join(":")),
    fc.string(),
  );
  const leaf = fc.oneof(
    fc.constantFrom("", "True", "false", "work", "7", "-0.5", "1e999", ...urns),
    fc.constantFrom('{"value":"x"}', '{"value":{}}', '{"value":"x","displayName":7}', "{"),
    fc.string(),
    fc.double({ noNaN: true }),
    fc.boolean(),
    fc.constant(null),
  );

  /** Objects as JSON.parse makes them, so that `__proto__` is a name like any other. */
  const { json } = fc.letrec<{ json: Json }>((tie) => {
    const entries = fc.array(fc.tuple(path, tie("json")), { maxLength: 5 });
    return {
      json: fc.oneof(
        { maxDepth: 5, withCrossShrink: true },
        leaf,
        fc.array(tie("json"), { maxLength: 4 }),
        entries.map((members) => Object.fromEntries(members)),
      ),
    };
  });

  const operation = fc.record(
    {
      op: fc.constantFrom("Add", "replace", "REMOVE", "add", "Replace", "remove"),
      path: fc.option(path),
      value: json,
    },
    { requiredKeys: ["op"] },
  );
  const patchOp = fc
    .array(fc.oneof({ weight: 60, arbitrary: operation }, { weight: 1, arbitrary: json }), {
      maxLength: 4,
    })
    .map(
      (operations): Json => ({ schemas: [patchOpUrn], Operations: operations as readonly Json[] }),
    );
  const members = fc.array(fc.tuple(path, json)).map((given): Json => Object.fromEntries(given));
  return { json, patchOp, members };
}
