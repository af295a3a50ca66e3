import { listFaults } from "./checks.ts";
import type { Answer } from "./client.ts";
import type { Context } from "./context.ts";
import type { ResourceType } from "./endpoint.ts";
import { isRecord, recordsIn } from "./json.ts";
import { groupMatchPath, userMatchPath } from "./matching.ts";
import { equals, filterQuery, withoutMembers } from "./query.ts";

/**
 * Test Connection: a filter on the matching attribute with a random GUID. Anything but 200 and an
 * empty list reads as invalid credentials. Returns whether the endpoint passes.
 */
export async function testConnection(context: Context, type: ResourceType): Promise<boolean> {
  const answer = await context.endpoint.ask(type, probeQuery(context, type));
  const fault = probeFault(answer);
  if (fault)
    context.journal.violated(`Test Connection on /${type}s: ${fault}`, probeQuery(context, type));
  return fault === undefined;
}

/** A wrong token must be answered 401, and as a SCIM error, which every answer is checked for. */
export async function testWrongToken(context: Context): Promise<void> {
  const token = `wrong-${context.random.guid()}`;
  const answer = await context.endpoint.ask("User", probeQuery(context, "User"), token);
  if (answer.status === 401) return;
  context.journal.violated(`a wrong token is answered ${answer.status}, not 401`, "GET /Users");
}

export function probeFault(answer: Answer): string | undefined {
  if (answer.status === 0) return `no answer (${answer.text})`;
  if (answer.status === 404) return "a filter is answered 404";
  if (answer.status !== 200) return `answered ${answer.status} ${answer.text.slice(0, 200)}`;
  const [fault] = listFaults(answer.body);
  if (fault || !isRecord(answer.body)) return fault ?? "no object";
  const { totalResults, Resources: resources } = answer.body;
  const isEmpty = totalResults === 0 && recordsIn(resources).length === 0;
  return isEmpty ? undefined : "a filter that matches nothing is not answered with an empty list";
}

function probeQuery({ match, random }: Context, type: ResourceType): string {
  if (type === "User") return filterQuery(equals(userMatchPath(match), random.guid()));
  return `${withoutMembers}&${filterQuery(equals(groupMatchPath(match), random.guid()))}`;
}
