import type { Decision } from '../../gate/decision.ts';
import type { ChartSide } from '../figures/chart.ts';

/** The baseline in a sentence: a version has a name of its own. */
export function spokenBaseline(names: Readonly<Record<ChartSide, string>>): string {
  return names.baseline === 'baseline' || names.baseline === 'constant' ? `the ${names.baseline}` : names.baseline;
}

/** What tables and figures call the two sides: short, for it stands in a column's head. */
export function sideNames({ baseline }: Pick<Decision, 'baseline'>): Readonly<Record<ChartSide, string>> {
  const other = baseline.kind === 'constant' ? 'constant' : (baseline.version ?? 'baseline');
  return { candidate: 'candidate', baseline: other };
}
