import { assayError } from '../../errors.ts';
import { SHOWN_ROWS } from '../../metrics/check-examples.ts';
import { pickScores } from './paired-examples.ts';

type Ids = readonly (string | null)[];

/** One side's scores as they were read: any order, one entry a row. */
export interface ScoredIds {
  readonly ids: Ids;
  /** rows × `width`, row after row. */
  readonly scores: Float64Array;
  /** Scores of a row; 1 when left out. */
  readonly width?: number;
  /** The names of the scores' columns, for messages. */
  readonly columns?: readonly string[];
}

/** Row number of every id; throws E_PAIR_NULL_ID and E_PAIR_DUPLICATE_ID naming the first offenders. */
export function indexIds(side: string, ids: Ids): Map<string, number> {
  requireAll(side, ids);
  const rows = new Map<string, number>();
  const repeated: string[] = [];
  let count = 0;
  for (let row = 0; row < ids.length; row++) {
    const id = ids[row] as string;
    // One look-up a row: whether the map grew says whether the id is new.
    rows.set(id, row);
    if (rows.size + count > row) continue;
    count++;
    if (repeated.length < SHOWN_ROWS && !repeated.includes(id)) repeated.push(id);
  }
  refuseRepeated(side, repeated, count);
  return rows;
}

/**
 * The rows of a table in ascending order of id (by UTF-16 code units, as `<` has it). Throws E_PAIR_NULL_ID and
 * E_PAIR_DUPLICATE_ID.
 */
export function orderById(side: string, ids: Ids): Int32Array {
  requireAll(side, ids);
  const order = Int32Array.from({ length: ids.length }, (_none, row) => row);
  const idAt = (place: number): string => ids[order[place] as number] as string;
  let isSorted = true;
  for (let place = 1; place < order.length && isSorted; place++) isSorted = idAt(place - 1) <= idAt(place);
  if (!isSorted) order.sort((a, b) => ((ids[a] as string) < (ids[b] as string) ? -1 : 1));
  const repeated: string[] = [];
  let count = 0;
  for (let place = 1; place < order.length; place++) {
    if (idAt(place - 1) !== idAt(place)) continue;
    count++;
    if (repeated.length < SHOWN_ROWS && repeated.at(-1) !== idAt(place)) repeated.push(idAt(place));
  }
  refuseRepeated(side, repeated, count);
  return order;
}

/**
 * Where a side has each of the wanted ids. Files that were written from one table have them in the same places, and
 * then no index is needed. Throws E_PAIR_NULL_ID, E_PAIR_DUPLICATE_ID, E_PAIR_MISSING_ID.
 *
 * @param wanted without repetition
 */
export function rowsOfIds(side: string, wanted: readonly string[], ids: Ids): Int32Array {
  const rows = new Int32Array(wanted.length);
  if (wanted.length === ids.length && wanted.every((id, row) => id === ids[row])) {
    return rows.map((_none, row) => row);
  }
  const index = indexIds(side, ids);
  const missing: string[] = [];
  let count = 0;
  for (let i = 0; i < wanted.length; i++) {
    const row = index.get(wanted[i] as string);
    if (row !== undefined) rows[i] = row;
    else if (count++ < SHOWN_ROWS) missing.push(wanted[i] as string);
  }
  const [id] = missing;
  if (id !== undefined) throw assayError('E_PAIR_MISSING_ID', { side, id, ids: missing, count, rows: wanted.length });
  return rows;
}

/**
 * A side's scores in the order of `ids`. Scores for other ids are ignored: a prediction file may cover more.
 * Throws E_PAIR_* and E_SCORE_NOT_FINITE, never drops an example.
 *
 * @param ids without repetition
 */
export function scoresInOrder(side: string, ids: readonly string[], scored: ScoredIds): Float64Array {
  const rows = rowsOfIds(side, ids, scored.ids);
  const scores = pickScores(scored.scores, rows, scored.width ?? 1);
  requireFinite(side, ids, scores, scored);
  return scores;
}

/** Throws E_SCORE_NOT_FINITE naming the rows (not the scores) that have one. */
export function requireFinite(
  side: string,
  ids: readonly string[],
  scores: Float64Array,
  { width = 1, columns = [] }: Pick<ScoredIds, 'width' | 'columns'>,
): void {
  const first = scores.findIndex((score) => !Number.isFinite(score));
  if (first < 0) return;
  const offending: string[] = [];
  let count = 0;
  for (let row = 0; row < ids.length; row++) {
    if (scores.subarray(row * width, (row + 1) * width).every(Number.isFinite)) continue;
    if (count++ < SHOWN_ROWS) offending.push(ids[row] as string);
  }
  const column = columns[first % width];
  throw assayError('E_SCORE_NOT_FINITE', {
    side,
    id: offending[0] ?? '',
    ids: offending,
    value: String(scores[first]),
    count,
    ...(column === undefined ? {} : { column }),
  });
}

function requireAll(side: string, ids: Ids): void {
  const first = ids.indexOf(null);
  if (first < 0) return;
  const rows: number[] = [];
  let count = 0;
  for (let row = first; row < ids.length; row++) {
    if (ids[row] === null && count++ < SHOWN_ROWS) rows.push(row + 1);
  }
  throw assayError('E_PAIR_NULL_ID', { side, row: first + 1, rows, count });
}

function refuseRepeated(side: string, ids: readonly string[], count: number): void {
  const [id] = ids;
  if (id !== undefined) throw assayError('E_PAIR_DUPLICATE_ID', { side, id, ids, count });
}
