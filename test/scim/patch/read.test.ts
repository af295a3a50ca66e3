import { expect, test } from "@jest/globals";
import type { Json } from "../../../lambdas/scim/json.ts";
import { readOperations, readPatchOp } from "../../../lambdas/scim/patch/read.ts";
import { patchOpUrn } from "../../../lambdas/scim/urns.ts";

const patch = (...operations: readonly Json[]) => ({
  schemas: [patchOpUrn],
  Operations: operations,
});

test("operations are read in order, whatever the case of op and whatever else they say", () => {
  const body = {
    ...patch(
      { op: "Add", path: "title", value: "x", name: "addTitle" },
      { op: "REMOVE", path: "title" },
      { OP: "replace", value: { title: "y" } },
    ),
    id: "x",
  };
  expect(readPatchOp(body)).toEqual([
    { op: "add", path: "title", value: "x" },
    { op: "remove", path: "title", value: undefined },
    { op: "replace", path: undefined, value: { title: "y" } },
  ]);
});

test("no operations are refused, or a change of nothing where that is as good as any", () => {
  expect(() => readPatchOp(patch())).toThrow(
    expect.objectContaining({ status: 400, scimType: "invalidSyntax" }),
  );
  expect(readOperations(patch())).toEqual([]);
});

test.each<{ body: Json | undefined; status: number; scimType: string | undefined }>`
  body                                                             | status | scimType
  ${undefined}                                                     | ${400} | ${"invalidSyntax"}
  ${[]}                                                            | ${400} | ${"invalidSyntax"}
  ${{ Operations: [] }}                                            | ${400} | ${"invalidSyntax"}
  ${{ schemas: ["urn:x"], Operations: [] }}                        | ${400} | ${"invalidSyntax"}
  ${{ schemas: [patchOpUrn] }}                                     | ${400} | ${"invalidSyntax"}
  ${{ schemas: [patchOpUrn], Operations: {} }}                     | ${400} | ${"invalidSyntax"}
  ${patch("x")}                                                    | ${400} | ${"invalidSyntax"}
  ${patch({ path: "title" })}                                      | ${400} | ${"invalidSyntax"}
  ${patch({ op: "move", path: "title" })}                          | ${400} | ${"invalidSyntax"}
  ${patch({ op: 1, path: "title" })}                               | ${400} | ${"invalidSyntax"}
  ${patch({ op: "add", path: 5, value: 1 })}                       | ${400} | ${"invalidPath"}
  ${patch({ op: "add", path: "", value: 1 })}                      | ${400} | ${"invalidPath"}
  ${patch({ op: "add", path: "title" })}                           | ${400} | ${"invalidValue"}
  ${patch({ op: "replace", value: "x" })}                          | ${400} | ${"invalidValue"}
  ${patch(...Array(10_001).fill({ op: "remove", path: "title" }))} | ${413} | ${undefined}
`("a body that is no PatchOp is answered $status $scimType", ({ body, status, scimType }) => {
  expect(() => readPatchOp(body)).toThrow(expect.objectContaining({ status, scimType }));
});
