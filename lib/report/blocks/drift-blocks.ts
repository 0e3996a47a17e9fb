import type { DriftReport, DriftResult, Window } from '../../drift/drift-report.ts';
import { shiftRowsOf } from '../figures/shift-figure.ts';
import { formatDays } from '../words/date-format.ts';
import { driftSentenceOf } from '../words/drift-sentence.ts';
import { driftReasonWords, quantityWords, sizeWords } from '../words/drift-words.ts';
import { metricWords } from '../words/metric-words.ts';
import { counted, decimalsOfInterval, formatNumber, formatPValue, formatShare } from '../words/number-format.ts';
import { VERDICT_WORDS } from '../words/verdict-words.ts';
import type { Block, Blocks, Column } from './block.ts';
import { shortDigest } from './how-decided.ts';
import { code, mark, type Text, toned } from './span.ts';

/** Rows of one table; a dataset of thousands of columns is listed up to here. */
const MOST_ROWS = 200;

/** The verdict of a drift report as the first thing of a page. */
export function driftVerdict(report: DriftReport): Block {
  const { lead, finding } = driftSentenceOf(report);
  return { kind: 'verdict', verdict: report.verdict, subject: report.model, lead, text: finding };
}

export function driftNext(report: DriftReport): Block {
  return { kind: 'next', text: driftSentenceOf(report).next };
}

/** What was found, group by group: what alarms, what moved, what is real but too small, what cannot be told, the rest. */
export function driftBlocks(report: DriftReport): Blocks {
  const groups = grouped(report.results);
  return [
    windowsBlock(report),
    ...report.warnings.map((warning): Block => ({ kind: 'paragraph', tone: 'warn', text: [warning] })),
    ...lossBlocks(report),
    ...figure(report),
    ...titled('Alarms', groups.alarms),
    ...titled('Moved', groups.moved),
    ...titled('New or seasonal: cannot tell', groups.seasonal),
    ...folded('Real changes, too small to matter', groups.small),
    ...folded('Moved, but no more than before', groups.usual),
    ...folded('Too little to judge', groups.unjudged),
    ...folded('Steady', groups.steady),
    howBlock(report),
  ];
}

function figure({ results }: DriftReport): Blocks {
  const rows = shiftRowsOf(results);
  return rows.length === 0 ? [] : [{ kind: 'shifts', rows }];
}

interface Groups {
  readonly alarms: DriftResult[];
  readonly moved: DriftResult[];
  readonly seasonal: DriftResult[];
  readonly small: DriftResult[];
  readonly usual: DriftResult[];
  readonly unjudged: DriftResult[];
  readonly steady: DriftResult[];
}

function grouped(results: readonly DriftResult[]): Groups {
  const groups: Groups = { alarms: [], moved: [], seasonal: [], small: [], usual: [], unjudged: [], steady: [] };
  for (const result of results) groups[groupOf(result)].push(result);
  return groups;
}

function groupOf({ verdict, reason }: DriftResult): keyof Groups {
  if (verdict === 'fail' || verdict === 'error') return 'alarms';
  if (reason === 'new-or-seasonal') return 'seasonal';
  if (verdict === 'warn') return 'moved';
  if (reason === 'significant-but-small') return 'small';
  if (reason === 'within-past-range' || reason === 'near-past-range') return 'usual';
  return verdict === 'pass' ? 'steady' : 'unjudged';
}

function titled(title: string, results: readonly DriftResult[]): Blocks {
  return results.length === 0 ? [] : [{ kind: 'heading', text: [title] }, resultTable(results), ...cut(results)];
}

function folded(title: string, results: readonly DriftResult[]): Blocks {
  if (results.length === 0) return [];
  return [{ kind: 'fold', title: [`${title}: ${results.length}`], blocks: [resultTable(results), ...cut(results)] }];
}

function cut(results: readonly DriftResult[]): Blocks {
  const left = results.length - MOST_ROWS;
  return left <= 0 ? [] : [{ kind: 'paragraph', tone: 'muted', text: [`and ${left} more, in the JSON report.`] }];
}

/** Columns that say nothing in any row are left out. */
function resultTable(all: readonly DriftResult[]): Block {
  const results = all.slice(0, MOST_ROWS);
  const shares = results.some(({ quantity }) => quantity !== 'distance');
  const places = results.some(({ where }) => where !== undefined);
  const right = (title: string): Column => ({ title, align: 'right' });
  return {
    kind: 'table',
    columns: [
      { title: 'column' },
      ...(shares ? [right('before'), right('now')] : []),
      right('change'),
      right('at least'),
      right('matters from'),
      ...(places ? [{ title: 'most at' }] : []),
      { title: 'result' },
    ],
    rows: results.map((result) => resultRow(result, shares, places)),
  };
}

const NONE: Text = [toned('muted', '–')];

function resultRow(result: DriftResult, shares: boolean, places: boolean): Text[] {
  const { reference, current, value, lower, warnAt, where, verdict, quantity } = result;
  const share = (value: number | undefined): Text =>
    value === undefined || quantity === 'distance' ? NONE : [formatShare(value)];
  const judged = verdict === 'pass' || verdict === 'warn' || verdict === 'fail';
  return [
    quantityWords(result),
    ...(shares ? [share(reference), share(current)] : []),
    judged ? [sizeWords(result, value)] : NONE,
    judged ? [sizeWords(result, lower)] : NONE,
    [sizeWords(result, warnAt)],
    ...(places ? [where === undefined ? NONE : [code(where)]] : []),
    [mark(verdict, driftReasonWords(result))],
  ];
}

function lossBlocks({ loss }: DriftReport): Blocks {
  if (loss === undefined) {
    return [
      {
        kind: 'paragraph',
        tone: 'muted',
        text: ['The model’s own loss could not be measured: there are no labels for this window yet.'],
      },
    ];
  }
  const decimals = decimalsOfInterval(loss, loss.margin, [0, loss.margin]);
  const number = (value: number): string => formatNumber(value, decimals);
  const { word } = VERDICT_WORDS[loss.verdict];
  return [
    {
      kind: 'table',
      columns: [
        { title: 'the model itself' },
        { title: 'when registered', align: 'right' },
        { title: 'now', align: 'right' },
        { title: 'plausible change for the worse' },
        { title: 'allowed', align: 'right' },
        { title: 'result' },
      ],
      rows: [
        [
          [{ kind: 'strong', text: [metricWords(loss.metric)] }],
          [number(loss.reference)],
          [number(loss.current)],
          [`${number(loss.lower)} to ${number(loss.upper)}`],
          [number(loss.margin)],
          [mark(loss.verdict, loss.verdict === 'fail' ? 'worse' : loss.verdict === 'pass' ? 'holds' : word)],
        ],
      ],
    },
    {
      kind: 'paragraph',
      tone: 'muted',
      text: [`Loss on ${counted(loss.rows, 'labelled row')} over ${counted(loss.clusters, 'day')}.`],
    },
  ];
}

function windowsBlock({ stage, version, dataset, current, reference }: DriftReport): Block {
  const span = ({ from, to, rows, days }: Window): string =>
    `${formatDays(from, to)} (${counted(rows, 'row')} over ${counted(days, 'day')})`;
  return {
    kind: 'paragraph',
    tone: 'muted',
    text: [
      code(dataset),
      `, ${span(current)}, against what `,
      code(version),
      ` (${stage}) was registered with, ${span(reference)}.`,
    ],
  };
}

function howBlock({ profile, results, retrain }: DriftReport): Block {
  const adjusted = results.flatMap(({ pAdjusted }) => pAdjusted ?? []);
  return {
    kind: 'fold',
    title: ['How this was decided'],
    blocks: [
      { kind: 'paragraph', text: [DISTANCE_WORDS] },
      {
        kind: 'facts',
        entries: [
          ['shift', ['Kolmogorov–Smirnov distance for numbers, total variation for categories']],
          ['at least', ['lower 97.5 % limit, whole days as blocks']],
          ...(adjusted.length === 0
            ? []
            : [
                [
                  'smallest p',
                  [`${formatPValue(Math.min(...adjusted))}, Benjamini–Hochberg over all columns`],
                ] as const,
              ]),
          ['retraining', [retrainWords(retrain)]],
          ['profile', [code(shortDigest(profile))]],
        ],
      },
    ],
  };
}

const DISTANCE_WORDS =
  'A shift of 0.10 means that about a tenth of the rows would have to change their value to look like before. A column ' +
  'counts as drifted when the change is sure, when even its lower limit is large enough to matter, and when it is more ' +
  'than past windows differed among themselves.';

const RETRAIN_WORDS: Readonly<Record<string, string>> = {
  'no-labels': 'there are no labels for this window yet',
  'loss-within-margin': 'the model’s loss is within what is allowed',
  'exceeded-once': 'the loss is above what is allowed in one window only; two of the last three propose it',
  'cooling-down': 'it was proposed a short while ago',
  'loss-exceeded': 'the loss is above what is allowed in two of the last three windows',
};

function retrainWords({ proposed, reason }: DriftReport['retrain']): string {
  const words = Object.hasOwn(RETRAIN_WORDS, reason) ? RETRAIN_WORDS[reason] : reason.replaceAll('-', ' ');
  return `${proposed ? 'proposed' : 'not proposed'}: ${words}`;
}
