import { InvalidArgumentError } from "commander";

const hoursIn = { m: 1 / 60, h: 1, d: 24, w: 168 } as const;

/** Hours, from `72h`, `3d`, `90m`, `2w` or `0`. @throws InvalidArgumentError for anything else. */
export function readHours(text: string): number {
  const [, amount = "", unit = ""] = /^(\d{1,6}(?:\.\d{1,3})?)([mhdw]?)$/.exec(text.trim()) ?? [];
  const number = Number(amount);
  if (amount !== "" && number === 0) return 0;
  const hours = Object.entries(hoursIn).find(([letter]) => letter === unit)?.[1];
  // A bare 72 may be meant as hours or as days: whoever is wrong about it leaves a leaked token alive.
  if (amount === "" || hours === undefined)
    throw new InvalidArgumentError("Say it with a unit, such as 72h, 3d or 90m, or 0 for at once.");
  return number * hours;
}

/** A whole number of days. @throws InvalidArgumentError for anything else. */
export const readDays =
  (least: number, most: number) =>
  (text: string): number => {
    const days = /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN;
    if (days >= least && days <= most) return days;
    throw new InvalidArgumentError(`Give a whole number of days from ${least} to ${most}.`);
  };

/** A time as the service takes it; a date alone is the beginning of that day in UTC. */
export function readTime(text: string): string {
  const isTime = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2}))?$/.test(
    text,
  );
  const time = isTime ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(time))
    throw new InvalidArgumentError(
      "Give a date such as 2027-06-30, or a time such as 2027-06-30T12:00:00Z.",
    );
  return new Date(time).toISOString();
}

/** A time for people, in UTC: `2027-06-30 12:00Z`. */
export const shownTime = (value: unknown): string =>
  typeof value === "string" && !Number.isNaN(Date.parse(value))
    ? `${new Date(value).toISOString().slice(0, 16).replace("T", " ")}Z`
    : "";
