import { DAY_MS, isoDay } from '../../duration.ts';
import { call, column, countDistinct } from '../../engine/expression.ts';
import { MINIMUM_OF_A_CLASS } from '../../gate/compare/rarer-class.ts';
import { endOfData } from '../../gate/holdout/holdout-window.ts';
import type { Simulation } from '../../gate/simulate/simulation.ts';
import { modelOf, type Project } from '../../project/project.ts';
import { simulationWarnings } from '../../report/blocks/simulation-blocks.ts';
import { MINIMUM_CLUSTERS } from '../../stats/inference.ts';
import type { Context } from '../context.ts';
import { timeRange } from '../evaluate/time-rows.ts';
import { openDataset, projectFolders } from '../open-dataset.ts';
import { simulate } from './simulate.ts';

/** The fewest clusters, and rows of a class, that anything is judged by: as many of either. */
const LEAST = Math.max(MINIMUM_CLUSTERS, MINIMUM_OF_A_CLASS);

/** What a holdout can tell under the rules it is looked at with. */
export interface MarginReach {
  /** Of the part that pull requests look at. */
  readonly rows: number;
  readonly clusters: number;
  readonly clusterUnit: Simulation['holdout']['clusterUnit'];
  /** Binary: rows of either class. */
  readonly positives?: number;
  readonly negatives?: number;
  /** One line each; none where the rules can be met. */
  readonly warnings: readonly string[];
  /** One thing to do, where there are warnings. */
  readonly next?: string;
}

/**
 * Whether the margins of a model can be reached by what its holdout holds today: its size, its classes, and the chance
 * that a model as good as the rules are made for passes a promotion. Reads labels, brings what pointers name, looks at
 * nothing that counts. Throws what `simulate` does.
 */
export async function marginReach(context: Context, project: Project, name: string): Promise<MarginReach> {
  const simulation = await simulate(context, {
    ...{ cwd: context.root, project: async () => project, model: name, metrics: [], margins: {} },
  });
  const { rows, clusters, clusterUnit, positives: share } = simulation.holdout;
  const positives = simulation.task === 'binary' && share !== undefined ? Math.round(rows * share) : undefined;
  const classes = positives === undefined ? {} : { positives, negatives: rows - positives };
  const warnings = [...shortagesOf(simulation).map(shortageWords), ...oncePerMetric(simulation)];
  const facts = { rows, clusters, clusterUnit, ...classes, warnings };
  if (warnings.length === 0) return facts;
  const wider = widerMargins(simulation);
  const days = await moreDays(context, project, name, simulation);
  // Nobody waits for years: then the wider margin is what there is to do.
  const ways = [...(days.later && wider.length > 0 ? [] : days.words), ...wider];
  return { ...facts, next: ways.join(', or ') || 'bring more labelled rows' };
}

/** How many of its kind a holdout has, and how many it takes for any answer. */
interface Shortage {
  readonly has: number;
  readonly what: string;
}

/** What there is too little of for any answer at all. */
function shortagesOf({ task, holdout }: Simulation): Shortage[] {
  const { rows, clusters, clusterUnit, positives: share } = holdout;
  const shortages: Shortage[] = clusters < MINIMUM_CLUSTERS ? [{ has: clusters, what: `${clusterUnit}s` }] : [];
  if (task !== 'binary' || share === undefined) return shortages;
  const positives = Math.round(rows * share);
  const has = Math.min(positives, rows - positives);
  if (has < MINIMUM_OF_A_CLASS) shortages.push({ has, what: has === positives ? 'positives' : 'negatives' });
  return shortages;
}

function shortageWords({ has, what }: Shortage): string {
  return `the holdout that a pull request is judged on has ${has} ${what}; fewer than ${LEAST} are never judged`;
}

/** The rules that can hardly be met. A metric is told once: better by the margin is as hard as equal within it. */
function oncePerMetric(simulation: Simulation): string[] {
  const told = new Set<string>();
  return simulation.simulated.flatMap((rule) => {
    const [warning] = simulationWarnings({ ...simulation, simulated: [rule] });
    if (warning === undefined || told.has(rule.metric)) return [];
    told.add(rule.metric);
    return [warning];
  });
}

/** Longer waits are told only where there is nothing else to do. */
const LONGEST_WAIT_DAYS = 365;

/** A longer holdout where the data have the days, else when they will have them. */
async function moreDays(
  context: Context,
  project: Project,
  name: string,
  simulation: Simulation,
): Promise<{ readonly words: readonly string[]; readonly later?: boolean }> {
  const { model } = modelOf(project, name);
  const dataset = model.holdout.data ?? model.train.data;
  const { time, label_delay: delay = 0 } = project.config.data[dataset] ?? {};
  const { last, halves } = model.holdout;
  const { clusters, clusterUnit } = simulation.holdout;
  // First of all there has to be an answer.
  const [shortage] = shortagesOf(simulation);
  const needed =
    shortage === undefined
      ? Math.max(...simulation.simulated.map((rule) => rule.neededClusters.promotion ?? Number.NaN))
      : Math.ceil((clusters * LEAST) / Math.max(1, shortage.has));
  if (Number.isNaN(needed) || needed <= clusters) return { words: [] };
  if (clusterUnit !== 'day' || time === undefined) return { words: [`bring ${needed} ${clusterUnit}s`] };
  const facts = await daysOf(context, project, dataset, time);
  if (facts === undefined || last === undefined) return { words: [`bring ${needed} days`] };
  const span = (parts: number) => Math.ceil((parts * needed * facts.span) / facts.days + (2 * delay) / DAY_MS);
  const wanted = span(halves ? 2 : 1);
  // Half of the data at most: what is held out is missed in training.
  if (wanted <= facts.span / 2) return { words: [`hold out more, holdout: { last: ${wanted}d }`] };
  if (halves && span(1) <= facts.span / 2)
    return { words: [`give up the halves, holdout: { last: ${span(1)}d, halves: false }`] };
  const wait = 2 * wanted - facts.span;
  const until = isoDay(facts.end + wait * DAY_MS);
  return {
    words: [`wait until ${until}, when the data have days for holdout: { last: ${wanted}d }`],
    later: wait > LONGEST_WAIT_DAYS,
  };
}

async function daysOf(context: Context, project: Project, dataset: string, time: string) {
  const engine = await context.openEngine(projectFolders(project));
  try {
    const { source } = await openDataset(context, project, engine, dataset);
    const range = await timeRange(engine, source, time);
    const [row] = await engine.aggregate(source, { aggregates: { days: countDistinct([call('day', column(time))]) } });
    if (range === undefined) return undefined;
    const end = endOfData(range.newest);
    return { end, days: Math.max(1, Number(row?.days ?? 0)), span: Math.ceil((end - range.oldest) / DAY_MS) };
  } finally {
    await engine.close();
  }
}

/** `allow more, margins: { roc_auc: 0.025 }`: what the planned model passes with in four cases of five today. */
function widerMargins({ simulated }: Simulation): string[] {
  const margins = new Map<string, number>();
  for (const { metric, requirement, margin, reachableMargin } of simulated) {
    const enough = reachableMargin?.promotion;
    if (requirement !== 'not-worse' || enough === undefined || enough <= margin) continue;
    margins.set(metric, Number(enough.toPrecision(2)));
  }
  const text = [...margins].map(([metric, margin]) => `${metric}: ${margin}`).join(', ');
  return text === '' ? [] : [`allow more, margins: { ${text} }`];
}
