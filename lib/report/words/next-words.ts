import { DAY_MS } from '../../duration.ts';
import type { Decision } from '../../gate/decision.ts';
import { code, type Text } from '../blocks/span.ts';
import { formatDay } from './date-format.ts';
import { metricWords } from './metric-words.ts';
import { formatCount } from './number-format.ts';

/** The one thing to do next, as a sentence without its `Next:`. */
export function nextWords(decision: Decision): Text {
  const { next, holdout, candidate, stage } = decision;
  const day = (date: string): string => formatDay(date, holdout.to);
  switch (next.kind) {
    case 'merge':
      return candidate.kind === 'predictions' ? ['take the candidate.'] : ['merge.'];
    case 'register':
      return stage === undefined || holdout.half !== 'development'
        ? ['register it.']
        : ['merge and register it; promotion to ', code(stage), ' decides on the sealed half of the holdout.'];
    case 'promote':
      return ['promote it to ', code(next.stage), '.'];
    case 'inspect-predictions':
      return ['look at the changed predictions.'];
    case 'inspect-slice':
      return ['look at the changed predictions where ', code(next.column), ' is ', code(next.value), '.'];
    case 'wait':
      return next.date === undefined
        ? [`wait until there are about ${formatCount(next.clusters)} ${plural(decision)}.`]
        : isFarOff(next.date, holdout.to)
          ? [`wait: it takes more than a year until there are about ${formatCount(next.clusters)} ${plural(decision)}.`]
          : [`wait; checked again on ${day(next.date)}.`];
    case 'label-more':
      return [
        `label more examples, until there are about ${formatCount(next.clusters)} `,
        ...pluralText(decision),
        '.',
      ];
    case 'meet-budget':
      return [`bring its ${metricWords(next.metric)} under the budget.`];
    case 'measure':
      return [`measure its ${metricWords(next.metric)}, or time more calls (`, code('budgets.calls'), ').'];
    case 'new-window':
      return next.date === undefined
        ? ['wait for new data; a new window of it has looks of its own.']
        : [`wait for new data; the next window opens on ${day(next.date)}.`];
    case 'fix-input':
      return [inputAdvice(decision)];
  }
}

const YEAR_MS = 365 * DAY_MS;

/** A day more than a year after the newest example: nobody plans for it, and the rate of new days is a guess by then. */
function isFarOff(date: string, newest: string | undefined): boolean {
  return newest !== undefined && Date.parse(date) - Date.parse(newest) > YEAR_MS;
}

function plural({ holdout }: Decision): string {
  return `${holdout.clusterUnit}s`;
}

function pluralText(decision: Decision): Text {
  const { clusterUnit, clusterColumn } = decision.holdout;
  if (clusterUnit !== 'group' || clusterColumn === undefined) return [plural(decision)];
  return ['groups by ', code(clusterColumn)];
}

function inputAdvice({ because, comparisons }: Decision): string {
  const reason = 'comparison' in because ? comparisons[because.comparison]?.reason : because.reason;
  switch (reason) {
    case 'identical':
      return 'check that the two sides are not the same predictions.';
    case 'look-pending':
      return "see the pull request's comment; the job that publishes records the look first.";
    case 'look-not-recorded':
      return 'let a job record the look: the workflow pull-request-counted.yml, actions/publish in a checkout with contents: write, or a clone that may push.';
    case 'look-of-fork':
      return 'push the change to a branch of this repository; there the look is recorded.';
    case 'baseline-unavailable':
      return 'bring back what scores the baseline, or name another one (gate.baseline, --baseline).';
    case 'one-class':
      return 'bring labelled examples of both classes, or check the target column.';
    default:
      return 'mend the input; the warnings say where.';
  }
}
