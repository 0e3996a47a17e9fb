import type { Findings, FindingsOf } from '../../gate/evidence/evidence.ts';
import type { ChartSide } from '../figures/chart.ts';
import {
  formatCount,
  formatLevel,
  formatLimit,
  formatNumber,
  formatShare,
  formatValue,
} from '../words/number-format.ts';
import { spokenBaseline } from '../words/side-names.ts';
import type { Block, Blocks, Column } from './block.ts';
import { code, type Text, toned } from './span.ts';

type Names = Readonly<Record<ChartSide, string>>;

/** Lines of a table of classes or mix-ups: the first of those that changed most. */
const MOST_LINES = 10;

/** The tables of what a decision's numbers look like; figures show the rest. */
export function evidenceTables(findings: Findings, names: Names): Blocks {
  switch (findings.task) {
    case 'binary':
      return [callsTable(findings, names), ...calibrationTable(findings, names)];
    case 'multiclass':
      return [...recallTable(findings, names), ...confusionTable(findings, names)];
    case 'regression':
    case 'forecast':
      return [errorsTable(findings, names), ...biasWords(findings, names)];
    case 'quantile':
      return [levelsTable(findings, names)];
    case 'ranking':
      return ndcgTable(findings, names);
  }
}

function sideColumns(names: Names, change = true): Column[] {
  const right = (title: string): Column => ({ title, align: 'right' });
  return [right(names.candidate), right(names.baseline), ...(change ? [right('change')] : [])];
}

/** `▲ +12`, `▲ −3`, `0`: ▲ is better and ▼ is worse, whichever way is better. */
function changeCell(change: number, moreIsBetter: boolean, words: (size: number) => string): Text {
  if (change === 0) return [toned('muted', '0')];
  const better = change > 0 === moreIsBetter;
  const text = `${better ? '▲' : '▼'} ${change > 0 ? '+' : '−'}${words(Math.abs(change))}`;
  return [toned(better ? 'good' : 'bad', text)];
}

function callsTable({ calls, threshold }: FindingsOf<'binary'>, names: Names): Block {
  const row = (title: string, key: keyof typeof calls.candidate, moreIsBetter: boolean): Text[] => {
    const [now, before] = [calls.candidate[key], calls.baseline[key]];
    return [[title], [formatCount(now)], [formatCount(before)], changeCell(now - before, moreIsBetter, formatCount)];
  };
  return {
    kind: 'table',
    columns: [{ title: `called positive from ${formatLimit(threshold)}` }, ...sideColumns(names)],
    rows: [
      row('positives found', 'truePositives', true),
      row('positives missed', 'falseNegatives', false),
      row('false alarms', 'falsePositives', false),
      row('negatives left alone', 'trueNegatives', true),
    ],
  };
}

/** Slope and intercept of the logistic recalibration, with what is right and what either side of it means. */
function calibrationTable({ calibrationLine: line }: FindingsOf<'binary'>, names: Names): Blocks {
  if (line === undefined) return [];
  const row = (title: string, key: 'slope' | 'intercept', right: number): Text[] => {
    const off = (side: ChartSide): number => Math.abs(line[side][key] - right);
    const nearer = Number((off('candidate') - off('baseline')).toFixed(2));
    const words = nearer === 0 ? 'as near' : nearer < 0 ? '▲ nearer' : '▼ farther';
    return [
      [title],
      [formatNumber(line.candidate[key], 2)],
      [formatNumber(line.baseline[key], 2)],
      [toned(nearer === 0 ? 'muted' : nearer < 0 ? 'good' : 'bad', words)],
    ];
  };
  return [
    {
      kind: 'table',
      columns: [
        { title: 'what probabilities are' },
        ...sideColumns(names, false),
        { title: 'to what is right', align: 'right' },
      ],
      rows: [
        row('slope: 1 is right, less is too extreme, more too timid', 'slope', 1),
        row('intercept: 0 is right, above it more happens than is said', 'intercept', 0),
      ],
    },
  ];
}

const points = (share: number): string => `${formatNumber(share * 100, 1)} points`;

function recallTable({ recall, classesSeen }: FindingsOf<'multiclass'>, names: Names): Blocks {
  if (recall.length === 0) return [];
  const shown = recall.slice(0, MOST_LINES);
  const rows = shown.map(({ class: name, rows, candidate, baseline }): Text[] => [
    [code(name)],
    [formatCount(rows)],
    [formatShare(candidate)],
    [formatShare(baseline)],
    changeCell(Number((candidate - baseline).toFixed(4)), true, points),
  ]);
  const columns: Column[] = [{ title: 'called right' }, { title: 'rows', align: 'right' }, ...sideColumns(names)];
  return [{ kind: 'table', columns, rows }, ...moreWords(classesSeen - shown.length, 'classes', 'lost less')];
}

function moreWords(count: number, what: string, why: string): Blocks {
  if (count <= 0) return [];
  return [
    { kind: 'paragraph', tone: 'muted', text: [`${formatCount(count)} more ${what} ${why} and are not listed.`] },
  ];
}

function confusionTable({ confusions }: FindingsOf<'multiclass'>, names: Names): Blocks {
  if (confusions.length === 0) return [];
  const rows = confusions
    .slice(0, MOST_LINES)
    .map(({ truth, called, candidate, baseline }): Text[] => [
      [code(truth), ' called ', code(called)],
      [formatCount(candidate)],
      [formatCount(baseline)],
      changeCell(candidate - baseline, false, formatCount),
    ]);
  return [{ kind: 'table', columns: [{ title: 'mix-ups that changed most' }, ...sideColumns(names)], rows }];
}

function errorsTable({ errors }: FindingsOf<'regression'>, names: Names): Block {
  return {
    kind: 'table',
    columns: [{ title: "absolute error, in the target's unit" }, ...sideColumns(names)],
    rows: errors.map(({ share, candidate, baseline }): Text[] => [
      [`at most, in ${formatLevel(share)} of the rows`],
      [formatValue(candidate)],
      [formatValue(baseline)],
      changeCell(candidate - baseline, false, formatValue),
    ]),
  };
}

function biasWords({ bias, series }: FindingsOf<'regression'>, names: Names): Blocks {
  const said = (['candidate', 'baseline'] as const).map((side) => {
    const name = side === 'candidate' ? 'the candidate' : spokenBaseline(names);
    const size = formatValue(Math.abs(bias[side]));
    return `${name} ${bias[side] === 0 ? 'is right' : `is ${size} too ${bias[side] > 0 ? 'high' : 'low'}`}`;
  });
  const blocks: Block[] = [{ kind: 'paragraph', text: [`On average ${said.join(' and ')}.`] }];
  if (series !== undefined) {
    const all = series.better + series.same + series.worse;
    blocks.push({
      kind: 'paragraph',
      text: [
        `Mean absolute error is smaller in ${formatCount(series.better)} of ${formatCount(all)} series and larger in ${formatCount(series.worse)}.`,
      ],
    });
  }
  return blocks;
}

function levelsTable({ levels }: FindingsOf<'quantile'>, names: Names): Block {
  return {
    kind: 'table',
    columns: [
      { title: 'level' },
      { title: `rows at or below, ${names.candidate}`, align: 'right' },
      { title: `rows at or below, ${names.baseline}`, align: 'right' },
      { title: `pinball loss, ${names.candidate}`, align: 'right' },
      { title: `pinball loss, ${names.baseline}`, align: 'right' },
    ],
    rows: levels.map(({ level, below, pinball }): Text[] => [
      [formatLevel(level)],
      [formatShare(below.candidate)],
      [formatShare(below.baseline)],
      [formatValue(pinball.candidate)],
      [formatValue(pinball.baseline)],
    ]),
  };
}

function ndcgTable({ ndcg }: FindingsOf<'ranking'>, names: Names): Blocks {
  if (ndcg.length === 0) return [];
  const rows = ndcg.map(({ share, candidate, baseline }): Text[] => [
    [`at most, in ${formatLevel(share)} of the queries`],
    [formatValue(candidate)],
    [formatValue(baseline)],
    changeCell(Number((candidate - baseline).toFixed(4)), true, formatValue),
  ]);
  return [{ kind: 'table', columns: [{ title: 'NDCG' }, ...sideColumns(names)], rows }];
}
