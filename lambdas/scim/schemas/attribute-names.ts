import type { Attribute } from "../schema.ts";
import type { Report } from "./faults.ts";

/** RFC 7643, section 2.1. */
const nameForm = /^[A-Za-z][A-Za-z0-9_-]*$/;

/** Every object has these without being given them. */
const inherited = new Set(
  Object.getOwnPropertyNames(Object.prototype).map((name) => name.toLowerCase()),
);

/** Those of every resource, which the service keeps itself (RFC 7643, sections 3 and 3.1). */
const kept = new Set(["id", "schemas", "meta"]);

/** Reports what is wrong with the name of an attribute, or of a sub-attribute. */
export function checkName(name: string, isSub: boolean, report: Report): void {
  if (name === "$ref") {
    if (!isSub) report(`"$ref" is the name of a sub-attribute only; choose another`);
    return;
  }
  if (inherited.has(name.toLowerCase())) {
    report("every JavaScript object has a member of this name; choose another");
  } else if (!nameForm.test(name)) {
    report("a name begins with a letter, followed by letters, digits, - and _; choose another");
  }
  if (!isSub && kept.has(name.toLowerCase()))
    report("every resource has an attribute of this name, kept by the service; leave it out");
}

/** Reports names that come twice among `attributes`, in whichever case (RFC 7643, section 2.1). */
export function checkDuplicates(
  attributes: readonly Attribute[],
  reportOf: (name: string) => Report,
): void {
  const seen = new Map<string, string>();
  for (const { name } of attributes) {
    const first = seen.get(name.toLowerCase());
    if (first === undefined) seen.set(name.toLowerCase(), name);
    else if (first === name) reportOf(name)("it is listed twice; remove one");
    else
      reportOf(name)(
        `"${first}" is listed too, and names are the same in whichever case; rename one`,
      );
  }
}
