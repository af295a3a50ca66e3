import { groupSource } from "./groups/list.ts";
import { groupRoutes } from "./groups/routes.ts";
import type { Action } from "./http/action.ts";
import { resourceSource } from "./resources/list.ts";
import { resourceRoutes } from "./resources/routes.ts";
import type { Served } from "./resources/served.ts";
import type { ResourceTypes } from "./scim/resource-types.ts";
import type { SearchSource } from "./search/source.ts";
import { groupStore } from "./store/dynamodb/groups.ts";
import { resourceStore } from "./store/dynamodb/resources.ts";
import type { Table } from "./store/dynamodb/table.ts";
import { userStore } from "./store/dynamodb/users.ts";
import { userRoutes } from "./users/routes.ts";
import { servedUsers } from "./users/users.ts";

/** Every resource type of the deployment on the one table, for functions that answer for all of them. */
export function openDirectory(table: Table, { user, group, others }: ResourceTypes) {
  const users = servedUsers(userStore(table, user), user);
  const groups = { type: group, store: groupStore(table, group), family: "groups" } as const;
  return { users, groups, others: others.map((type) => servedOther(table, type)) };
}

/** A type that the deployment adds, as its endpoint serves it. */
export const servedOther = (table: Table, type: ResourceTypes["user"]): Served => ({
  type,
  store: resourceStore(table, type),
  family: "resources",
});

/** How all resource types are searched, users first. */
export const sourcesOf = ({
  users,
  groups,
  others,
}: ReturnType<typeof openDirectory>): readonly SearchSource[] => [
  resourceSource(users),
  groupSource(groups),
  ...others.map(resourceSource),
];

/** What the routes of all resource types do. */
export const actionsOf = ({
  users,
  groups,
  others,
}: ReturnType<typeof openDirectory>): Readonly<Record<string, Action>> => ({
  ...userRoutes(users),
  ...groupRoutes(groups),
  ...Object.assign({}, ...others.map(resourceRoutes)),
});
