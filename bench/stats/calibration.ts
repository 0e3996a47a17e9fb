/**
 * Whether the gate keeps its word on made-up holdouts whose truth is known: how often a model passes that is exactly at
 * the limit of what is allowed, and whether one that is better is found as often as the plan says. Prints the tables,
 * writes docs/figures/calibration.{json,svg}. What was computed stays in the folder: a run can be stopped and taken up.
 * Run: node bench/stats/calibration.ts <folder> [comparisons, 20000] [of 10,000 rows, 20000] [of resampling methods, 2000]
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { canonicalFile } from '../../lib/digest.ts';
import { calibrationFigure } from './calibration-figure.ts';
import { doJobs, jobsOf, numbersOf } from './calibration-jobs.ts';
import { AIMED_POWER, LEVEL, ratesOf, resampledRates } from './calibration-rates.ts';
import { drawnFor, RESAMPLED_SCENARIOS, SCENARIOS, scenarioName, scenarioWords } from './calibration-scenario.ts';
import { CALIBRATED } from './calibration-truth.ts';

const [folder, comparisons = '20000', large = comparisons, resampled = '2000'] = process.argv.slice(2);
if (folder === undefined) throw new Error('name a folder that keeps what was computed');
/** Worker processes. */
const PROCESSES = 2;
/** From this many rows on a comparison takes ten milliseconds. */
const LARGE = 10_000;
const FIGURES = join(import.meta.dirname, '..', '..', 'docs', 'figures');

const work = SCENARIOS.map((scenario) => ({
  scenario,
  jobs: jobsOf(folder, 'gate', scenario, drawnFor(scenario, Number(scenario.rows < LARGE ? comparisons : large))),
}));
const others = RESAMPLED_SCENARIOS.map((scenario) => ({
  scenario,
  jobs: jobsOf(folder, 'resampled', scenario, Number(resampled)),
}));
await doJobs(
  folder,
  [...work, ...others].flatMap(({ jobs }) => jobs),
  PROCESSES,
);

const percent = (share: number, digits = 2): string => `${(100 * share).toFixed(digits)} %`;
const words = new Map(SCENARIOS.map((scenario) => [scenarioName(scenario), scenarioWords(scenario)]));
const wordsOf = (name: string): string => words.get(name) ?? name;
const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
const head = (first: string, columns: readonly string[]): string =>
  `${row([first, ...columns])}\n${row(['---', ...columns.map(() => '---:')])}`;

const rates = (
  await Promise.all(work.map(async ({ scenario, jobs }) => ratesOf(scenario, await numbersOf(jobs))))
).flat();
const table = (title: string, cell: (rate: (typeof rates)[number]) => string): void => {
  console.log(`\n${title}\n\n${head('holdout', CALIBRATED)}`);
  for (const { scenario } of work) {
    const own = rates.filter((rate) => rate.scenario === scenarioName(scenario));
    console.log(row([scenarioWords(scenario), ...own.map(cell)]));
  }
};
console.log(`${comparisons} comparisons each, ${large} of 10,000 rows.`);
table('Passes of a model exactly at the limit (aimed at: 2.50 %; bold: more than chance allows)', (rate) =>
  rate.tooMany ? `**${percent(rate.falsePass)}**` : percent(rate.falsePass),
);
table('Taken for worse than it is (aimed at: 2.50 %)', ({ falseFail }) => percent(falseFail));
table(`Power where a t test with G − 1 degrees of freedom has ${percent(AIMED_POWER, 0)}`, ({ power }) =>
  percent(power, 1),
);
table(`Power where \`assay simulate\` says ${percent(AIMED_POWER, 0)}`, ({ planPower }) => percent(planPower, 1));
table('No interval at all', ({ undecided, comparisons: all }) => percent(undecided / all));
table('Mean degrees of freedom', ({ meanDegrees }) => meanDegrees.toFixed(1));

const resampledRate = (
  await Promise.all(others.map(async ({ scenario, jobs }) => resampledRates(scenario, await numbersOf(jobs))))
).flat();
console.log(
  `\nMethods that resample whole clusters, log loss, ${resampled} comparisons each\n\n${head('holdout', ['method', 'false passes', '95 % Monte-Carlo'])}`,
);
for (const { scenario, method, falsePass, falsePassRange } of resampledRate) {
  const [low, high] = falsePassRange;
  console.log(row([wordsOf(scenario), method, percent(falsePass), `${percent(low)} to ${percent(high)}`]));
}
const command = `node bench/stats/calibration.ts <folder> ${comparisons} ${large} ${resampled}`;
const document = { command, level: LEVEL, rates, resampled: resampledRate };
await writeFile(join(FIGURES, 'calibration.json'), canonicalFile(document));
await writeFile(join(FIGURES, 'calibration.svg'), calibrationFigure(rates, wordsOf));
