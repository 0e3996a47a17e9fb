/**
 * How often drift is reported when nothing drifted, and how often when something did, on made-up data whose rows
 * depend on each other within a day, beside the usual row-wise Kolmogorov–Smirnov test. Run: node bench/drift.ts [replicates]
 */

import { judgeDrift } from '../lib/drift/judge-drift.ts';
import { realisedLoss } from '../lib/drift/realised-loss.ts';
import { DriftRules } from '../lib/drift/rules.ts';
import type { DayTable, Profile } from '../lib/profile/profile.ts';
import { ksDistance } from '../lib/stats/distances/ks-distance.ts';
import { normalQuantile } from '../lib/stats/distributions/normal.ts';
import { createRandom } from '../lib/stats/resampling/random.ts';
import { type Scenario, simulateProfiles } from './simulated-days.ts';

const REPLICATES = Number(process.argv[2] ?? 100);
const BASE: Scenario = {
  numeric: 10,
  categorical: 5,
  referenceDays: 120,
  currentDays: 7,
  rowsPerDay: 200,
  withinDay: 0.05,
  dayToDay: 0,
  shift: 0,
  shifted: 0,
};

const SCENARIOS: readonly (readonly [string, Scenario])[] = [
  ['no drift, independent rows', { ...BASE, withinDay: 0 }],
  ['no drift, 5 % of variance by day', BASE],
  ['no drift, 20 % of variance by day', { ...BASE, withinDay: 0.2 }],
  ['no drift, 20 % by day, days correlated 0.6', { ...BASE, withinDay: 0.2, dayToDay: 0.6 }],
  ['the same, 60 days of reference', { ...BASE, referenceDays: 60, withinDay: 0.2, dayToDay: 0.6 }],
  ['all shifted by 0.1 sd (D 0.04)', { ...BASE, withinDay: 0.01, shift: 0.1, shifted: 10 }],
  ['3+3 shifted by 0.5 sd (D 0.20)', { ...BASE, shift: 0.5, shifted: 3 }],
  ['3+3 shifted by 1 sd (D 0.38)', { ...BASE, shift: 1, shifted: 3 }],
  ['20 % of one column lost', { ...BASE, missing: 0.2 }],
];

/** Rows-are-independent KS on the same bins: asymptotic p (Kolmogorov 1933). */
function naivePs(reference: DayTable, current: DayTable): number[] {
  return reference.bins.flatMap((bins, column) => {
    if (bins.kind !== 'numeric') return [];
    const before = binTotals(reference, column, bins.edges.length + 1);
    const now = binTotals(current, column, bins.edges.length + 1);
    const n = before.reduce((a, b) => a + b);
    const m = now.reduce((a, b) => a + b);
    const lambda = ksDistance(before, now).distance * Math.sqrt((n * m) / (n + m));
    let p = 0;
    for (let k = 1; k <= 100; k++) p += 2 * (k % 2 === 1 ? 1 : -1) * Math.exp(-2 * k * k * lambda * lambda);
    return [lambda < 0.2 ? 1 : Math.min(1, Math.max(0, p))];
  });
}

function binTotals(table: DayTable, column: number, bins: number): number[] {
  return Array.from({ length: bins }, (_none, bin) =>
    (table.counts[column] ?? []).reduce((sum, cells) => sum + (cells[bin + 2] ?? 0), 0),
  );
}

function percent(count: number, of: number): string {
  return of === 0 ? '–' : `${((100 * count) / of).toFixed(1)} %`;
}

function isShifted(scenario: Scenario, column: string): boolean {
  return Number(column.replace(/\D+/, '')) < scenario.shifted;
}

function run(scenario: Scenario, replicates: number): string[] {
  const rules = DriftRules.parse({ windowDays: scenario.currentDays });
  let reports = 0;
  let falseColumns = 0;
  let steadyColumns = 0;
  let found = 0;
  let moved = 0;
  let alarms = 0;
  let unsure = 0;
  let naiveReports = 0;
  for (let seed = 1; seed <= replicates; seed++) {
    const { reference, current }: { reference: Profile; current: Profile } = simulateProfiles(scenario, seed);
    const results = judgeDrift({ reference, current, rules, seed: [seed, 0] });
    const hits = results.filter(({ verdict }) => verdict === 'warn' || verdict === 'fail');
    if (hits.length > 0) reports++;
    if (hits.some(({ verdict }) => verdict === 'fail')) alarms++;
    for (const result of results.filter(({ quantity }) => quantity === 'distance')) {
      const hit = hits.includes(result);
      if (result.verdict === 'inconclusive') unsure++;
      if (isShifted(scenario, result.column)) {
        moved++;
        if (hit) found++;
      } else {
        steadyColumns++;
        if (hit) falseColumns++;
      }
    }
    if (reference.days && current.days && naivePs(reference.days, current.days).some((p) => p < 0.05)) naiveReports++;
  }
  return [
    percent(reports, replicates),
    percent(alarms, replicates),
    percent(falseColumns, steadyColumns),
    percent(found, moved),
    percent(unsure, moved + steadyColumns),
    percent(naiveReports, replicates),
  ];
}

/** Share of windows whose lower limit is above the true distance; 2.5 % is what is claimed. */
function limitTooHigh(distance: number, withinDay: number, currentDays: number, replicates: number): string {
  // Two normals of one variance whose means differ by δ have D = 2Φ(δ/2) − 1.
  const shift = 2 * normalQuantile((1 + distance) / 2);
  const scenario = { ...BASE, numeric: 1, categorical: 0, shifted: 1, shift, withinDay, currentDays };
  const rules = DriftRules.parse({ windowDays: currentDays });
  let above = 0;
  for (let seed = 1; seed <= replicates; seed++) {
    const [result] = judgeDrift({ ...simulateProfiles(scenario, seed), rules, seed: [seed, 1] });
    if (result !== undefined && result.lower > distance) above++;
  }
  return percent(above, replicates);
}

/** Share of windows called worse than allowed when the loss is worse by exactly what is allowed. */
function lossFalseAlarms(days: number, replicates: number): string {
  const margin = 0.05;
  let alarms = 0;
  for (let seed = 1; seed <= replicates; seed++) {
    const random = createRandom([seed, 7]);
    const rows = Array.from({ length: days }, () => 50 + random.below(200));
    const sums = rows.map((count) => {
      const common = 0.3 * (random.uniform() - 0.5);
      let sum = 0;
      // Squared and skewed, as losses are; mean 1/3 + margin.
      for (let row = 0; row < count; row++) sum += random.uniform() ** 2 + common + margin;
      return sum;
    });
    const answer = realisedLoss({
      metric: 'log_loss',
      scale: 'mean',
      current: { sums, rows },
      reference: { level: 1 / 3 },
      margin,
    });
    if (answer.verdict === 'fail') alarms++;
  }
  return percent(alarms, replicates);
}

function print(title: string, head: readonly string[], rows: readonly (readonly string[])[]): void {
  const widths = head.map((name, column) => Math.max(name.length, ...rows.map((row) => (row[column] ?? '').length)));
  console.log(`\n${title}\n`);
  for (const row of [head, ...rows]) {
    console.log(
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    );
  }
}

print(
  `${REPLICATES} replicates, 15 columns, window of 7 days, 200 rows a day, reference 120 days unless said otherwise`,
  ['scenario', 'any reported', 'alarm', 'false columns', 'shifted found', 'cannot tell', 'naive KS any p<.05'],
  SCENARIOS.map(([name, scenario]) => [name, ...run(scenario, REPLICATES)]),
);
print(
  `Lower 97.5 % limit of KS D above the true D (${2 * REPLICATES} replicates)`,
  ['true D', 'variance by day', '3 days', '7 days', '28 days'],
  [0.1, 0.2].flatMap((distance) =>
    [0, 0.05, 0.2].map((share) => [
      String(distance),
      percent(share, 1),
      ...[3, 7, 28].map((days) => limitTooHigh(distance, share, days, 2 * REPLICATES)),
    ]),
  ),
);
print(
  `Realised loss: alarm although it is worse by just what is allowed (${10 * REPLICATES} replicates)`,
  ['5 days', '7 days', '28 days'],
  [[5, 7, 28].map((days) => lossFalseAlarms(days, 10 * REPLICATES))],
);
