import { DAY_MS } from '../../duration.ts';

/** Milliseconds since 1970; `from` inclusive, `to` exclusive, both at the start of a day (UTC). */
export interface TimeWindow {
  readonly from: number;
  readonly to: number;
}

export type Half = 'development' | 'sealed' | 'whole';

const floorDay = (time: number): number => Math.floor(time / DAY_MS) * DAY_MS;
const ceilDay = (time: number): number => Math.ceil(time / DAY_MS) * DAY_MS;

/** The first instant after the day of the newest row: a dataset ends with a whole day, a cluster is never cut. */
export function endOfData(newest: number): number {
  return floorDay(newest) + DAY_MS;
}

/**
 * The rows a run may learn from: everything before the newest span `last`, which is left for the holdout.
 *
 * @param newest time of the dataset's newest row
 * @param last the holdout's span (ms)
 */
export function trainingEnd(newest: number, last: number): number {
  return floorDay(endOfData(newest) - last);
}

/**
 * The window that both sides can be judged on (design §5): it begins after the later of their training windows plus
 * the label delay, and ends where labels are complete, a label delay before the end of the data.
 *
 * @param newest time of the dataset's newest row
 * @param trainedUntil end (exclusive) of each side's training and tuning rows; a side that was not trained has none
 * @param labelDelay how long after its time a row's label is known (ms)
 */
export function holdoutWindow(
  newest: number,
  trainedUntil: readonly number[],
  labelDelay: number,
  oldest: number,
): TimeWindow {
  const from = trainedUntil.length === 0 ? floorDay(oldest) : ceilDay(Math.max(...trainedUntil) + labelDelay);
  const to = floorDay(endOfData(newest) - labelDelay);
  return { from, to: Math.max(from, to) };
}

/**
 * What is known of a model's earlier contests. A day that was in the open half of one of them must never be in the sealed
 * half of a later one, whatever the stage went back to since.
 */
export interface EarlierContests {
  /** Ends (ms) of what the model's versions were trained and tuned on. */
  readonly learntUntil: readonly number[];
  /** Where the windows of recorded looks began (ms). */
  readonly lookedFrom: readonly number[];
}

export const NO_CONTESTS: EarlierContests = { learntUntil: [], lookedFrom: [] };

/**
 * Where a window is cut in two: the development half lies before, the sealed one (the larger if odd) after. It is the
 * middle of the window that the newest of all versions would have, also of those that a rollback has left, and never
 * before a recorded look: as versions and days come in, it never moves back.
 */
export function halvesCut(
  window: TimeWindow,
  { learntUntil, lookedFrom }: EarlierContests = NO_CONTESTS,
  labelDelay = 0,
): number {
  const from = newestFrom(window, learntUntil, labelDelay);
  const cut = Math.max(from + Math.floor(daysBetween(from, window.to) / 2) * DAY_MS, ...lookedFrom.map(floorDay));
  return Math.min(Math.max(cut, window.from), window.to);
}

/** Where the window of the newest of all versions would begin. */
function newestFrom(window: TimeWindow, learntUntil: readonly number[], labelDelay: number): number {
  return Math.max(window.from, ...learntUntil.map((end) => ceilDay(end + labelDelay)));
}

function daysBetween(from: number, to: number): number {
  return Math.round((to - from) / DAY_MS);
}

/** The asked half of a window; without a cut of its own it is cut in the middle. */
export function halfOf(window: TimeWindow, half: Half, cut = halvesCut(window)): TimeWindow {
  if (half === 'whole') return window;
  return half === 'development' ? { from: window.from, to: cut } : { from: cut, to: window.to };
}

/**
 * When a half will hold `needed` days, if a day of data comes in every day: its window has to grow by that much, the
 * halves by one day in two, and the sealed one first past the looks that were taken.
 */
export function dateWithDays(
  window: TimeWindow,
  half: Half,
  has: number,
  needed: number,
  labelDelay: number,
  earlier: EarlierContests = NO_CONTESTS,
): number {
  return window.to + labelDelay + growthOf(window, half, needed - has, labelDelay, earlier) * DAY_MS;
}

/** Days that a window has to grow by, so that its half grows by `more`. */
function growthOf(
  window: TimeWindow,
  half: Half,
  more: number,
  labelDelay: number,
  { learntUntil, lookedFrom }: EarlierContests,
): number {
  if (half === 'whole') return more;
  const { from, to } = window;
  const cut = halvesCut(window, { learntUntil, lookedFrom }, labelDelay);
  const length = daysBetween(from, to);
  const newest = daysBetween(from, newestFrom(window, learntUntil, labelDelay));
  const looked = lookedFrom.length === 0 ? 0 : daysBetween(from, Math.max(...lookedFrom.map(floorDay)));
  // The middle is half of what lies after `newest`; the days of both halves add up to the window's.
  const middle = newest + Math.floor((length - newest) / 2);
  if (half === 'development') {
    const wanted = daysBetween(from, cut) + more;
    return Math.max(wanted <= looked ? 0 : 2 * (wanted - middle), wanted - length);
  }
  const wanted = daysBetween(cut, to) + more;
  return Math.max(2 * (wanted - (length - middle)), looked + wanted - length);
}
