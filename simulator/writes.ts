import { createdFaults } from "./checks.ts";
import type { Call } from "./client.ts";
import type { Endpoint } from "./endpoint.ts";
import type { Reply } from "./faults.ts";
import { describeCall } from "./journal.ts";
import { judgeCreate, judgeDelete, judgePatch } from "./verdicts.ts";
import type { Wire } from "./wire.ts";

type Writes = Pick<Endpoint, "create" | "patch" | "remove" | "attempt">;

export function createWrites(wire: Wire, get: Endpoint["get"]): Writes {
  return {
    create: createOf(wire),
    patch: patchOf(wire),
    remove: removeOf(wire, get),
    attempt: async (method, type, id, body) => {
      const target = id === undefined ? wire.collection(type) : wire.one(type, id);
      const call: Call = { kind: "check", method, target };
      return (await write(wire, body === undefined ? call : { ...call, body })).answer;
    },
  };
}

function write({ journal, send }: Wire, call: Call): Promise<Reply> {
  journal.wrote(describeCall(call));
  return send(call);
}

const createOf =
  (wire: Wire): Endpoint["create"] =>
  async (type, body) => {
    const call: Call = { kind: "create", method: "POST", target: wire.collection(type), body };
    const reply = await write(wire, call);
    const verdict = judgeCreate(reply);
    wire.violate(call, verdict.faults);
    for (const answer of verdict.refusals) wire.journal.refused(call, answer);
    if (verdict.kind !== "created") return { kind: verdict.kind };

    const resource = wire.readResource(call, type, reply.answer.body);
    if (resource) wire.violate(call, createdFaults(body, resource));
    return resource ? { kind: "created", resource } : { kind: "failed" };
  };

const patchOf =
  (wire: Wire): Endpoint["patch"] =>
  async (type, id, body) => {
    const call: Call = { kind: "patch", method: "PATCH", target: wire.one(type, id), body };
    const reply = await write(wire, call);
    const refusals = judgePatch(reply);
    for (const answer of refusals) wire.journal.refused(call, answer);

    const { answer } = reply;
    if (refusals.includes(answer)) return { kind: "failed" };
    // For a group an empty 200 does as well; a 200 for a user shows the updated user.
    const isBare = answer.status === 204 || (type === "Group" && answer.text === "");
    const resource = isBare ? undefined : wire.readResource(call, type, answer.body);
    return resource ? { kind: "updated", resource } : { kind: "done" };
  };

const removeOf =
  (wire: Wire, get: Endpoint["get"]): Endpoint["remove"] =>
  async (type, id) => {
    const call: Call = { kind: "delete", method: "DELETE", target: wire.one(type, id) };
    const refusals = judgeDelete(await write(wire, call));
    for (const answer of refusals) wire.journal.refused(call, answer);
    if (refusals.length > 0) return false;

    const after = await get(type, id);
    if (after.kind === "found") wire.violate(call, [`a deleted ${type} is still answered by id`]);
    return true;
  };
