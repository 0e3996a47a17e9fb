import { DAY_MS } from '../../duration.ts';
import { endOfData } from '../../gate/holdout/holdout-window.ts';
import { MINIMUM_CLUSTERS } from '../../stats/inference.ts';

/** What a time column says of a table. */
export interface TimeFacts {
  /** Milliseconds since 1970 (UTC). */
  readonly oldest: number;
  readonly newest: number;
  /** Days that have rows. */
  readonly days: number;
  /** The newest time of a row that has a label. */
  readonly newestLabelled: number;
}

export interface ChosenHoldout {
  /** Span of the holdout, days. */
  readonly last: number;
  readonly halves: boolean;
  /** Days from the newest row to the newest row with a label. */
  readonly labelDelay: number;
  /** Span of a drift window, days; absent where the training rows have too few days for one. */
  readonly driftWindow?: number;
}

/** Two halves of four weeks: what a month of days tells in each of them. */
const USUAL_DAYS = 56;
/** Beyond two halves of a quarter more days help little, and are missed in training. */
const MOST_DAYS = 182;
/** Parts of the data that are held out: as a rule, and at most. */
const USUAL_PART = 1 / 4;
const MOST_PART = 1 / 2;
/** Days with rows that a window of drift has, and that its reference needs. */
const DRIFT_WINDOW_DAYS = 5;
const DRIFT_REFERENCE_DAYS = 14;

/**
 * How much of the newest data is held out: a quarter, four weeks for each half where the data give that, and at least the
 * 20 days with rows without which nothing is judged. Data that cannot give two such halves have none; data that cannot
 * give one keep half for training all the same, and every answer will be that it is too early.
 */
export function chooseHoldout({ oldest, newest, days, newestLabelled }: TimeFacts): ChosenHoldout {
  const end = endOfData(newest);
  const span = Math.max(1, Math.round((end - Math.floor(oldest / DAY_MS) * DAY_MS) / DAY_MS));
  const labelDelay = Math.max(0, Math.round((end - endOfData(newestLabelled)) / DAY_MS));
  // Both ends of the holdout lose the delay: labels of the training rows have to be known before it begins.
  const usable = Math.max(1, span - 2 * labelDelay);
  // Between the first and the last are one step less than days.
  const apart = days > 1 ? (span - 1) / (days - 1) : 1;
  const needed = Math.ceil(MINIMUM_CLUSTERS * apart);
  const most = Math.floor(usable * MOST_PART);
  const halves = most >= 2 * needed;
  const usual = Math.min(Math.max(Math.floor(usable * USUAL_PART), Math.ceil(USUAL_DAYS * apart)), MOST_DAYS * apart);
  const wanted = halves ? Math.max(2 * needed, Math.min(most, usual)) : Math.max(1, Math.min(most, 2 * needed));
  const held = halves ? wholeWeeks(wanted, 2 * needed) : wanted;
  const training = (span - held) / apart;
  const driftWindow = Math.ceil((DRIFT_WINDOW_DAYS * apart) / 7) * 7;
  return {
    last: held + 2 * labelDelay,
    halves,
    labelDelay,
    ...(training >= Math.max(DRIFT_REFERENCE_DAYS, (2 * driftWindow) / apart) ? { driftWindow } : {}),
  };
}

/** Two halves of whole weeks each, where that leaves enough: weekdays differ. */
function wholeWeeks(days: number, least: number): number {
  const whole = Math.floor(days / 14) * 14;
  return whole >= least ? whole : 2 * Math.ceil(days / 2);
}
