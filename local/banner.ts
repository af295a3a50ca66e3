import { relative } from "node:path";
import type { Running } from "./ready-file.ts";

/** What a person reads once requests are served. */
export function banner(
  { tenantUrl, token }: Running,
  { logFile, dataDir }: { readonly logFile: string; readonly dataDir: string | undefined },
): string {
  return `
Rollcall is running. What Entra asks for (Provisioning, Admin Credentials):

  Tenant URL     ${tenantUrl}
  Secret Token   ${token}

Try it in a second terminal:

  npm run entra -- --users 500 --groups 20
  curl -H "Authorization: Bearer ${token}" "${tenantUrl}/Users?count=5"

Data: ${dataDir === undefined ? "in memory; gone at the end" : `kept in ${dataDir}`}. Logs: ${relative(process.cwd(), logFile)}. Ctrl-C ends it.
`;
}
