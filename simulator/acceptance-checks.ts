import type { Context } from "./context.ts";
import type { ResourceType } from "./endpoint.ts";
import { isRecord, type Json } from "./json.ts";
import { enterpriseUrn } from "./mapping.ts";

export function expectEqual(
  { journal }: Context,
  what: string,
  wanted: Json | undefined,
  got: unknown,
): void {
  if (wanted === got) return;
  journal.differs(
    `acceptance: ${what}: sent ${JSON.stringify(wanted) ?? "nothing"}, endpoint ${JSON.stringify(got) ?? "nothing"}`,
  );
}

export function expectRefusal(
  { journal }: Context,
  what: string,
  answer: { readonly status: number; readonly body: unknown },
  status: number,
  scimType?: string,
): void {
  const got = isRecord(answer.body) ? answer.body["scimType"] : undefined;
  if (answer.status === status && (scimType === undefined || got === scimType)) return;
  journal.differs(
    `acceptance: ${what}: expected ${status} ${scimType ?? ""}, endpoint ${answer.status} ${JSON.stringify(got) ?? ""}`,
  );
}

export async function read(
  context: Context,
  type: ResourceType,
  id: string,
): Promise<Record<string, unknown>> {
  const found = await context.endpoint.get(type, id);
  return found.kind === "found" ? found.resource : {};
}

export function managerOf(resource: Record<string, unknown>): unknown {
  const extension = resource[enterpriseUrn];
  const manager = isRecord(extension) ? extension["manager"] : undefined;
  return isRecord(manager) ? manager["value"] : (manager ?? undefined);
}
