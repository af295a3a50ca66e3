/**
 * What the service says, with the commands that send the messages which it speaks of:
 * `{"action":"token.issue","tenant":"acme"}` becomes `rollcall token issue acme`.
 */
export const asCommands = (text: string): string =>
  text.replaceAll(/\{"action":[^{}]*\}/g, (message) => commandOf(message) ?? message);

/** Actions whose commands have other names. */
const names: Readonly<Record<string, string>> = {
  "user.listDeleted": "user deleted",
  "tenant.stats": "stats",
};

/** Undefined for a message of which something is not known here: half a command would mislead. */
function commandOf(message: string): string | undefined {
  const { action, ...fields } = fieldsOf(message);
  const name = names[String(action)] ?? String(action).replace(".", " ");
  const words = Object.entries(fields).map(([field, value]) => wordsOf(field, value));
  if (words.includes(undefined)) return undefined;
  return `\`${["rollcall", name, ...words].join(" ")}\``;
}

function wordsOf(field: string, value: unknown): string | undefined {
  if (["tenant", "tokenId", "id", "userName"].includes(field)) return String(value);
  if (field === "overlapHours") return `--overlap ${value === 0 ? "0" : `${Number(value)}h`}`;
  if (field === "confirm") return "--even-if-used";
  return undefined;
}

function fieldsOf(message: string): Readonly<Record<string, unknown>> {
  try {
    return { ...JSON.parse(message) };
  } catch {
    return { action: undefined, unread: message };
  }
}
