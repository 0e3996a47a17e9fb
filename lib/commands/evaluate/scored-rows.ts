import { sha256 } from '../../digest.ts';
import { assayError } from '../../errors.ts';
import { pickScores } from '../../gate/evidence/paired-examples.ts';
import { SHOWN_ROWS } from '../../metrics/check-examples.ts';
import type { HoldoutRows } from './holdout-rows.ts';
import type { PredictionsFile } from './predictions-file.ts';

/** Hex digits that tell whether a row's label and weight are still the same; an accident is missed once in 4 billion. */
const CONTENT_DIGITS = 8;

/** Ascending ids of the rows that were scored, and what each of them was besides: a digest, no label. */
export function scoredRows({ ids, labels, parts }: HoldoutRows): NonNullable<PredictionsFile['rows']> {
  const contents = ids.map((id, row) => {
    const text = JSON.stringify([id, labels[row], parts.weights?.[row] ?? 1]);
    return sha256(text).slice('sha256:'.length, 'sha256:'.length + CONTENT_DIGITS);
  });
  return { ids: [...ids], contents };
}

/**
 * Takes a file's scores in the order of the rows that are asked now. The file may have more rows: a version that was
 * registered since moves the cut of the halves on. A row that it lacks, or that was another, makes it another holdout's.
 *
 * @returns what picks a side's scores (rows × width)
 * @throws E_HOLDOUT_DIFFERS with the first rows, E_DOCUMENT for a file that names none
 */
export function scoresOfRows(
  { holdout, rows: scored }: Pick<PredictionsFile, 'holdout' | 'rows'>,
  rows: HoldoutRows,
): (scores: readonly number[]) => Float64Array {
  if (holdout === rows.facts.digest) return (scores) => Float64Array.from(scores);
  const file = 'the predictions file';
  const reason = `it is of ${holdout}, not of ${rows.facts.digest}`;
  const another = assayError('E_DOCUMENT', { file, key: 'holdout', reason });
  if (scored === undefined) throw another;
  const { contents } = scoredRows(rows);
  const index = new Map(scored.ids.map((id, row) => [id, row]));
  const places = Int32Array.from(rows.ids, (id) => index.get(id) ?? -1);
  const refuse = (what: 'missing' | 'differs', isBad: (row: number) => boolean) => {
    const bad = rows.ids.filter((_id, row) => isBad(row));
    const [id] = bad;
    if (id === undefined) return;
    throw assayError('E_HOLDOUT_DIFFERS', { file, what, id, ids: bad.slice(0, SHOWN_ROWS), count: bad.length });
  };
  refuse('missing', (row) => places[row] === -1);
  refuse('differs', (row) => scored.contents[places[row] ?? 0] !== contents[row]);
  // The very same rows, and yet another digest: what differs is no row, so nobody can say that the scores are of this.
  if (scored.ids.length === rows.ids.length) throw another;
  return (scores) => pickScores(Float64Array.from(scores), places, scores.length / scored.ids.length);
}
