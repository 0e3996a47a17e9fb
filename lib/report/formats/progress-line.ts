/** One piece of work under way. */
export interface ProgressStep {
  readonly title: string;
  readonly done: number;
  readonly total?: number | undefined;
  /** What is counted, where a rate is worth telling. */
  readonly unit?: 'bytes' | 'files' | undefined;
  /** Since it began. */
  readonly seconds: number;
}

/** Seconds before a rate means anything. */
const RATE_AFTER = 0.5;
/** Share of the work, or seconds, before the rate says when it will end: small files come first, and large ones go faster. */
const END_AFTER_SHARE = 0.02;
const END_AFTER_SECONDS = 30;
/** Characters of the bar, and of the narrowest terminal that it is for. */
const BAR = 20;
const BAR_FROM_COLUMNS = 60;
/** Of a terminal that does not say how wide it is, or 0. */
const USUAL_COLUMNS = 80;

/**
 * `pushing ██████░░░░░░░░░░░░░░ 33 %, 120.3 MB/s, 12 s left`: what is done, the rate since the beginning, and how long the
 * rest takes at that rate. Never as wide as the terminal: a line that breaks could not be taken back.
 */
export function progressLine(step: ProgressStep, width = 0): string {
  const columns = width > 0 ? width : USUAL_COLUMNS;
  const { title, done, total } = step;
  const share = total === undefined || total <= 0 ? undefined : Math.min(1, done / total);
  const full = Math.floor((share ?? 0) * BAR);
  const bar = share === undefined || columns < BAR_FROM_COLUMNS ? '' : `${'█'.repeat(full)}${'░'.repeat(BAR - full)} `;
  const told = `${bar}${share === undefined ? done : `${Math.floor(100 * share)} %`}${paceText(step)}`;
  const room = columns - told.length - 2;
  const letters = [...title];
  const shown = letters.length <= room ? title : `${letters.slice(0, Math.max(0, room - 1)).join('')}…`;
  return `${shown} ${told}`.slice(0, Math.max(1, columns - 1));
}

function paceText({ done, total, unit, seconds }: ProgressStep): string {
  if (unit === undefined || seconds < RATE_AFTER || done === 0) return '';
  const rate = done / seconds;
  const speed = unit === 'bytes' ? bytesText(rate) : `${rate < 10 ? rate.toFixed(1) : Math.round(rate)} files`;
  if (total === undefined || done >= total) return `, ${speed}/s`;
  if (done / total < END_AFTER_SHARE && seconds < END_AFTER_SECONDS) return `, ${speed}/s`;
  return `, ${speed}/s, ${timeText(Math.ceil((total - done) / rate))} left`;
}

function bytesText(bytes: number): string {
  if (bytes >= 1e6) return `${(bytes / 1e6).toFixed(1)} MB`;
  return bytes >= 1e3 ? `${(bytes / 1e3).toFixed(1)} kB` : `${Math.round(bytes)} B`;
}

function timeText(seconds: number): string {
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60 ? `${minutes} min ${seconds % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
