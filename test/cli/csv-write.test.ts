import { tmpdir } from "node:os";
import { expect, test } from "@jest/globals";
import { exitCodes } from "../../cli/command-error.ts";
import { writeCsv } from "../../cli/csv-write.ts";

test("a file that cannot be written is told by its name, and is no fault of the command's", () => {
  const folder = tmpdir();
  expect(() => writeCsv(folder, ["a"], [["b"]])).toThrow(
    expect.objectContaining({
      exitCode: exitCodes.failed,
      message: expect.stringContaining(`${folder} cannot be written`),
    }),
  );
});
