import type { Change } from "./diff.ts";
import { managerIn } from "./diff.ts";
import type { Resource } from "./endpoint.ts";
import { filledText, recordsIn } from "./json.ts";
import type { Mapping } from "./mapping.ts";
import { readTarget } from "./target.ts";

/** What a correct endpoint must hold after all that was sent to it. */
export interface ExpectedUser {
  readonly values: ReadonlyMap<string, string>;
  readonly active: boolean;
  /** The manager's id at the endpoint. */
  readonly manager: string | undefined;
  /** Only kept for the mappings that send a set of roles. */
  readonly roles: ReadonlySet<string>;
}

export interface ExpectedGroup {
  readonly displayName: string;
  readonly externalId: string;
  /** The members' ids at the endpoint. */
  readonly members: ReadonlySet<string>;
}

/** The tie between an object of the source and its resource at the endpoint. */
export interface Link<Expected> {
  readonly id: string;
  /** Deleted at the endpoint. The id is kept, for it must answer 404. */
  readonly isGone: boolean;
  /** Was there before the run, so it may hold more than was sent. */
  readonly isAdopted: boolean;
  readonly expected: Expected;
}

/** Everything the client remembers between cycles, by objectId. */
export interface Links {
  readonly users: Map<string, Link<ExpectedUser>>;
  readonly groups: Map<string, Link<ExpectedGroup>>;
}

export const noLinks = (): Links => ({ users: new Map(), groups: new Map() });

/** The id of a user or group that exists at the endpoint. */
export function livingId({ users, groups }: Links, objectId: string): string | undefined {
  const link = users.get(objectId) ?? groups.get(objectId);
  return link && !link.isGone ? link.id : undefined;
}

/** What a user holds that was there before; its roles only matter where they are sent as a set. */
export const expectFound = (
  mappings: readonly Mapping[],
  resource: Resource,
  sendsSets: boolean,
): ExpectedUser => ({
  values: new Map(
    mappings.flatMap(({ target }) => {
      const value = filledText(readTarget(resource, target));
      return value === undefined ? [] : [[target.path, value] as const];
    }),
  ),
  active: resource["active"] === true,
  manager: managerIn(resource),
  roles: new Set(
    sendsSets ? recordsIn(resource["roles"]).flatMap(({ value }) => filledText(value) ?? []) : [],
  ),
});

/** What the endpoint must hold once `changes` are made. */
export const expectChanged = (before: ExpectedUser, changes: readonly Change[]): ExpectedUser =>
  changes.reduce(expectChange, before);

function expectChange(before: ExpectedUser, change: Change): ExpectedUser {
  switch (change.kind) {
    case "value": {
      const values = new Map(before.values);
      if (change.value === "") values.delete(change.target.path);
      else values.set(change.target.path, change.value);
      return { ...before, values };
    }
    case "active":
      return { ...before, active: change.value };
    case "manager":
      return { ...before, manager: change.op === "remove" ? undefined : change.id };
    case "roles": {
      const kept = change.op === "add" ? before.roles : [];
      return { ...before, roles: new Set([...kept, ...change.roles]) };
    }
  }
}
