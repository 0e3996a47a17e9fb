/** Minutes of the span that is looked through: a schedule that is rarer than every two months is not watched. */
const SPAN_MINUTES = 62 * 24 * 60;

/** Any Monday at midnight UTC before a long month: 2024-01-01. */
const START = Date.UTC(2024, 0, 1);

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

/**
 * The longest time between two starts of a schedule, in milliseconds; undefined for what is no POSIX cron expression,
 * and for one that starts less than twice in two months. Source: crontab(5); GitHub Docs, "schedule".
 */
export function longestCronGap(expression: string): number | undefined {
  const fields = expression.trim().split(/\s+/);
  if (fields.length !== 5) return undefined;
  const sets = [
    fieldOf(fields[0], 0, 59, []),
    fieldOf(fields[1], 0, 23, []),
    fieldOf(fields[2], 1, 31, []),
    fieldOf(fields[3], 1, 12, MONTHS, 1),
    fieldOf(fields[4], 0, 7, DAYS),
  ];
  const [minutes, hours, dates, months, days] = sets;
  if (!minutes || !hours || !dates || !months || !days) return undefined;
  if (days.has(7)) days.add(0);
  // Where both name a part of the days, one of them is enough.
  const either = fields[2] !== '*' && fields[4] !== '*';
  let last: number | undefined;
  let longest = 0;
  for (let minute = 0; minute < SPAN_MINUTES; minute++) {
    const time = START + minute * 60_000;
    const at = new Date(time);
    if (!minutes.has(at.getUTCMinutes()) || !hours.has(at.getUTCHours()) || !months.has(at.getUTCMonth() + 1)) continue;
    const [byDate, byDay] = [dates.has(at.getUTCDate()), days.has(at.getUTCDay())];
    if (either ? !(byDate || byDay) : !(byDate && byDay)) continue;
    if (last !== undefined) longest = Math.max(longest, time - last);
    last = time;
  }
  return longest === 0 ? undefined : longest;
}

function fieldOf(
  text: string | undefined,
  least: number,
  most: number,
  names: readonly string[],
  first = 0,
): Set<number> | undefined {
  const values = new Set<number>();
  for (const part of (text ?? '').toLowerCase().split(',')) {
    const match = /^(\*|[a-z]{3}|\d+)(?:-([a-z]{3}|\d+))?(?:\/(\d+))?$/.exec(part);
    if (match === null) return undefined;
    const number = (word: string): number => (/^\d+$/.test(word) ? Number(word) : names.indexOf(word) + first);
    const step = match[3] === undefined ? 1 : Number(match[3]);
    const from = match[1] === '*' ? least : number(match[1] ?? '');
    const open = match[1] === '*' || match[3] !== undefined ? most : from;
    const to = match[2] === undefined ? open : number(match[2]);
    if (step < 1 || from < least || to > most || from > to) return undefined;
    for (let value = from; value <= to; value += step) values.add(value);
  }
  return values;
}
