import type { AttributeValue } from "@aws-sdk/client-dynamodb";

/** An item as DynamoDB takes and gives it. */
export type Item = Readonly<Record<string, AttributeValue>>;

/**
 * The bytes that DynamoDB counts for an item: names and values. Documented at
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
 */
export const itemBytes = (item: Item | undefined): number =>
  Object.entries(item ?? {}).reduce(
    (sum, [name, value]) => sum + utf8(name) + valueBytes(value),
    0,
  );

function valueBytes(value: AttributeValue): number {
  if (value.S !== undefined) return utf8(value.S);
  if (value.N !== undefined) return numberBytes(value.N);
  if (value.B !== undefined) return value.B.byteLength;
  if (value.SS) return sum(value.SS, utf8);
  if (value.NS) return sum(value.NS, numberBytes);
  if (value.BS) return sum(value.BS, ({ byteLength }) => byteLength);
  // A list or map takes three bytes, and one for each of its elements.
  if (value.L) return 3 + sum(value.L, (one) => 1 + valueBytes(one));
  if (value.M)
    return 3 + sum(Object.entries(value.M), ([name, one]) => 1 + utf8(name) + valueBytes(one));
  return 1;
}

/** A byte for every two significant digits, and one more; a sign takes another. */
function numberBytes(text: string): number {
  const digits = text
    .replace(/e.*$/i, "")
    .replaceAll(/[^0-9]/g, "")
    .replace(/^0+/, "")
    .replace(/0+$/, "");
  return Math.ceil(digits.length / 2) + 1 + (text.startsWith("-") ? 1 : 0);
}

const utf8 = (text: string) => Buffer.byteLength(text);

const sum = <T>(of: readonly T[], bytes: (one: T) => number) =>
  of.reduce((total, one) => total + bytes(one), 0);
