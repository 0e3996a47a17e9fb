import type { Log, Progress } from '../lib/ports.ts';
import { progressLine } from '../lib/report/formats/progress-line.ts';

/** Milliseconds between two lines: enough to see that it goes on, and few in the log of an hour. */
const INTERVAL_MS = 30_000;

/** Progress as lines of a job's log; work that is done sooner says nothing. `elapsed` gives milliseconds from any start. */
export function logProgress(log: Pick<Log, 'info'>, elapsed: () => number): Progress {
  let work = { title: '', began: 0, told: 0 };
  return {
    report({ title, done, total, unit }) {
      const now = elapsed();
      if (title !== work.title) work = { title, began: now, told: now };
      if (now - work.told < INTERVAL_MS) return;
      work.told = now;
      log.info(progressLine({ title, done, total, unit, seconds: (now - work.began) / 1000 }));
    },
  };
}
