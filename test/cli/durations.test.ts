import { expect, test } from "@jest/globals";
import { readDays, readHours, readTime } from "../../cli/durations.ts";

test.each([
  ["72h", 72],
  ["3d", 72],
  ["90m", 1.5],
  ["1w", 168],
  ["0", 0],
  ["0h", 0],
  ["1.5d", 36],
])("an overlap of %s is %d hours", (text, hours) => {
  expect(readHours(text)).toBe(hours);
});

test.each(["72", "3 days", "-1h", "", "h", "1e3h", "3D"])("an overlap of %j is refused", (text) => {
  expect(() => readHours(text)).toThrow("Say it with a unit, such as 72h");
});

test.each([
  ["2027-06-30", "2027-06-30T00:00:00.000Z"],
  ["2027-06-30T12:00Z", "2027-06-30T12:00:00.000Z"],
  ["2027-06-30T12:00:00+02:00", "2027-06-30T10:00:00.000Z"],
])("the time %s is %s", (text, time) => {
  expect(readTime(text)).toBe(time);
});

// Without an offset a time is another one on every machine.
test.each(["2027-06-30T12:00", "tomorrow", "30.6.2027", "2027-13-01"])(
  "the time %j is refused",
  (text) => {
    expect(() => readTime(text)).toThrow("Give a date such as 2027-06-30");
  },
);

test.each(["31", "-1", "1.5", "x", ""])("to keep for %j days is refused", (text) => {
  expect(() => readDays(0, 30)(text)).toThrow("from 0 to 30");
});
