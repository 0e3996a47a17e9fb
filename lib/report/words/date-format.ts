const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

interface Day {
  readonly year: number;
  readonly month: string;
  readonly day: number;
}

/** The UTC day of an ISO date or time; undefined for any other text, which the caller then shows as it is. */
function parseDay(text: string): Day | undefined {
  const time = /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(time)) return undefined;
  const date = new Date(time);
  const month = MONTHS[date.getUTCMonth()];
  return month === undefined ? undefined : { year: date.getUTCFullYear(), month, day: date.getUTCDate() };
}

/** `5 September`, with the year unless it is the year of `near` (an ISO date or time as well). */
export function formatDay(text: string, near?: string): string {
  const day = parseDay(text);
  if (day === undefined) return text;
  const sameYear = near !== undefined && parseDay(near)?.year === day.year;
  return `${day.day} ${day.month}${sameYear ? '' : ` ${day.year}`}`;
}

/** A span of days, both inclusive: `3 to 30 September 2013`, `28 August to 3 September 2013`. */
export function formatDays(from: string, to: string): string {
  const first = parseDay(from);
  const last = parseDay(to);
  if (first === undefined || last === undefined) return `${from} to ${to}`;
  const end = `${last.day} ${last.month} ${last.year}`;
  if (first.year !== last.year) return `${first.day} ${first.month} ${first.year} to ${end}`;
  if (first.month !== last.month) return `${first.day} ${first.month} to ${end}`;
  return first.day === last.day ? end : `${first.day} to ${end}`;
}

/** A span of times, `to` exclusive, as days. */
export function formatSpan(from: string, to: string): string {
  const end = Date.parse(to);
  return Number.isNaN(end) ? `${from} to ${to}` : formatDays(from, new Date(end - 1).toISOString());
}
