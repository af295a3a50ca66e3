import { afterAll } from "@jest/globals";
import { createTable, deleteTable } from "./table.ts";

await createTable();
afterAll(deleteTable);
