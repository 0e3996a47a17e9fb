/**
 * How often the gate's interval of an AUC difference misses the truth when the days are drawn from half a year of real
 * flights: one by one (days independent, as the gate takes them) and by whole weeks (days as dependent as they are).
 * The truth is the difference over all these days. Prints a table. Run: node bench/day-swap-draws.ts [draws, 2000 by default]
 */
import { sha256 } from '../lib/digest.ts';
import { compareMetric, intervalOf } from '../lib/gate/compare/compare-metric.ts';
import { clusterCodes } from '../lib/gate/evidence/paired-examples.ts';
import { GateRules } from '../lib/gate/rules.ts';
import { clusteredInference } from '../lib/stats/inference.ts';
import { createRandom, type Random, seedOf } from '../lib/stats/resampling/random.ts';
import { type DayWins, dayWins, differenceOfDays } from './day-swap-day-wins.ts';
import { type ScoredFlights, scoreFlights } from './day-swap-models.ts';
import { wilsonInterval } from './day-swap-wilson.ts';

const DRAWS = Number(process.argv[2] ?? 2_000);
const [SPLIT, END] = ['2013-07-01', '2014-01-01'];
const SPANS = [31, 62];
const WEEK = 7;
const ALPHA = 0.025;

const WAYS: Readonly<Record<string, (days: number, span: number, random: Random) => Int32Array>> = {
  'one by one': (days, span, random) => Int32Array.from({ length: span }, () => random.below(days)),
  'by weeks': (days, span, random) => {
    const starts = Array.from({ length: Math.ceil(span / WEEK) }, () => random.below(days));
    return Int32Array.from({ length: span }, (_none, i) => ((starts[Math.floor(i / WEEK)] ?? 0) + (i % WEEK)) % days);
  },
};

/** The day matrices and the gate have to agree on the difference and its standard error over all days. */
function sameAsGate(flights: ScoredFlights, sides: readonly [Float64Array, Float64Array], wins: Pair): number {
  const examples = {
    ids: Array.from(flights.labels, (_label, row) => String(row)),
    labels: flights.labels,
    candidate: sides[0],
    baseline: sides[1],
    ...clusterCodes(flights.days),
    slices: new Map(),
  };
  const settings = { rules: GateRules.parse({ primary: 'roc_auc' }), alpha: ALPHA };
  const gate = compareMetric('roc_auc', 'primary', 'better', examples, settings);
  const all = differenceOfDays(...wins, Int32Array.from(wins[0].positives.keys()));
  const ours = clusteredInference(all.difference, all.without)?.standardError ?? Number.NaN;
  const error =
    Math.abs((gate.difference ?? 0) - all.difference) + Math.abs((gate.interval?.standardError ?? 0) - ours);
  if (!(error < 1e-9)) throw new Error('the bench and the gate differ');
  return all.difference;
}

type Pair = readonly [DayWins, DayWins];

function misses(pair: Pair, truth: number, span: number, way: string): [above: number, below: number] {
  const draw = WAYS[way];
  if (draw === undefined) throw new Error(way);
  let [above, below] = [0, 0];
  for (let i = 0; i < DRAWS; i++) {
    const seed = seedOf(sha256(`${way}/${span}/${i}`));
    const drawn = draw(pair[0].positives.length, span, createRandom(seed));
    const { difference, without } = differenceOfDays(...pair, drawn);
    const inference = clusteredInference(difference, without);
    if (inference === undefined) continue;
    const { lower, upper } = intervalOf(difference, inference, ALPHA);
    if (lower > truth) above++;
    if (upper < truth) below++;
  }
  return [above, below];
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
const shown = (count: number): string => {
  const [lower, upper] = wilsonInterval(count, DRAWS);
  return `${percent(count / DRAWS)} (${percent(lower)} to ${percent(upper)})`;
};

const flights = await scoreFlights(SPLIT, END);
const { trees, logistic, noWeather } = flights.models;
console.log(
  `Trained before ${SPLIT}; days drawn up to ${END}; ${DRAWS} draws each; ${percent(ALPHA)} at most on each side.\n`,
);
console.log('| models | AUC difference | days | drawn | lower limit above the truth | upper limit below it |');
console.log('| --- | ---: | ---: | --- | --- | --- |');
for (const other of [logistic, noWeather]) {
  const pair: Pair = [dayWins(flights, trees.scores), dayWins(flights, other.scores)];
  const truth = sameAsGate(flights, [trees.scores, other.scores], pair);
  for (const way of Object.keys(WAYS)) {
    for (const span of SPANS) {
      const counts = misses(pair, truth, span, way).map(shown);
      console.log(`| ${[`${trees.name} / ${other.name}`, truth.toFixed(3), span, way, ...counts].join(' | ')} |`);
    }
  }
}
