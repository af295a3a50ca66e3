import { isRecord, recordsIn } from "./json.ts";

/** A target of a mapping, in the few shapes that Entra's own table has. */
export type Target =
  | { readonly kind: "simple"; readonly path: string; readonly attribute: string }
  | {
      readonly kind: "sub";
      readonly path: string;
      readonly attribute: string;
      readonly sub: string;
    }
  | {
      readonly kind: "element";
      readonly path: string;
      readonly attribute: string;
      readonly filterBy: string;
      readonly filterValue: string;
      readonly sub: string;
    }
  | {
      readonly kind: "extension";
      readonly path: string;
      readonly urn: string;
      readonly attribute: string;
    };

export function parseTarget(path: string): Target {
  if (path.startsWith("urn:")) {
    const colon = path.lastIndexOf(":");
    const [urn, attribute] = [path.slice(0, colon), path.slice(colon + 1)];
    return { kind: "extension", path, urn, attribute };
  }

  const element = /^(\w+)\[(\w+) eq "([^"]*)"\]\.(\w+)$/u.exec(path);
  if (element) {
    const [, attribute = "", filterBy = "", filterValue = "", sub = ""] = element;
    return { kind: "element", path, attribute, filterBy, filterValue, sub };
  }

  const [attribute = "", sub] = path.split(".");
  return sub === undefined
    ? { kind: "simple", path, attribute }
    : { kind: "sub", path, attribute, sub };
}

/** What a resource holds there, whatever its type. */
export function readTarget(resource: Record<string, unknown>, target: Target): unknown {
  switch (target.kind) {
    case "simple":
      return resource[target.attribute];
    case "sub":
      return memberOf(resource[target.attribute], target.sub);
    case "extension":
      return memberOf(resource[target.urn], target.attribute);
    case "element":
      return elementOf(resource, target)?.[target.sub];
  }
}

const memberOf = (value: unknown, name: string): unknown =>
  isRecord(value) ? value[name] : undefined;

/** `primary eq "True"` compares a quoted text with a boolean, so both are read as text. */
function elementOf(resource: Record<string, unknown>, target: Target & { kind: "element" }) {
  const wanted = target.filterValue.toLowerCase();
  return recordsIn(resource[target.attribute]).find(
    (element) => String(element[target.filterBy]).toLowerCase() === wanted,
  );
}
