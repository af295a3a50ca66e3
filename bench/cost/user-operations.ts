import type { JsonObject } from "../../lambdas/scim/json.ts";
import type { Directory, User } from "./directory.ts";
import { aMemberOf, budget, by, type Operation, patchOf, replacing } from "./operation.ts";

/** A user's groups are asked of the index beside the user, and their names of the groups. */
const names = "decisions/0005-names-in-memberships-are-read";

const get = (user: User) => ({ route: "GET /Users/{id}", id: user.id });

const find = (filter: string, query: Readonly<Record<string, string>> = {}) => ({
  route: "GET /Users",
  query: { filter, ...query },
});

const patch = (user: User, ...operations: readonly JsonObject[]) => ({
  route: "PATCH /Users/{id}",
  id: user.id,
  body: patchOf(...operations),
});

const noMatch = (title: string, filter: string): Operation => ({
  title,
  budget: budget(1, 1, 0),
  prepare: async () => find(filter),
});

const match = (title: string, filter: (user: User) => string): Operation => ({
  title,
  budget: budget(2, 2.5, 0),
  prepare: async (directory) => find(filter(await directory.addUser())),
});

const inGroups = (groups: number) => (groups === 1 ? "in 1 group" : `in ${groups} groups`);

const findIn = (groups: number): Operation => ({
  title: `match by userName, ${inGroups(groups)}`,
  budget: budget(2, 2.5, 0),
  differs: by(names, 3, 2.5 + groups / 2, 0),
  prepare: async (directory) => {
    const { userName } = await aMemberOf(directory, groups);
    return find(`userName eq "${userName}"`);
  },
});

const patchIn = (groups: number): Operation => ({
  title: `PATCH user, no indexed attribute, ${inGroups(groups)}`,
  budget: budget(2, 1, 2),
  differs: by(names, 2, 1.5 + groups / 2, 2),
  prepare: async (directory) =>
    patch(await aMemberOf(directory, groups), replacing("active", "False")),
});

const workEmail = 'emails[type eq "work"].value';

/** What a PATCH of an attribute costs that an index goes by. */
const patchIndexed = (
  title: string,
  changed: number,
  operations: (user: User) => readonly JsonObject[],
): Operation => ({
  title,
  budget: budget(2, 1, 4 + 4 * changed),
  differs: by(names, 2, 1.5, 4 + 4 * changed),
  prepare: async (directory) => {
    const user = await directory.addUser();
    return patch(user, ...operations(user));
  },
});

const seatLimit = 100;

const create = (title: string, bytes?: number): Operation => ({
  title,
  budget: budget(1, 0, 12),
  status: 201,
  prepare: async (directory: Directory) => ({ route: "POST /Users", body: directory.aUser(bytes) }),
});

/** What is done to users, one by one. */
export const userOperations = {
  getUser: {
    title: "GET user",
    budget: budget(1, 1.5, 0),
    prepare: async (directory) => get(await directory.addUser()),
  },
  getUserIn16: {
    title: "GET user in 16 groups",
    budget: budget(1, 1.5, 0),
    differs: by(names, 2, 1.5 + 16 / 2, 0),
    prepare: async (directory) => get(await aMemberOf(directory, 16)),
  },
  findNoUserName: noMatch("match by userName: none", 'userName eq "nobody"'),
  findNoExternalId: noMatch("match by externalId: none", 'externalId eq "nobody"'),
  findNoEmail: noMatch("match by e-mail: none", `${workEmail} eq "nobody@example.com"`),
  findUserName: match("match by userName", ({ userName }) => `userName eq "${userName}"`),
  findExternalId: match("match by externalId", ({ externalId }) => `externalId eq "${externalId}"`),
  findEmail: match("match by e-mail", ({ email }) => `${workEmail} eq "${email}"`),
  findUserIn1: findIn(1),
  findUserIn16: findIn(16),
  findUserWithoutGroups: {
    title: "match by userName, in 16 groups, `excludedAttributes=groups`",
    budget: budget(2, 2.5, 0),
    prepare: async (directory) => {
      const { userName } = await aMemberOf(directory, 16);
      return find(`userName eq "${userName}"`, { excludedAttributes: "groups" });
    },
  },
  findId: {
    title: "match by id",
    budget: budget(2, 2.5, 0),
    prepare: async (directory) => find(`id eq "${(await directory.addUser()).id}"`),
  },
  findManager: {
    title: "whether a manager is set: `id eq … and manager eq …`",
    budget: budget(2, 2.5, 0),
    prepare: async (directory) => {
      const { id } = await directory.addUser();
      return find(`id eq "${id}" and manager eq "${id}"`, { attributes: "id" });
    },
  },
  createUser: create("POST user of 2 KB"),
  createSmallUser: create("POST user of 1 KB", 1000),
  createTaken: {
    title: "POST user of 2 KB whose userName is taken",
    status: 409,
    prepare: async (directory) => {
      const { body } = await directory.addUser();
      return { route: "POST /Users", body };
    },
  },
  patchUser: {
    title: "PATCH user, no indexed attribute (`active`)",
    budget: budget(2, 1, 2),
    differs: by(names, 2, 1.5, 2),
    prepare: async (directory) => patch(await directory.addUser(), replacing("active", "False")),
  },
  patchUserIn1: patchIn(1),
  patchUserIn16: patchIn(16),
  patchUserName: patchIndexed("PATCH user, userName", 1, ({ userName }) => [
    replacing("userName", `x${userName.slice(1)}`),
  ]),
  patchEmail: patchIndexed("PATCH user, an e-mail", 1, ({ email }) => [
    replacing(`${workEmail}`, `x${email.slice(1)}`),
  ]),
  patchBoth: patchIndexed("PATCH user, userName and an e-mail", 2, ({ userName, email }) => [
    replacing("userName", `x${userName.slice(1)}`),
    replacing(`${workEmail}`, `x${email.slice(1)}`),
  ]),
  patchNothing: {
    title: "PATCH user that changes nothing",
    budget: budget(2, 1, 0),
    differs: by(names, 1, 1.5, 0),
    prepare: async (directory) => patch(await directory.addUser(), replacing("active", "True")),
  },
  replaceUser: {
    title: "PUT user, no indexed attribute",
    budget: budget(2, 1, 2),
    differs: by(names, 2, 1.5, 2),
    prepare: async (directory) => {
      const { id, body } = await directory.addUser();
      return { route: "PUT /Users/{id}", id, body: { ...body, active: false } };
    },
  },
  deleteUser: {
    title: "DELETE user",
    status: 204,
    prepare: async (directory) => {
      const { id } = await directory.addUser();
      return { route: "DELETE /Users/{id}", id };
    },
  },
  createSeated: {
    title: "POST user of 2 KB, with a seat limit",
    budget: budget(1, 0, 14),
    status: 201,
    seatLimit,
    prepare: async (directory) => ({ route: "POST /Users", body: directory.aUser() }),
  },
  patchSeat: {
    title: "PATCH user, `active`, with a seat limit",
    // A transaction writes the user at twice the price.
    budget: budget(2, 1, 2 * 2 + 2),
    differs: by(names, 2, 1.5, 2 * 2 + 2),
    seatLimit,
    prepare: async (directory) => patch(await directory.addUser(), replacing("active", "False")),
  },
  patchSeated: {
    title: "PATCH user, another attribute, with a seat limit",
    budget: budget(2, 1, 2),
    differs: by(names, 2, 1.5, 2),
    seatLimit,
    prepare: async (directory) => patch(await directory.addUser(), replacing("title", "x")),
  },
  deleteSeated: {
    title: "DELETE user, with a seat limit",
    status: 204,
    seatLimit,
    prepare: async (directory) => {
      const { id } = await directory.addUser();
      return { route: "DELETE /Users/{id}", id };
    },
  },
} as const satisfies Readonly<Record<string, Operation>>;
