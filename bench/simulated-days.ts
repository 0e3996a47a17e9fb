import type { ColumnData, Frame } from '../lib/engine/frame.ts';
import type { ColumnInfo } from '../lib/engine/table.ts';
import { deriveBins } from '../lib/profile/derive-bins.ts';
import type { Profile } from '../lib/profile/profile.ts';
import { createProfiler } from '../lib/profile/profiler.ts';
import { createRandom, type Random } from '../lib/stats/resampling/random.ts';

/** A made-up dataset whose rows depend on each other within a day, and whose days may depend on the day before. */
export interface Scenario {
  readonly numeric: number;
  readonly categorical: number;
  readonly referenceDays: number;
  readonly currentDays: number;
  readonly rowsPerDay: number;
  /** Share of a value's variance that all rows of a day have in common (intra-class correlation). */
  readonly withinDay: number;
  /** Correlation of a day's common part with the day before's. */
  readonly dayToDay: number;
  /** Shift of the current window, in standard deviations, for the first `shifted` columns of each kind. */
  readonly shift: number;
  readonly shifted: number;
  /** Share of the current window's values that are lost in the first column. */
  readonly missing?: number;
}

const DAY_MS = 86_400_000;
const CATEGORIES = 6;
/** Cuts a standard normal into CATEGORIES categories of unequal size. */
const CUTS = [-1.2, -0.5, 0, 0.4, 1.1];

/** Standard normal by the polar method's cousin (Box & Muller 1958). */
function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random.uniform())) * Math.cos(2 * Math.PI * random.uniform());
}

function columnsOf(scenario: Scenario): ColumnInfo[] {
  const numeric = Array.from({ length: scenario.numeric }, (_n, i): ColumnInfo => {
    return { name: `number${i}`, type: 'float', physical: 'DOUBLE' };
  });
  const categorical = Array.from({ length: scenario.categorical }, (_n, i): ColumnInfo => {
    return { name: `category${i}`, type: 'string', physical: 'VARCHAR' };
  });
  return [...numeric, ...categorical, { name: 'at', type: 'timestamp', physical: 'TIMESTAMP' }];
}

/** Profiles of the reference and of the window after it; the same seed gives the same. */
export function simulateProfiles(scenario: Scenario, seed: number): { reference: Profile; current: Profile } {
  const days = scenario.referenceDays + scenario.currentDays;
  const { rowsPerDay } = scenario;
  const columns = columnsOf(scenario);
  const latent = columns.map((_column, index) => latentValues(scenario, days, createRandom([seed, index])));
  const losses = createRandom([seed, 2 ** 31]);
  const frameOfDays = (from: number, to: number): Frame => {
    const rows = (to - from) * rowsPerDay;
    const data = columns.map((column, index): [string, ColumnData] => {
      const values = (latent[index] as Float64Array).slice(from * rowsPerDay, to * rowsPerDay);
      return [column.name, columnData(scenario, column, index, values, from, losses)];
    });
    return { rows, columns: new Map(data) };
  };
  const before = frameOfDays(0, scenario.referenceDays);
  const first = createProfiler(columns);
  first.add(before);
  const bins = deriveBins(first.finish());
  const profile = (frame: Frame): Profile => {
    const profiler = createProfiler(columns, { time: 'at', bins });
    profiler.add(frame);
    return profiler.finish();
  };
  return { reference: profile(before), current: profile(frameOfDays(scenario.referenceDays, days)) };
}

function latentValues(scenario: Scenario, days: number, random: Random): Float64Array {
  const { rowsPerDay, withinDay, dayToDay } = scenario;
  const values = new Float64Array(days * rowsPerDay);
  let common = normal(random);
  for (let day = 0; day < days; day++) {
    if (day > 0) common = dayToDay * common + Math.sqrt(1 - dayToDay ** 2) * normal(random);
    for (let row = 0; row < rowsPerDay; row++) {
      values[day * rowsPerDay + row] = Math.sqrt(withinDay) * common + Math.sqrt(1 - withinDay) * normal(random);
    }
  }
  return values;
}

function columnData(
  scenario: Scenario,
  column: ColumnInfo,
  index: number,
  latent: Float64Array,
  firstDay: number,
  losses: Random,
): ColumnData {
  const valid = new Uint8Array(latent.length).fill(1);
  const current = firstDay >= scenario.referenceDays;
  const place = column.type === 'string' ? index - scenario.numeric : index;
  const shift = current && place < scenario.shifted ? scenario.shift : 0;
  if (column.type === 'timestamp') {
    const times = latent.map((_value, row) => (firstDay + Math.floor(row / scenario.rowsPerDay)) * DAY_MS);
    return { kind: 'time', type: 'timestamp', values: times, valid };
  }
  if (column.type === 'string') {
    const values = Array.from(latent, (value) => `c${categoryOf(value + shift)}`);
    return { kind: 'string', type: 'string', values };
  }
  const values = latent.map((value) => value + shift);
  if (current && index === 0 && scenario.missing !== undefined) {
    for (let row = 0; row < values.length; row++) {
      if (losses.uniform() >= scenario.missing) continue;
      values[row] = Number.NaN;
      valid[row] = 0;
    }
  }
  return { kind: 'number', type: 'float', values, valid };
}

function categoryOf(value: number): number {
  const above = CUTS.findIndex((cut) => value < cut);
  return above < 0 ? CATEGORIES - 1 : above;
}
