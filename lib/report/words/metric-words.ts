import type { Metric } from '../../metrics/metric.ts';
import { METRICS } from '../../metrics/metrics.ts';

/** What rules guard beside metrics, by its name in a decision. */
const GUARDED_WORDS = new Map([
  ['calibration_error', 'calibration error'],
  ['calibration_loss', 'calibration loss'],
  ['calibration_slope', 'distance of the calibration slope from 1'],
  ['calibration_intercept', 'distance of the calibration intercept from 0'],
  ['latency_p95', 'latency in ms (95th percentile)'],
  ['latency_ratio', 'time a call, as a multiple'],
  ['size', 'size in bytes'],
]);

/** The display name of a metric; any other name (a user's own metric in a run record) stays as it is. */
export function metricWords(name: string): string {
  const known: Readonly<Record<string, Metric>> = METRICS;
  return Object.hasOwn(known, name) ? (known[name]?.title ?? name) : (GUARDED_WORDS.get(name) ?? name);
}
