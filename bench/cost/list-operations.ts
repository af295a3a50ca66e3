import { isArray, isObject } from "../../lambdas/scim/json.ts";
import { textOf } from "../../lambdas/store/dynamodb/indexing.ts";
import type { Directory } from "./directory.ts";
import { budget, by, type Operation } from "./operation.ts";

const pageSize = 100;

/** What a page of users may cost, by the design: one unit a user and four. */
const ofPage = budget(3, pageSize + 4, 1);

const page = (query: Readonly<Record<string, string>>) => ({
  route: "GET /Users",
  query: { count: String(pageSize), ...query },
});

/** Goes through a list by index, as a client does, up to the request for the page that begins at `startIndex`. */
async function walkTo({ send }: Directory, startIndex: number) {
  for (let at = 1; at < startIndex; at += pageSize) await send(page({ startIndex: String(at) }));
  return page({ startIndex: String(startIndex) });
}

/** The groups of 50 users are asked for at once, behind the page itself. */
const names = "decisions/0005-names-in-memberships-are-read";

/** What is asked of all users of a tenant, of whom there are 300 of 1 KB. */
export const listOperations = {
  listFirst: {
    title: "list of users, first page of 100",
    budget: ofPage,
    differs: by(names, 5, ofPage.readUnits, 1),
    prepare: async (directory) => walkTo(directory, 1),
  },
  listThird: {
    title: "list of users, third page of 100, by index",
    budget: ofPage,
    differs: by(names, 5, ofPage.readUnits, 1),
    prepare: async (directory) => walkTo(directory, 201),
  },
  listThirdByCursor: {
    title: "list of users, third page of 100, by cursor",
    budget: ofPage,
    prepare: async ({ send }) => {
      let cursor = "";
      for (let at = 0; at < 2; at++)
        cursor = textOf((await send(page({ cursor }))).body, "nextCursor");
      return page({ cursor });
    },
  },
  listWithoutGroups: {
    title: "list of users, first page of 100, `excludedAttributes=groups`",
    budget: ofPage,
    prepare: async () => page({ excludedAttributes: "groups" }),
  },
  countUsers: {
    title: "number of users (`count=0`)",
    prepare: async () => ({ route: "GET /Users", query: { count: "0" } }),
  },
  // The last one, since it puts the tenant's users into groups.
  listInGroups: {
    title: "list of users, first page of 100, who are in 10 groups",
    budget: ofPage,
    differs: by(names, 6, ofPage.readUnits + 10 / 2, 1),
    prepare: async ({ send, addGroup }) => {
      const { Resources } = (await send(page({ excludedAttributes: "groups" }))).body;
      const ids = isArray(Resources)
        ? Resources.filter(isObject).map((one) => textOf(one, "id"))
        : [];
      for (let at = 0; at < 10; at++) await addGroup(ids.slice(at * 10, at * 10 + 10));
      return page({});
    },
  },
} as const satisfies Readonly<Record<string, Operation>>;

/** As many as a tenant has in which lists are measured. */
export const listedUsers = 300;
