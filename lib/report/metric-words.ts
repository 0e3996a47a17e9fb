import type { Metric } from '../metrics/metric.ts';
import { METRICS } from '../metrics/metrics.ts';

/** The display name of a metric; any other name (a user's own metric in a run record) stays as it is. */
export function metricWords(name: string): string {
  const known: Readonly<Record<string, Metric>> = METRICS;
  return Object.hasOwn(known, name) ? (known[name]?.title ?? name) : name;
}
