import type { Decision } from '../../gate/decision.ts';
import type { ChangedRow, Evidence } from '../../gate/evidence/evidence.ts';
import type { Evaluation } from '../evaluation.ts';
import { evidenceFigures } from '../figures/evidence-charts.ts';
import { counted, formatCount, formatValue } from '../words/number-format.ts';
import { sideNames } from '../words/side-names.ts';
import type { Block, Blocks } from './block.ts';
import { evidenceTables } from './evidence-tables.ts';
import { code, joined, type Text, toned } from './span.ts';

/** What stands between the parts of an id of several columns, and how a page shows it. */
const ID_SEPARATOR = '\u001f';

/** The evidence of a decision: the one with its three digests. */
export function evidenceOf(
  { model, holdout, candidate, baseline }: Decision,
  { evidence = [] }: Pick<Evaluation, 'evidence'>,
): Evidence | undefined {
  return evidence.find(
    (one) =>
      one.model === model &&
      one.holdout === holdout.digest &&
      one.candidate === candidate.predictions &&
      one.baseline === baseline.predictions,
  );
}

/** What changed in the predictions, in numbers, pictures and examples: folded on a page of text, open on a drawn one. */
export function evidenceBlocks(decision: Decision, evidence: Evidence | undefined): Blocks {
  if (evidence === undefined) return [];
  const names = sideNames(decision);
  const { findings, changed, rows } = evidence;
  // Two pictures of the same thing say nothing.
  if (changed.changed === 0)
    return [{ kind: 'paragraph', text: [`Both sides predict the same, on all ${counted(rows, 'row')}.`] }];
  return [
    {
      kind: 'fold',
      open: true,
      title: [`Predictions: ${changeTitle(evidence)}`],
      blocks: [
        ...evidenceTables(findings, names),
        { kind: 'figures', figures: evidenceFigures(findings, names) },
        ...changedBlocks(evidence, decision),
      ],
    },
  ];
}

function changeTitle({ changed: { unit, changed, calls }, rows, findings }: Evidence): string {
  if (calls !== undefined)
    return `${formatCount(calls.toRight)} calls turned right, ${formatCount(calls.toWrong)} turned wrong`;
  if (findings.task === 'ranking')
    return `better in ${formatCount(findings.queries.better)} queries, worse in ${formatCount(findings.queries.worse)}`;
  return `${formatCount(changed)} of ${counted(rows, unit)} differ`;
}

/** The predictions that changed most: their ids, and what was said of them where the configuration allows it. */
function changedBlocks({ changed }: Evidence, decision: Decision): Blocks {
  const { worse, better, unit } = changed;
  if (worse.length + better.length === 0) return [{ kind: 'paragraph', tone: 'muted', text: [UNNAMED_WORDS] }];
  const [first] = [...worse, ...better];
  const groups: (readonly [string, readonly ChangedRow[]])[] = [
    ['worse', worse],
    ['better', better],
  ];
  const kept = groups.filter(([, rows]) => rows.length > 0);
  const by = unit === 'query' ? ', queries by their first row' : '';
  return [
    { kind: 'heading', text: [`Changed most${by}`] },
    ...(first?.values === undefined
      ? [
          { kind: 'facts', entries: kept.map(([word, rows]) => [`got ${word}`, idsOf(rows)] as const) } satisfies Block,
          { kind: 'paragraph', tone: 'muted', text: [IDS_ONLY_WORDS] } satisfies Block,
        ]
      : [valuesTable(kept, decision, unit)]),
  ];
}

const UNNAMED_WORDS =
  'No row is named: looks at these examples are counted, and who knew them could train for the exam.';

const IDS_ONLY_WORDS = 'Ids only; reports show labels and predictions where holdout.examples (or --examples) is set.';

function idsOf(rows: readonly ChangedRow[]): Text {
  return joined(
    rows.map(({ id }) => [code(shownId(id))]),
    ' ',
  );
}

function shownId(id: string): string {
  return id.replaceAll(ID_SEPARATOR, ' / ');
}

function valuesTable(
  groups: readonly (readonly [string, readonly ChangedRow[]])[],
  decision: Decision,
  unit: 'row' | 'query',
): Block {
  const names = sideNames(decision);
  // The best that a query can have is 1: nothing to tell.
  const truth = unit === 'row';
  return {
    kind: 'table',
    columns: [
      { title: unit },
      ...(truth ? [{ title: 'truth', align: 'right' } as const] : []),
      { title: truth ? names.candidate : `NDCG, ${names.candidate}`, align: 'right' },
      { title: truth ? names.baseline : `NDCG, ${names.baseline}`, align: 'right' },
      { title: 'got' },
    ],
    rows: groups.flatMap(([word, rows]) =>
      rows.map(({ id, values }): Text[] => [
        [code(shownId(id))],
        ...(truth ? [[valueWords(values?.label)]] : []),
        [valueWords(values?.candidate)],
        [valueWords(values?.baseline)],
        [toned(word === 'better' ? 'good' : 'bad', word)],
      ]),
    ),
  };
}

function valueWords(value: number | string | undefined): string {
  return typeof value === 'number' ? formatValue(value) : (value ?? '–');
}
