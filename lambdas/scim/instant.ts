const form = /^(\d{4}-\d\d)-(\d\d)T\d\d:\d\d:\d\d(?:\.(\d+))?(Z|[+-]\d\d:\d\d)?$/;

/**
 * The instant that `text` names in the form of RFC 7643, section 2.3.5, as text that is the same
 * for every spelling of it and whose order is that of time; undefined if it names none. Without an
 * offset it is UTC, so that no machine's clock decides.
 */
export function instantOf(text: string): string | undefined {
  const [, month, day, fraction = "", offset] = form.exec(text) ?? [];
  if (month === undefined || Number(day) > daysOf(month)) return undefined;
  const milliseconds = Date.parse(offset ? text : `${text}Z`);
  if (Number.isNaN(milliseconds)) return undefined;
  // A date knows no more than milliseconds; what is finer is kept behind them.
  const finer = fraction.slice(3).replace(/0+$/, "");
  return new Date(milliseconds).toISOString().slice(0, -1) + finer;
}

/** The last day of a month such as `2024-02`: Date.parse takes February 30 for March. */
function daysOf(month: string): number {
  const [year, number] = month.split("-").map(Number);
  return new Date(Date.UTC(year ?? 0, number ?? 0, 0)).getUTCDate();
}
