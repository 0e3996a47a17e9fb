import { MINIMUM_CLUSTERS } from '../stats/inference.ts';
import type { GateVerdict } from '../verdict.ts';
import { type Comparison, type Decision, GuardedQuantity, type NextStep } from './decision.ts';

interface Circumstances {
  readonly stage?: string;
  readonly holdout: Decision['holdout'];
  readonly dateWith?: (clusters: number) => string | undefined;
}

/** The one thing to do next (design §5): merge or promote, look at what got worse, or wait for so many more days. */
export function nextStep(
  verdict: GateVerdict,
  because: Decision['because'],
  comparisons: readonly Comparison[],
  { stage, holdout, dateWith }: Circumstances,
): NextStep {
  const decisive = 'comparison' in because ? comparisons[because.comparison] : undefined;
  if (verdict === 'pass') {
    if (stage === undefined) return { kind: 'merge' };
    return holdout.half === 'development' ? { kind: 'register' } : { kind: 'promote', stage };
  }
  const budget = GuardedQuantity.safeParse(decisive?.metric);
  if (decisive?.role === 'budget' && budget.success) {
    return { kind: verdict === 'fail' ? 'meet-budget' : 'measure', metric: budget.data };
  }
  const none = decisive?.reason === 'too-few-groups' && decisive.groups?.tooFew.length === 0;
  if (none || decisive?.reason === 'baseline-unavailable') return { kind: 'fix-input' };
  if (decisive?.reason === 'identical' || decisive?.reason === 'one-class') return { kind: 'fix-input' };
  if (verdict === 'fail') {
    const { groups } = decisive ?? {};
    if (groups?.worst !== undefined) return { kind: 'inspect-slice', column: groups.column, value: groups.worst };
    return decisive?.slice === undefined
      ? { kind: 'inspect-predictions' }
      : { kind: 'inspect-slice', ...decisive.slice };
  }
  const clusters = clustersToWaitFor(decisive, holdout.clusters);
  if (holdout.clusterUnit !== 'day' && holdout.clusterUnit !== 'block') return { kind: 'label-more', clusters };
  const date = dateWith?.(clusters);
  return { kind: 'wait', clusters, ...(date === undefined ? {} : { date }) };
}

/** Twice as much evidence narrows the interval by about a third: the next thing worth trying where no number is known. */
const FALLBACK_GROWTH = 2;

/**
 * How many clusters the holdout should grow to. A slice's own need is scaled to the whole holdout. When those that would
 * do if both sides were equal are there already, what was seen lies between "equal" and "too much worse", and nobody
 * can promise a number.
 */
function clustersToWaitFor(decisive: Comparison | undefined, present: number): number {
  // A reason that needs no comparison is that there are too few clusters for any.
  if (decisive === undefined) return MINIMUM_CLUSTERS;
  const { neededClusters = 0, clusters } = decisive;
  const growth = neededClusters > clusters ? neededClusters / clusters : FALLBACK_GROWTH;
  return Math.ceil(present * growth);
}
