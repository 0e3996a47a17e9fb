import { chanceWarning } from '../../gate/margin-warning.ts';
import type { FurtherRule, SimulatedRule, Simulation } from '../../gate/simulate/simulation.ts';
import { MINIMUM_CLUSTERS } from '../../stats/inference.ts';
import { POWER } from '../../stats/power/needed-clusters.ts';
import { clustersWords } from '../words/cluster-words.ts';
import { metricWords } from '../words/metric-words.ts';
import { formatLimit, formatShare, formatValue } from '../words/number-format.ts';
import { assumptionWords } from '../words/simulation-words.ts';
import type { Block, Blocks } from './block.ts';
import { code, type Text } from './span.ts';

/** Characters of a full bar. */
const BAR = 20;

/** Further rules that are listed, those that let the fewest past first. */
const FURTHER = 20;

/** The chance of passing for a range of true differences: what to expect first, then a table with bars for each rule. */
export function simulationBlocks(simulation: Simulation): Blocks {
  const { simulated, leftOut } = simulation;
  return [
    {
      kind: 'list',
      items: [...simulated.map((rule) => finding(rule, simulation)), ...togetherFinding(simulation)],
    },
    ...simulated.flatMap((rule): Block[] => [
      { kind: 'heading', text: [ruleTitle(rule)] },
      chancesTable(rule, simulation),
    ]),
    ...furtherBlocks(simulation),
    { kind: 'paragraph', text: [assumptionWords(simulation)], tone: 'muted' },
    ...(leftOut.length === 0
      ? []
      : [{ kind: 'paragraph', text: [`Not in these chances: ${leftOut.join(', ')}.`], tone: 'muted' } as const]),
  ];
}

/** The rules that let the model they are made for through less than half of the time, at a promotion's level. */
export function simulationWarnings({ simulated, holdout }: Simulation): string[] {
  const { clusters, clusterUnit: unit } = holdout;
  return simulated.flatMap(({ metric, requirement, margin, standardError, planned, neededClusters }) => {
    if (standardError === undefined) return [];
    const [chance, needed] = [planned.rule.promotion, neededClusters.promotion];
    return chanceWarning({ requirement, margin, clusters, chance, needed }, { metric, unit }) ?? [];
  });
}

function ruleTitle({ metric, role, requirement, margin }: SimulatedRule): string {
  const asked = requirement === 'better' ? 'has to be better' : `not worse by ${formatLimit(margin)}`;
  return `${metricWords(metric)}, ${role}: ${asked}`;
}

function timesWords(share: number): string {
  const times = Math.round(100 * share);
  return times === 1 ? 'once in 100' : `${times} times in 100`;
}

const AIM = `${Math.round(100 * POWER)}`;

/**
 * `With 31 days, a model whose ROC AUC is truly 0.010 better is promoted 18 times in 100. 140 days would give 80, and so
 * would a margin of 0.023 with these.`
 */
function finding(rule: SimulatedRule, { holdout, simulated, further }: Simulation): Text {
  const { planned, requirement, metric, role, margin, standardError } = rule;
  const title = metricWords(metric);
  if (standardError === undefined) return [`${title} has no value on such a holdout: nothing would ever pass.`];
  const truth = requirement === 'better' ? `${formatLimit(margin)} better` : 'the same';
  const alone = further.length === 0 && simulated.every((other) => other.role === 'primary');
  const what = role === 'guardrail' ? 'gets past this guardrail' : alone ? 'is promoted' : 'passes this rule';
  const allowed = requirement === 'not-worse' ? ` (${formatLimit(margin)} worse is allowed)` : '';
  const few =
    holdout.clusters < MINIMUM_CLUSTERS
      ? ` Fewer than ${clustersWords(MINIMUM_CLUSTERS, holdout)} never decide anything.`
      : '';
  return [
    `With ${clustersWords(holdout.clusters, holdout)}, a model whose ${title} is truly ${truth}${allowed} ${what} ${timesWords(planned.rule.promotion)}.${few}${remedyWords(rule, holdout)}`,
  ];
}

/** What would give a chance of 80: more days, or asking for less. Empty where it is that high. */
function remedyWords(
  { planned, neededClusters, reachableMargin, requirement }: SimulatedRule,
  holdout: Simulation['holdout'],
): string {
  if (planned.rule.promotion >= POWER) return '';
  const needed = neededClusters.promotion;
  const reach = reachableMargin?.promotion;
  const more =
    needed === undefined || needed <= holdout.clusters
      ? undefined
      : `${clustersWords(needed, holdout)} would give ${AIM}`;
  const less =
    reach === undefined || !Number.isFinite(reach)
      ? undefined
      : requirement === 'better'
        ? `a model that is ${formatValue(reach)} better passes ${AIM} times with these`
        : `allowing ${formatValue(reach)} gives ${AIM} with these`;
  if (more === undefined && needed !== undefined) return less === undefined ? '' : ` ${capitalised(less)}.`;
  const first = more ?? `no number of ${holdout.clusterUnit}s that is a plan would give ${AIM}`;
  return ` ${capitalised(first)}${less === undefined ? '' : `; ${less}`}.`;
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** What all rules come to, for each way that the primary metric may be asked. */
function togetherFinding({ simulated }: Simulation): Text[] {
  return simulated.flatMap(({ planned, requirement, margin }): Text[] => {
    if (planned.gate === undefined) return [];
    const truth = requirement === 'better' ? `${formatLimit(margin)} better and otherwise the same` : 'the same';
    const asked = requirement === 'better' ? 'has to be better' : 'must not be worse';
    return [
      [
        `All rules together, where the candidate ${asked}: truly ${truth}, it is promoted ${timesWords(planned.gate.promotion)}.`,
      ],
    ];
  });
}

function chancesTable({ chances }: SimulatedRule, { draws }: Simulation): Block {
  const together = chances.some(({ gate }) => gate !== undefined);
  return {
    kind: 'table',
    columns: [
      { title: 'truly' },
      { title: 'pull request', align: 'right' },
      { title: 'promotion', align: 'right' },
      ...(together ? [{ title: 'with all rules', align: 'right' } as const] : []),
      { title: 'chance of promotion' },
    ],
    rows: chances.map(({ difference, rule, gate }): Text[] => [
      [truthWords(difference)],
      [formatShare(rule.advisory)],
      [formatShare(rule.promotion)],
      ...(together ? [[gate === undefined ? '' : countedShare(gate.promotion, draws)]] : []),
      [bar((gate ?? rule).promotion)],
    ]),
  };
}

/** A share that was counted is never none: it is less than one of the draws. */
function countedShare(share: number, draws: number): string {
  return share > 0 || draws === 0 ? formatShare(share) : `< ${formatShare(1 / draws)}`;
}

function truthWords(difference: number): string {
  if (difference === 0) return 'the same';
  return `${formatLimit(Math.abs(difference))} ${difference < 0 ? 'worse' : 'better'}`;
}

function bar(share: number): string {
  const filled = Math.round(share * BAR);
  return '█'.repeat(filled) + '·'.repeat(BAR - filled);
}

/** The other rules, those that hold up most first. */
function furtherBlocks({ further, rules, draws }: Simulation): Blocks {
  if (further.length === 0) return [];
  const sorted = further.toSorted((a, b) => a.passed.promotion - b.passed.promotion);
  const rest = sorted.length - FURTHER;
  return [
    { kind: 'heading', text: ['The other rules: how often a model that is truly the same gets past them'] },
    {
      kind: 'table',
      columns: [
        { title: 'rule' },
        { title: 'pull request', align: 'right' },
        { title: 'promotion', align: 'right' },
        { title: 'large enough to judge', align: 'right' },
      ],
      rows: sorted
        .slice(0, FURTHER)
        .map((rule): Text[] => [
          furtherTitle(rule, rules.floors),
          [countedShare(rule.passed.advisory, draws)],
          [countedShare(rule.passed.promotion, draws)],
          [formatShare(rule.judged)],
        ]),
    },
    ...(rest > 0 ? [{ kind: 'paragraph', tone: 'muted', text: [`${rest} more let more models past.`] } as const] : []),
  ];
}

function furtherTitle(rule: FurtherRule, floors: Simulation['rules']['floors']): Text {
  const { role, metric, column = '', value = '', requirement } = rule;
  const title = metricWords(metric);
  switch (role) {
    case 'floor': {
      const floor = Object.entries(floors).find(([name]) => name === metric)?.[1];
      return [`limit of ${title}${floor === undefined ? '' : `: ${formatLimit(floor)}`}`];
    }
    case 'fairness':
      return [requirement === 'above-floor' ? 'gap in ' : 'growth of the gap in ', `${title} by `, code(column)];
    case 'calibration':
      return [title];
    case 'slice':
      return ['slices of ', code(column), ': no shown harm'];
    case 'critical-slice':
      return ['critical slice ', code(`${column} = ${value}`)];
  }
}
