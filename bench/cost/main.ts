import { parseArgs } from "node:util";
import { startDynamoDbLocal } from "../../local/dynamodb-local.ts";
import { documentPath, writeFigures } from "./document.ts";
import { measureAll } from "./measure.ts";
import { markdown, terminalTable } from "./report.ts";

/** Measures every operation on a DynamoDB Local of its own, and prints the table; `--write` puts it into docs/cost.md. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { write: { type: "boolean", default: false }, members: { type: "string" } },
  });
  const members = values.members === undefined ? undefined : Number(values.members);
  if (members !== undefined && !(members >= 1)) throw new Error("--members takes a number");
  if (values.write && members !== undefined) throw new Error("--write goes without --members");

  const engine = await startDynamoDbLocal();
  try {
    const measured = await measureAll(engine.endpoint, members);
    process.stdout.write(`${terminalTable(measured)}\n`);
    if (!values.write) return;
    writeFigures(markdown(measured));
    process.stdout.write(`Written to ${documentPath}\n`);
  } finally {
    await engine.stop();
  }
}

await main().catch((error: unknown) => {
  process.stderr.write(`cost: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
