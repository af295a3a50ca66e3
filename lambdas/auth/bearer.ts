/** Request headers, in whatever case they were sent; a header sent several times may have all its values. */
export type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

/**
 * The bearer token of a request (RFC 6750, section 2.1), or undefined where there is none.
 * A request that sends more than one credential has none: nobody could tell which was meant.
 */
export function bearerToken(headers: Headers | null | undefined): string | undefined {
  const values = Object.entries(headers ?? {})
    .filter(([name]) => name.toLowerCase() === "authorization")
    .flatMap(([, value]) => value ?? []);
  if (values.length !== 1) return undefined;
  return /^\s*bearer\s+(\S+)\s*$/i.exec(values[0] ?? "")?.[1];
}
