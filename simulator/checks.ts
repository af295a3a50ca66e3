import type { Answer } from "./client.ts";
import { filledText, isRecord, type JsonObject } from "./json.ts";

const errorUrn = "urn:ietf:params:scim:api:messages:2.0:Error";
const listUrn = "urn:ietf:params:scim:api:messages:2.0:ListResponse";

type Seen = Pick<Answer, "status" | "contentType" | "text" | "body">;

/** What is wrong with any answer, whatever was asked. */
export function answerFaults(answer: Seen): readonly string[] {
  if (answer.status === 0 || answer.text === "") return [];

  const media = answer.contentType ?? "none";
  const faults: string[] = [];
  if (!/^application\/scim\+json\s*(;|$)/iu.test(media)) {
    faults.push(`an answer ${answer.status} has Content-Type ${media}, not application/scim+json`);
  }
  if (answer.body === undefined) {
    faults.push(`an answer ${answer.status} has a body that is no JSON`);
  } else if (answer.status >= 400) {
    faults.push(...errorFaults(answer));
  }
  return faults;
}

function errorFaults({ status, body }: Seen): readonly string[] {
  const error = isRecord(body) ? body : {};
  const faults: string[] = [];
  if (!lists(error["schemas"], errorUrn)) {
    faults.push(`an error ${status} lacks the Error schema`);
  }
  if (error["status"] !== String(status)) {
    const got = JSON.stringify(error["status"]);
    faults.push(`an error ${status} has "status" ${got}, not "${status}" as a string`);
  }
  return faults;
}

/** What is wrong with an answer to a query. */
export function listFaults(body: unknown): readonly string[] {
  if (!isRecord(body) || !lists(body["schemas"], listUrn)) {
    return ["a query is not answered with a ListResponse"];
  }
  const { totalResults, Resources: resources } = body;
  if (typeof totalResults !== "number") return ["a ListResponse has no totalResults"];
  if (totalResults > 0 && !Array.isArray(resources)) return ["a ListResponse has no Resources"];
  return [];
}

/** What is wrong with any resource, wherever it is shown. */
export function resourceFaults(type: "User" | "Group", resource: Record<string, unknown>) {
  const faults: string[] = [];
  if (filledText(resource["id"]) === undefined) {
    faults.push(`a ${type} has ${"id" in resource ? "an id that is no string" : "no id"}`);
  }
  const active = resource["active"];
  if (type === "User" && active !== undefined && typeof active !== "boolean") {
    faults.push(`a User has "active" ${JSON.stringify(active)}, which is no boolean`);
  }
  return faults;
}

/** What is missing in the answer to a POST, which is to be the full resource. */
export function createdFaults(sent: JsonObject, resource: Record<string, unknown>) {
  const missing = Object.entries(sent)
    .filter(
      ([name, value]) =>
        name !== "schemas" && value !== null && !isEmpty(value) && resource[name] == null,
    )
    .map(([name]) => name);
  return missing.length === 0 ? [] : [`the answer to a POST lacks ${missing.join(", ")}`];
}

const lists = (value: unknown, urn: string): boolean => Array.isArray(value) && value.includes(urn);

const isEmpty = (value: unknown): boolean => Array.isArray(value) && value.length === 0;
