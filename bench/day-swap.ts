/**
 * How often "better" is said when nothing can be better: two models' predictions of real flights are swapped by whole
 * days at random, and the gate is asked, beside the usual method that takes rows as independent. Prints the tables and
 * writes docs/figures/day-swap.{json,svg}. Run: node bench/day-swap.ts [swaps, 2000 by default]
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { canonicalFile } from '../lib/digest.ts';
import { type Contest, countFalsePasses, dayToDayCorrelation, effectiveDays } from './day-swap-experiment.ts';
import { daySwapFigure, type FalsePassRate } from './day-swap-figure.ts';
import { type ScoredFlights, scoreFlights } from './day-swap-models.ts';
import { wilsonInterval } from './day-swap-wilson.ts';

const SWAPS = Number(process.argv[2] ?? 2_000);
const FIGURES = join(import.meta.dirname, '..', 'docs', 'figures');
const [SPLIT, END] = ['2013-07-01', '2013-09-01'];
/** Scored days: as few as the gate takes, a month, and two. */
const WINDOWS = [20, 31, 62];
const ALPHA = 0.025;

function contestOf({ labels, days }: ScoredFlights, pair: readonly [Float64Array, Float64Array], span: number) {
  const end = (days[0] ?? 0) + span;
  const rows = days.findIndex((day) => day >= end);
  const cut = (values: Float64Array): Float64Array => (rows < 0 ? values : values.subarray(0, rows));
  return { labels: cut(labels), days: cut(days), one: cut(pair[0]), other: cut(pair[1]) } satisfies Contest;
}

const flights = await scoreFlights(SPLIT, END);
const { trees, logistic, noWeather } = flights.models;
const rates: FalsePassRate[] = [];
const facts: string[] = [];
for (const [one, other] of [
  [trees, logistic],
  [trees, noWeather],
] as const) {
  const pair = `${one.name} / ${other.name}`;
  for (const span of WINDOWS) {
    const contest = contestOf(flights, [one.scores, other.scores], span);
    const days = new Set(contest.days).size;
    for (const found of countFalsePasses(contest, SWAPS, `${pair}/${span}`)) {
      const rate = found.passes / found.swaps;
      const [lower, upper] = wilsonInterval(found.passes, found.swaps);
      rates.push({ pair, days, rows: contest.labels.length, ...found, rate, lower, upper });
    }
    const cells = (['roc_auc', 'log_loss'] as const).map((metric) => dayToDayCorrelation(contest, metric).toFixed(2));
    facts.push(`| ${[pair, days, effectiveDays(contest).toFixed(1), ...cells].join(' | ')} |`);
  }
}

const percent = (rate: number): string => `${(100 * rate).toFixed(1)} %`;
console.log(
  `Trained before ${SPLIT}, scored from then on; ${SWAPS} swaps each; should be ${percent(ALPHA)} at most.\n`,
);
console.log('| models | days | rows | metric | method | "better" | 95 % Monte-Carlo |');
console.log('| --- | ---: | ---: | --- | --- | ---: | --- |');
for (const { pair, days, rows, metric, interval, rate, lower, upper } of rates) {
  const range = `${percent(lower)} to ${percent(upper)}`;
  console.log(`| ${[pair, days, rows, metric, interval, percent(rate), range].join(' | ')} |`);
}
console.log('\n| models | days | effective days, roc_auc | correlation with the next day, roc_auc | log_loss |');
console.log('| --- | ---: | ---: | ---: | ---: |');
console.log(facts.join('\n'));

const command = `node bench/day-swap.ts ${SWAPS}`;
await mkdir(FIGURES, { recursive: true });
await writeFile(join(FIGURES, 'day-swap.json'), canonicalFile({ command, level: ALPHA, trainedBefore: SPLIT, rates }));
await writeFile(join(FIGURES, 'day-swap.svg'), daySwapFigure(rates, ALPHA));
