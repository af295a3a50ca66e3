import { userUrn } from "./bodies-create.ts";
import type { Context } from "./context.ts";
import { phases } from "./cycle.ts";
import { createDirectory, type Directory, type SourceUser } from "./directory.ts";
import type { JsonObject } from "./json.ts";
import { mappedValues, userFilter } from "./matching.ts";
import { equals, filterQuery } from "./query.ts";
import type { RunOptions } from "./simulate.ts";

const mostRuns = 1000;

/**
 * The directory of the seed, under a tag that the endpoint does not know yet: after a first run with
 * a seed, a second one would meet the renamed and deleted leftovers of the first.
 */
export async function freshDirectory(context: Context, options: RunOptions): Promise<Directory> {
  const { seed } = options;
  for (let run = 1; run < mostRuns; run += 1) {
    const tag = run === 1 ? seed.toString(36) : `${seed.toString(36)}-${run}`;
    const directory = createDirectory({ ...options, tag });
    if (!(await isKnown(context, directory))) return directory;
    context.reporter.note(`the endpoint holds the directory "${tag}" already: taking another name`);
  }
  throw new Error(`the endpoint holds ${mostRuns} directories of seed ${seed} already`);
}

/** Renames and deletions spare some of the first names at least. */
async function isKnown({ endpoint, mappings }: Context, { users }: Directory): Promise<boolean> {
  for (const user of [...users.values()].slice(0, 12)) {
    const userName = mappedValues(mappings, user).get("userName") ?? user.objectId;
    const page = await endpoint.query("probe", "User", filterQuery(equals("userName", userName)));
    if (page && page.resources.length > 0) return true;
  }
  return false;
}

/** Some users were at the endpoint before Entra came: it must find them, and mend what differs. */
export async function createExisting(context: Context, { users }: Directory): Promise<void> {
  const enabled = [...users.values()].filter(({ standing }) => standing === "enabled");
  const some = enabled.filter((_, at) => at % 20 === 3);
  await phases(context, "already there")("users", some, (user) =>
    context.steady.create("User", existingBody(context, user)),
  );
}

/** As a person might have made it: hardly more than the name, a title of old, no schema but the core's. */
function existingBody(context: Context, user: SourceUser): JsonObject {
  const values = mappedValues(context.mappings, user);
  const { path, value } = userFilter(context, values);
  const userName = values.get("userName") ?? value;
  const matching: JsonObject = path.startsWith("emails")
    ? { emails: [{ type: "work", value }] }
    : { [path]: value };
  return {
    schemas: [userUrn],
    userName,
    displayName: "Made by hand",
    title: "of old",
    ...matching,
  };
}
