import { stringsOf } from '../../engine/collect.ts';
import { assayError } from '../../errors.ts';
import { orderById, rowsOfIds } from '../../gate/evidence/pair-by-id.ts';
import { pickTexts } from '../../gate/evidence/paired-examples.ts';
import { SHOWN_ROWS } from '../../metrics/check-examples.ts';
import type { CompareRequest } from './compare.ts';
import type { PlacedFile, PredictionFile } from './compare-file.ts';

/** Both files on the same examples, in ascending order of id. */
export interface PairedFiles {
  readonly ids: readonly string[];
  readonly candidate: PlacedFile;
  readonly baseline: PlacedFile;
  /** The one that has the label: the candidate's if both have it. */
  readonly labelled: PlacedFile;
}

/**
 * Pairs two files by id: both have the same ids, each once. A file that leaves examples out would choose its own exam.
 * Throws E_COMPARE_LABEL, E_PAIR_*.
 */
export function pairFiles(request: CompareRequest, candidate: PredictionFile, baseline: PredictionFile): PairedFiles {
  const having = [candidate, baseline].filter(({ frame }) => frame.columns.has(request.label));
  const [first] = having;
  if (first === undefined)
    throw assayError('E_COMPARE_LABEL', { label: request.label, files: [request.baseline, request.candidate] });
  const other = first === candidate ? baseline : candidate;
  const order = orderById(first.name, first.ids);
  // Ids without a null: `orderById` has seen them all.
  const theirs = rowsOfIds(other.name, first.ids as readonly string[], other.ids);
  if (other.ids.length > first.ids.length) requireNoMore(first, other);
  const ids = pickTexts(first.ids as readonly string[], order);
  const labelled = { ...first, rows: order };
  const placed = { ...other, rows: order.map((row) => theirs[row] as number) };
  const paired = {
    ids,
    labelled,
    candidate: first === candidate ? labelled : placed,
    baseline: first === candidate ? placed : labelled,
  };
  if (having.length === 2) requireSameLabels(request.label, paired);
  return paired;
}

/** The examples that have a label. */
export function keepRows({ ids, candidate, baseline, labelled }: PairedFiles, kept: Int32Array): PairedFiles {
  if (kept.length === ids.length) return { ids, candidate, baseline, labelled };
  const keep = (file: PlacedFile): PlacedFile => ({ ...file, rows: kept.map((at) => file.rows[at] as number) });
  return {
    ids: pickTexts(ids, kept),
    candidate: keep(candidate),
    baseline: keep(baseline),
    labelled: keep(labelled),
  };
}

function requireNoMore(side: PredictionFile, other: PredictionFile): void {
  const known = new Set(side.ids);
  const ids: string[] = [];
  let count = 0;
  for (const id of other.ids) {
    if (id !== null && !known.has(id) && count++ < SHOWN_ROWS) ids.push(id);
  }
  const [id] = ids;
  if (id !== undefined)
    throw assayError('E_PAIR_MISSING_ID', { side: side.name, id, ids, count, rows: other.ids.length });
}

function requireSameLabels(label: string, { ids, candidate, baseline }: PairedFiles): void {
  const ours = stringsOf(candidate.frame, label);
  const theirs = stringsOf(baseline.frame, label);
  const differing: string[] = [];
  let count = 0;
  ids.forEach((id, at) => {
    const one = labelText(ours[candidate.rows[at] as number] ?? null);
    if (one !== labelText(theirs[baseline.rows[at] as number] ?? null) && count++ < SHOWN_ROWS) differing.push(id);
  });
  const [id] = differing;
  if (id !== undefined) throw assayError('E_PAIR_LABELS_DIFFER', { id, ids: differing, count });
}

/** The same label in every way of writing it: one file may say `true` where the other says `1`. */
function labelText(value: string | null): string | null {
  const lower = value?.toLowerCase();
  return lower === 'true' ? '1' : lower === 'false' ? '0' : value;
}
