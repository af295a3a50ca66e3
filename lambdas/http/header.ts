import type { APIGatewayProxyEvent } from "aws-lambda";

/** A header of the request; given several times it is one list (RFC 9110, section 5.3). */
export function headerOf(
  { multiValueHeaders: given }: Partial<Pick<APIGatewayProxyEvent, "multiValueHeaders">>,
  wanted: string,
): string | undefined {
  const named = Object.entries(given ?? {}).filter(([name]) => name.toLowerCase() === wanted);
  return named.length === 0 ? undefined : named.flatMap(([, values]) => values ?? []).join(", ");
}
