const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** How long ago a time was, for people: `4 min ago`. */
export const agoText = (at: string, now: number): string =>
  now - Date.parse(at) < minuteMs ? "just now" : `${lengthText(now - Date.parse(at))} ago`;

/** A length of time, in its largest unit of which there are two, rounded down. */
export function lengthText(milliseconds: number): string {
  if (milliseconds < 2 * hourMs) return `${Math.max(1, Math.floor(milliseconds / minuteMs))} min`;
  if (milliseconds < 2 * dayMs) return `${Math.floor(milliseconds / hourMs)} h`;
  return `${Math.floor(milliseconds / dayMs)} days`;
}
