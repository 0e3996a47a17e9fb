import { DESCRIPTIONS } from '../../lib/metrics/descriptions.ts';
import type { Description, Metric, MetricFacts, MetricTask } from '../../lib/metrics/metric.ts';
import { METRICS } from '../../lib/metrics/metrics.ts';
import { asCode, markdownTable } from './markdown-table.ts';

const TASKS: readonly (readonly [MetricTask, string])[] = [
  ['binary', 'Two classes (`binary`)'],
  ['multiclass', 'Many classes (`multiclass`)'],
  ['regression', 'Numbers (`regression`)'],
  ['quantile', 'Quantiles (`quantile`)'],
  ['ranking', 'Rankings by query (`ranking`)'],
  ['forecast', 'Forecasts (`forecast`)'],
];

const FORECASTS = 'All metrics and numbers of `regression` fit forecasts too.';

/** What every metric and every descriptive number says of itself, by task. */
export function metricsReference(): string {
  return TASKS.flatMap(([task, title]) => {
    const metrics = Object.values<Metric>(METRICS).filter((one) => one.task === task);
    const described = Object.values<Description>(DESCRIPTIONS).filter((one) => one.task === task);
    return [
      `## ${title}`,
      ...(task === 'forecast' ? [FORECASTS] : []),
      markdownTable(
        ['metric', 'better', 'unit', 'default margin', 'needs probabilities', 'formula', 'source'],
        metrics.map((one) => [
          facts(one),
          one.higherIsBetter ? 'higher' : 'lower',
          one.unit,
          marginWords(one),
          one.needsProbabilities ? 'yes' : 'no',
          one.formula,
          one.source,
        ]),
      ),
      ...(described.length === 0 ? [] : ['Shown, and decided on by no gate:', descriptionTable(described)]),
    ];
  }).join('\n\n');
}

function descriptionTable(described: readonly Description[]): string {
  return markdownTable(
    ['number', 'unit', 'formula', 'why no gate decides on it', 'source'],
    described.map((one) => [facts(one), one.unit, one.formula, one.whyDescriptive, one.source]),
  );
}

function facts({ name, title }: MetricFacts): string {
  return `${asCode(name)}: ${title}`;
}

function marginWords({ defaultMargin }: Metric): string {
  return 'absolute' in defaultMargin
    ? String(defaultMargin.absolute)
    : `${defaultMargin.ofBaseline * 100} % of the baseline's`;
}
