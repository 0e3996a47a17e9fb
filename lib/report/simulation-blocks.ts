import { marginWarning } from '../gate/margin-warning.ts';
import { levelsOf } from '../gate/simulate-gate.ts';
import type { SimulatedRule, Simulation } from '../gate/simulation.ts';
import { POWER } from '../stats/needed-clusters.ts';
import type { Block, Blocks } from './block.ts';
import { clustersWords } from './cluster-words.ts';
import { metricWords } from './metric-words.ts';
import { counted, formatLevel, formatLimit, formatShare } from './number-format.ts';
import type { Text } from './span.ts';

/** Characters of a full bar. */
const BAR = 20;

/** The chance of passing for a range of true differences: what to expect first, then a table with bars for each rule. */
export function simulationBlocks(simulation: Simulation): Blocks {
  const { simulated, leftOut } = simulation;
  return [
    { kind: 'list', items: simulated.map((rule) => finding(rule, simulation)) },
    ...simulated.flatMap((rule): Block[] => [{ kind: 'heading', text: [ruleTitle(rule)] }, chancesTable(rule)]),
    { kind: 'paragraph', text: [assumptions(simulation)], tone: 'muted' },
    ...(leftOut.length === 0
      ? []
      : [{ kind: 'paragraph', text: [`Not in these chances: ${leftOut.join(', ')}.`], tone: 'muted' } as const]),
  ];
}

/** The rules that let the model they are made for through less than half of the time, at a promotion's level. */
export function simulationWarnings({ simulated, holdout, rules }: Simulation): string[] {
  return simulated.flatMap(({ metric, requirement, margin, standardError, degreesOfFreedom }) => {
    if (standardError === undefined || degreesOfFreedom === undefined) return [];
    const evidence = { requirement, margin, standardError, degreesOfFreedom, clusters: holdout.clusters };
    return marginWarning(evidence, { metric, unit: holdout.clusterUnit }, levelsOf(rules).promotion) ?? [];
  });
}

function ruleTitle({ metric, role, requirement, margin }: SimulatedRule): string {
  const asked = requirement === 'better' ? 'has to be better' : `not worse by ${formatLimit(margin)}`;
  return `${metricWords(metric)}, ${role}: ${asked}`;
}

/** `With 31 days, a model whose ROC AUC is truly 0.010 better is promoted 18 times in 100; 140 days would give 80.` */
function finding(rule: SimulatedRule, { holdout, simulated }: Simulation): Text {
  const { planned, neededClusters, requirement, metric, role, margin, standardError } = rule;
  if (standardError === undefined) {
    return [`${metricWords(metric)} has no value on such a holdout: nothing would ever pass.`];
  }
  const truth = requirement === 'better' ? `${formatLimit(margin)} better` : 'the same';
  const alone = simulated.every((other) => other.role === 'primary');
  const what = role === 'guardrail' ? 'gets past this guardrail' : alone ? 'is promoted' : 'passes this rule';
  const times = `${Math.round(100 * planned.rule.promotion)} times in 100`;
  const aim = `${Math.round(100 * POWER)}`;
  const enough = planned.rule.promotion >= POWER;
  const needed =
    neededClusters.promotion === undefined
      ? `; no number of ${holdout.clusterUnit}s that is a plan would give ${aim}: allow more`
      : enough
        ? ''
        : `; ${clustersWords(neededClusters.promotion, holdout)} would give ${aim}`;
  const allowed = requirement === 'not-worse' ? ` (${formatLimit(margin)} worse is allowed)` : '';
  return [
    `With ${clustersWords(holdout.clusters, holdout)}, a model whose ${metricWords(metric)} is truly ${truth}${allowed} ${what} ${times}${needed}.`,
  ];
}

function chancesTable({ chances }: SimulatedRule): Block {
  const together = chances.some(({ gate }) => gate !== undefined);
  return {
    kind: 'table',
    columns: [
      { title: 'truly' },
      { title: 'pull request', align: 'right' },
      { title: 'promotion', align: 'right' },
      ...(together ? [{ title: 'with guardrails', align: 'right' } as const] : []),
      { title: 'promotion' },
    ],
    rows: chances.map(({ difference, rule, gate }): Text[] => [
      [truthWords(difference)],
      [formatShare(rule.advisory)],
      [formatShare(rule.promotion)],
      ...(together ? [[gate === undefined ? '' : formatShare(gate.promotion)]] : []),
      [bar(rule.promotion)],
    ]),
  };
}

function truthWords(difference: number): string {
  if (difference === 0) return 'the same';
  return `${formatLimit(Math.abs(difference))} ${difference < 0 ? 'worse' : 'better'}`;
}

function bar(share: number): string {
  const filled = Math.round(share * BAR);
  return '█'.repeat(filled) + '·'.repeat(BAR - filled);
}

function assumptions({ holdout, draws, levels, rules }: Simulation): string {
  const { rows, intraclass, positives, auc, agreement } = holdout;
  const size = `${counted(rows, 'row')} in ${clustersWords(holdout.clusters, holdout)}`;
  const looks = `A pull request is judged at ${formatLevel(levels.advisory)}, a promotion at ${formatLevel(levels.promotion)} (${counted(rules.looks, 'look')}).`;
  if (holdout.source === 'decision') return `${size}; the standard errors are those of the comparison. ${looks}`;
  const supposed = [
    ...(positives === undefined ? [] : [`${formatShare(positives)} positives`]),
    ...(intraclass === undefined
      ? []
      : [`a correlation of ${formatLimit(intraclass)} within a ${holdout.clusterUnit}`]),
    ...(auc === undefined ? [] : [`a ROC AUC of ${formatLimit(auc)}`]),
    ...(agreement === undefined ? [] : [`scores of both sides that correlate by ${formatLimit(agreement)}`]),
  ];
  return `${size}, ${supposed.join(', ')}: ${counted(draws, 'holdout')} drawn and judged by the gate. The guardrails are taken as truly the same. ${looks}`;
}
