import { preconditionFailed } from "./errors.ts";

/** The values of the headers by which a request depends on a resource's state (RFC 7644, section 3.14). */
export interface Preconditions {
  readonly ifMatch?: string | undefined;
  readonly ifNoneMatch?: string | undefined;
}

/** A version as `meta.version` and the header ETag have it: weak, since one version has many representations. */
export const etagOf = (version: number): string => `W/"${version}"`;

/**
 * Whether the client already has what it asks for, so that 304 answers it (RFC 7644, section 3.14).
 * The comparison is weak, as RFC 9110, section 13.1.2 has it.
 */
export function isNotModified({ ifNoneMatch }: Preconditions, version: number): boolean {
  return ifNoneMatch !== undefined && names(ifNoneMatch, version);
}

/** @throws ScimError 412 where the client wants to change another version than there is. */
export function checkIfMatch({ ifMatch, ifNoneMatch }: Preconditions, version: number): void {
  if (ifMatch !== undefined && !names(ifMatch, version)) {
    throw preconditionFailed(
      `If-Match asks for another version than ${etagOf(version)}; read the resource again.`,
    );
  }
  if (ifNoneMatch !== undefined && names(ifNoneMatch, version)) {
    throw preconditionFailed(`If-None-Match excludes the version that there is.`);
  }
}

/** A tag's text in quotes, in which there may be commas, or bare. */
const tagForm = /(?:W\/)?"([^"]*)"|([^\s,"]+)/gi;

/** Clients send the tag weak, strong, or bare as they found it in `meta.version`. */
function names(tags: string, version: number): boolean {
  const wanted = String(version);
  return [...tags.matchAll(tagForm)].some(
    ([, quoted, bare]) => bare === "*" || (quoted ?? bare) === wanted,
  );
}
