import type { Comparison, Decision } from '../../gate/decision.ts';
import { differenceWords } from '../words/difference-words.ts';
import { metricWords } from '../words/metric-words.ts';
import { formatCount } from '../words/number-format.ts';
import { comparisonReasonShort } from '../words/reason-words.ts';
import { sideNames } from '../words/side-names.ts';
import type { Column } from './block.ts';
import { code, mark, type Span, type Text, toned } from './span.ts';

const NONE: Text = [toned('muted', '–')];

/** Columns of the table of metrics. */
export function comparisonColumns(decision: Decision): Column[] {
  const names = sideNames(decision);
  return [
    { title: 'metric' },
    { title: names.candidate, align: 'right' },
    { title: names.baseline, align: 'right' },
    { title: 'difference' },
    { title: 'plausible range' },
    { title: 'allowed' },
    { title: 'result' },
  ];
}

/** One row a rule. */
export function comparisonRows(comparisons: readonly Comparison[]): Text[][] {
  return comparisons.map((comparison) => {
    const words = differenceWords(comparison);
    return [
      metricCell(comparison),
      words.candidate === undefined ? NONE : [words.candidate],
      words.baseline === undefined ? NONE : [words.baseline],
      words.difference === undefined ? NONE : [arrow(comparison, words.difference)],
      words.range === undefined ? NONE : [words.range],
      [words.allowed],
      resultCell(comparison),
    ];
  });
}

/** Columns of the table of slices. */
export function sliceColumns(decision: Decision): Column[] {
  const names = sideNames(decision);
  const { holdout } = decision;
  return [
    { title: 'slice' },
    { title: 'rows', align: 'right' },
    ...(holdout.clusterUnit === 'row' ? [] : [{ title: `${holdout.clusterUnit}s`, align: 'right' as const }]),
    { title: names.candidate, align: 'right' },
    { title: names.baseline, align: 'right' },
    { title: 'difference' },
    { title: 'plausible range' },
    { title: 'result' },
  ];
}

/** One row a slice: harm first, then what must be shown, then the worst first in steps of the margin, unjudged last. */
export function sliceRows(slices: readonly Comparison[], { holdout }: Decision): Text[][] {
  const group = (comparison: Comparison): number =>
    comparison.verdict === 'fail'
      ? 0
      : comparison.interval === undefined
        ? 3
        : comparison.role === 'critical-slice'
          ? 1
          : 2;
  const gain = ({ difference = 0, margin, interval }: Comparison): number =>
    interval === undefined ? 0 : difference / margin;
  return [...slices]
    .sort((a, b) => group(a) - group(b) || gain(a) - gain(b))
    .map((comparison) => {
      const words = differenceWords(comparison);
      return [
        sliceCell(comparison),
        [formatCount(comparison.rows)],
        ...(holdout.clusterUnit === 'row' ? [] : [[formatCount(comparison.clusters)]]),
        words.candidate === undefined ? NONE : [words.candidate],
        words.baseline === undefined ? NONE : [words.baseline],
        words.difference === undefined || words.range === undefined ? NONE : [arrow(comparison, words.difference)],
        words.range === undefined ? NONE : [words.range],
        resultCell(comparison),
      ];
    });
}

/** What is compared, as a table and a heading name it. */
export function comparisonTitle(comparison: Comparison): Text {
  return comparison.slice === undefined ? metricCell(comparison) : sliceCell(comparison);
}

function metricCell({ metric, role, higherIsBetter, against, groups, requirement }: Comparison): Text {
  const name = metricWords(metric);
  switch (role) {
    case 'primary':
    case 'constant':
      return [{ kind: 'strong', text: [name] }];
    case 'floor':
      return [`${name} (${higherIsBetter ? 'floor' : 'cap'})`];
    case 'creep':
      return [`${name} against `, code(against ?? 'the last proven version')];
    case 'fairness':
      return [
        requirement === 'above-floor' ? 'gap of ' : 'growth of the gap of ',
        name,
        groups?.against === 'rest' ? ' between a group and the rest, by ' : ' between groups of ',
        code(groups?.column ?? ''),
      ];
    default:
      return [requirement === 'above-floor' ? `${name} (cap)` : name];
  }
}

function sliceCell({ slice, role }: Comparison): Text {
  if (slice === undefined) return NONE;
  return [code(slice.column), ' ', code(slice.value), ...(role === 'critical-slice' ? [' (critical)'] : [])];
}

/** ▲ is better and ▼ is worse, whatever the metric's own direction; the word says it again. */
function arrow({ difference = 0 }: Comparison, words: string): Span {
  if (words === 'equal' || words === 'about equal' || words === 'at the limit') return toned('muted', words);
  return difference > 0 ? toned('good', `▲ ${words}`) : toned('bad', `▼ ${words}`);
}

/** What came out, in a word; the icon alone would not do. */
function resultCell(comparison: Comparison): Text {
  const { verdict, role, interval } = comparison;
  const ordinaryUnjudged = role === 'slice' && interval === undefined;
  return [mark(ordinaryUnjudged ? 'skipped' : verdict, resultWord(comparison))];
}

function resultWord(comparison: Comparison): string {
  const { verdict, requirement, interval } = comparison;
  if (verdict === 'inconclusive') return comparisonReasonShort(comparison);
  if (requirement === 'above-floor') return verdict === 'pass' ? 'holds' : 'not reached';
  if (verdict === 'fail') return requirement === 'better' && (interval?.upper ?? -1) >= 0 ? 'not better' : 'worse';
  if (requirement === 'no-harm') return 'no harm shown';
  return (interval?.lower ?? 0) > 0 ? 'better' : 'not worse';
}
