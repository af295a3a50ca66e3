import type { JsonObject } from "../../lambdas/scim/json.ts";
import type { Directory, Group } from "./directory.ts";
import { adding, budget, type Operation, patchOf, replacing } from "./operation.ts";

const withoutMembers = { excludedAttributes: "members" };

const patch = ({ id }: Group, ...operations: readonly JsonObject[]) => ({
  route: "PATCH /Groups/{id}",
  id,
  body: patchOf(...operations),
});

const removing = (id: string) => ({ ...adding([id]), op: "Remove" });

/** A group with so many members, and one of them who is a user. */
async function aGroupOf(directory: Directory, members: number) {
  const { id: member } = await directory.addUser();
  const group = await directory.addGroup([member]);
  await directory.fill(group.id, members - 1);
  return { group, member };
}

const ofOneMember = budget(2, 1, 7);

const add = (members: number): Operation => ({
  title: `PATCH group of ${members.toLocaleString("en")}, add 1 member`,
  budget: ofOneMember,
  status: 204,
  prepare: async (directory) => {
    const { group } = await aGroupOf(directory, members);
    return patch(group, adding([(await directory.addUser()).id]));
  },
});

const remove = (members: number): Operation => ({
  title: `PATCH group of ${members.toLocaleString("en")}, remove 1 member`,
  budget: ofOneMember,
  status: 204,
  prepare: async (directory) => {
    const { group, member } = await aGroupOf(directory, members);
    return patch(group, removing(member));
  },
});

/** What is done to groups, one by one. The costs of a large group are those of any larger one. */
export const groupOperations = (largeGroup: number) =>
  ({
    getGroup: {
      title: "GET group without its members",
      budget: budget(1, 1, 0),
      prepare: async (directory) => {
        const { id } = await directory.addGroup();
        return { route: "GET /Groups/{id}", id, query: withoutMembers };
      },
    },
    getGroupOf10: {
      title: "GET group with 10 members",
      prepare: async (directory) => {
        const { id } = await directory.addGroup(await directory.addUsers(10));
        return { route: "GET /Groups/{id}", id };
      },
    },
    findNoGroup: {
      title: "match group by displayName: none",
      prepare: async () => ({
        route: "GET /Groups",
        query: { filter: 'displayName eq "nothing"', ...withoutMembers },
      }),
    },
    findGroup: {
      title: "match group by displayName, without its members",
      prepare: async (directory) => {
        const { displayName } = await directory.addGroup();
        const filter = `displayName eq "${displayName}"`;
        return { route: "GET /Groups", query: { filter, ...withoutMembers } };
      },
    },
    addMember: add(10),
    addMemberToLarge: add(largeGroup),
    addMemberInConflict: {
      title: "PATCH group, add 1 member while another change is at the group",
      conflicts: 1,
      status: 204,
      prepare: add(10).prepare,
    },
    addMany: {
      title: "PATCH group, add 1,000 members, carried over by the request",
      status: 204,
      prepare: async (directory) => {
        const users = await directory.addUsers(1000);
        return patch(await directory.addGroup(), adding(users));
      },
    },
    addMemberBehindMany: {
      title: "PATCH group, add 1 member while 1,001 others are pending",
      status: 204,
      prepare: async (directory) => {
        const [member = "", ...users] = await directory.addUsers(1002);
        const group = await directory.addGroup();
        await directory.send(patch(group, adding(users)));
        return patch(group, adding([member]));
      },
    },
    addMemberAgain: {
      title: "PATCH group, add 1 who is a member already",
      status: 204,
      prepare: async (directory) => {
        const { group, member } = await aGroupOf(directory, 10);
        return patch(group, adding([member]));
      },
    },
    addGroup: {
      title: "PATCH group, add 1 group as a member",
      budget: ofOneMember,
      status: 204,
      prepare: async (directory) => {
        const child = await directory.addGroup();
        return patch(await directory.addGroup(), adding([child.id]));
      },
    },
    removeMember: remove(10),
    removeMemberOfLarge: remove(largeGroup),
    add50Members: {
      title: "PATCH group, add 50 members",
      budget: budget(3, 26, 4 * 50 + 2),
      status: 204,
      prepare: async (directory) =>
        patch(await directory.addGroup(), adding(await directory.addUsers(50))),
    },
    createGroup: {
      title: "POST group without members",
      status: 201,
      prepare: async (directory) => ({ route: "POST /Groups", body: directory.aGroup() }),
    },
    renameGroup: {
      title: "PATCH group, displayName",
      status: 204,
      prepare: async (directory) => {
        const group = await directory.addGroup();
        return patch(group, replacing("displayName", `${group.displayName} A`));
      },
    },
    deleteGroup: {
      title: "DELETE group",
      status: 204,
      prepare: async (directory) => {
        const { id } = await directory.addGroup();
        return { route: "DELETE /Groups/{id}", id };
      },
    },
  }) as const satisfies Readonly<Record<string, Operation>>;
