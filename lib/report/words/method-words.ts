import type { Comparison, Decision } from '../../gate/decision.ts';
import { formatCount, formatLevel } from './number-format.ts';

interface MethodWords {
  /** As a statistician would name it. */
  readonly name: string;
  /** Why this one. */
  readonly why: string;
  /** What has to be so that the range keeps its word. */
  readonly assumes: string;
}

const INDEPENDENT = 'the units are independent of each other and alike in kind with those to come';

/** Registered methods of lib/stats and of the gate. */
const METHODS: Readonly<Record<string, MethodWords>> = {
  'cluster-jackknife-t': {
    name: 't interval of the paired difference, standard error by jackknife over the units, degrees of freedom by Satterthwaite',
    why: 'it fits any metric, and units of unlike weight make the range wider instead of the answer wrong',
    assumes: INDEPENDENT,
  },
  'seed-and-cluster-jackknife-t': {
    name: 't interval of the mean over seeds of training, variance between seeds added to the jackknife’s over the units, degrees of freedom by Satterthwaite',
    why: 'the recipe is judged, not one lucky training of it',
    assumes: `${INDEPENDENT}; the seeds are drawn, not chosen`,
  },
  'gap-jackknife-t': {
    name: 't intervals of the differences between groups, standard errors by jackknife over the units, degrees of freedom by Satterthwaite; every difference has to stay within what is allowed',
    why: 'the largest of several differences has a kink where two are alike, which one interval of it would not know',
    assumes: INDEPENDENT,
  },
  'diebold-mariano-hln': {
    name: 'Diebold–Mariano test’s interval of the mean loss difference, corrected by Harvey, Leybourne and Newbold',
    why: 'errors of forecasts that overlap depend on each other up to the horizon',
    assumes: 'loss differences keep their mean and are independent beyond the horizon',
  },
  'order-statistic': {
    name: 'interval of a percentile between two of the ordered times',
    why: 'it needs no shape of the times',
    assumes: 'calls are timed one by one under the same load',
  },
  'block-ratio-t': {
    name: 't interval of the mean logarithm of the ratio of times, turn by turn',
    why: 'both sides are timed in turns, so that a slow minute slows both',
    assumes: 'turns are independent of each other',
  },
  exact: { name: 'exact value', why: 'nothing is sampled', assumes: 'nothing: it is measured, not estimated' },
};

/** The method of a comparison's range: level, name, unit, degrees of freedom, and why this one. */
export function methodWords({ interval }: Comparison, { holdout }: Pick<Decision, 'holdout'>): string {
  if (interval === undefined) return '';
  const method = METHODS[interval.method];
  const name = method?.name ?? interval.method.replaceAll('-', ' ');
  const freedom =
    interval.degreesOfFreedom === undefined ? '' : `, ${formatDegrees(interval.degreesOfFreedom)} degrees of freedom`;
  const by = holdout.clusterUnit === 'row' || interval.method === 'exact' ? '' : ` by ${holdout.clusterUnit}`;
  const why = method === undefined ? '' : `: ${method.why}`;
  return `${formatLevel(interval.level)} ${name}${by}${freedom}${why}`;
}

/** What a method takes for granted. */
export function methodAssumptions(method: string, { clusterUnit }: Decision['holdout']): string {
  const assumes = METHODS[method]?.assumes ?? INDEPENDENT;
  return clusterUnit === 'row' && assumes.startsWith(INDEPENDENT)
    ? assumes.replace('the units are', 'the rows, one by one, are')
    : assumes;
}

/** Whole numbers as they are, others to one decimal. */
function formatDegrees(degrees: number): string {
  return Number.isInteger(degrees) ? formatCount(degrees) : degrees.toFixed(1);
}
