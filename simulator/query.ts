/**
 * A query value as the service writes it: a space is `+`, quotes `%22`, `@` `%40`, a plus `%2B`.
 * The Logic App writes a space as `%20`.
 */
export function encodeValue(text: string, space: "+" | "%20" = "+"): string {
  return encodeURIComponent(text)
    .replaceAll("'", "%27")
    .replaceAll("~", "%7E")
    .replaceAll("%20", space);
}

/** `attribute eq "value"`, with quotes and backslashes in the value escaped. */
export const equals = (attribute: string, value: string): string =>
  `${attribute} eq "${value.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;

export const filterQuery = (filter: string, space: "+" | "%20" = "+"): string =>
  `filter=${encodeValue(filter, space)}`;

export const withoutMembers = "excludedAttributes=members";
