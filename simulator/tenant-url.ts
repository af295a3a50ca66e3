/** The Tenant URL as an administrator pastes it: any base path, with or without slash and flag. */
export interface TenantUrl {
  readonly origin: URL;
  /** The base path without a slash at its end. */
  readonly basePath: string;
  readonly baseUrl: string;
  /** The flags as written, for the client may send them along; "" if there are none. */
  readonly query: string;
  readonly isFlagged: boolean;
}

/** @throws Error if the text is no http(s) URL. */
export function readTenantUrl(text: string): TenantUrl {
  if (!URL.canParse(text)) throw new Error(`"${text}" is not a URL`);
  const url = new URL(text);
  if (url.protocol !== "http:" && url.protocol !== "https:") {
    throw new Error(`"${text}" is neither an http nor an https URL`);
  }

  const basePath = url.pathname.replace(/\/+$/u, "");
  const query = url.search.slice(1).replaceAll("?", "&");
  const isFlagged = [...new URLSearchParams(query).keys()].some(
    (key) => key.toLowerCase() === "aadoptscim062020",
  );
  return {
    origin: new URL(url.origin),
    basePath,
    baseUrl: url.origin + basePath,
    query,
    isFlagged,
  };
}
