import type { Simulation } from '../../gate/simulate/simulation.ts';
import { clustersWords } from './cluster-words.ts';
import { counted, formatCount, formatLevel, formatLimit, formatShare, formatValue } from './number-format.ts';

/** Shares of classes that are told one by one; of more, the rarest. */
const CLASSES = 5;

/** What the chances take for granted, and at which levels they are. */
export function assumptionWords({ holdout, draws, levels, rules, task, further }: Simulation): string {
  const { rows, queries, clusters } = holdout;
  const size = `${counted(rows, 'row')}${queries === undefined ? '' : ` in ${formatCount(queries)} ${queries === 1 ? 'query' : 'queries'}`} ${queries === undefined ? 'in' : 'on'} ${clustersWords(clusters, holdout)}`;
  const looks = `A pull request is judged at ${formatLevel(levels.advisory)}, a promotion at ${formatLevel(levels.promotion)} (${counted(rules.looks, 'look')}).`;
  if (holdout.source === 'decision') return `${size}; the standard errors are those of the comparison. ${looks}`;
  const drawn =
    holdout.source === 'data'
      ? `scores of two models drawn ${formatCount(draws)} times and judged by the gate`
      : `${counted(draws, 'holdout')} drawn and judged by the gate`;
  const groups = further.some(({ role }) => role === 'fairness') ? ' Groups are taken as truly treated alike.' : '';
  return `${size}, ${supposedWords(holdout, task).join(', ')}: ${drawn}. All but the primary metric is taken as truly the same.${groups} ${looks}`;
}

/** What is not known before a model is trained. */
function supposedWords(holdout: Simulation['holdout'], task: Simulation['task']): string[] {
  const { intraclass, positives, classes, auc, agreement, relativeError, clusterUnit } = holdout;
  return [
    ...(positives === undefined
      ? []
      : [`${formatShare(positives)} ${task === 'ranking' ? 'relevant documents' : 'positives'}`]),
    ...(classes === undefined ? [] : [classesWords(classes)]),
    ...(intraclass === undefined ? [] : [`a correlation of ${formatLimit(intraclass)} within a ${clusterUnit}`]),
    ...(auc === undefined ? [] : [`a ROC AUC of ${formatLimit(auc)}${aucOf(task)}`]),
    ...(relativeError === undefined
      ? []
      : [`an RMSE of ${formatValue(relativeError)} standard deviations of the truth`]),
    ...(agreement === undefined ? [] : [`scores of both sides that correlate by ${formatLimit(agreement)}`]),
  ];
}

function classesWords(classes: readonly number[]): string {
  if (classes.length <= CLASSES) return `classes of ${classes.map(formatShare).join(', ')}`;
  return `${classes.length} classes of ${formatShare(Math.min(...classes))} to ${formatShare(Math.max(...classes))}`;
}

function aucOf(task: Simulation['task']): string {
  if (task === 'multiclass') return ' between two classes';
  return task === 'ranking' ? ' within a query' : '';
}
