import type { Decision } from '../gate/decision.ts';
import type { ChartSide } from './chart.ts';

/** What tables and figures call the two sides: short, for it stands in a column's head. */
export function sideNames({ baseline }: Pick<Decision, 'baseline'>): Readonly<Record<ChartSide, string>> {
  const other = baseline.kind === 'constant' ? 'constant' : (baseline.version ?? 'baseline');
  return { candidate: 'candidate', baseline: other };
}
