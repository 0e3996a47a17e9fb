import { usage } from './entry.ts';

/** The first ids of a problem, as the message lists them. */
interface Listed {
  readonly count: number;
  /** The first offending ids, the first of all included. */
  readonly ids?: readonly string[];
  /** Where each of these ids is, such as `row 7 of days.csv`; not known to everybody who finds the problem. */
  readonly places?: readonly string[];
}

/** The further ids, where there are more than one; an id of several columns is shown with its parts apart. */
function others({ count, ids = [], places = [] }: Listed): string {
  if (ids.length < 2) return '';
  const rest = ids.slice(1).map((id, index) => `"${shownId(id)}"${placed(places[index + 1])}`);
  return `; then ${rest.join(', ')}${count > ids.length ? ', …' : ''}`;
}

/** The first id, and where it is. */
function first({ id, places = [] }: { readonly id: string; readonly places?: readonly string[] }): string {
  return `"${shownId(id)}"${placed(places[0])}`;
}

function placed(place: string | undefined): string {
  return place === undefined || place === '' ? '' : ` (${place})`;
}

/** The parts of a compound id are kept apart by a character that nobody can read. */
function shownId(id: string): string {
  return id.replaceAll('\u001f', ' / ');
}

function inColumn(column: string | undefined): string {
  return column === undefined ? '' : ` (column "${column}")`;
}

/** Errors of lib/gate: predictions and holdouts that cannot be compared. Never a number instead. */
export const gateErrors = {
  E_PAIR_DUPLICATE_ID: usage((p: { side: string; id: string } & Listed) => ({
    message: `the ${p.side} has ${p.count} id(s) more than once, the first is ${first(p)}${others(p)}`,
    fix: 'Make the id unique: one row an example.',
  })),
  E_PAIR_MISSING_ID: usage((p: { side: string; id: string; rows: number } & Listed) => ({
    message: `the ${p.side} lacks ${p.count} of ${p.rows} ids, the first is ${first(p)}${others(p)}`,
    fix: 'Predict every example of the holdout; both sides are compared on the same rows.',
  })),
  E_PAIR_NULL_ID: usage((p: { side: string; row: number; count?: number; rows?: readonly number[]; of?: string }) => ({
    message: `the ${p.side} has no id in row ${(p.rows ?? [p.row]).join(', ')}${p.of === undefined ? '' : ` of ${p.of}`}${(p.count ?? 1) > (p.rows?.length ?? 1) ? ` … (${p.count} rows)` : ''}`,
    fix: 'Fill the id column, or leave the row out on both sides.',
  })),
  E_PAIR_LABELS_DIFFER: usage((p: { id: string } & Listed) => ({
    message: `the two files give different labels to ${p.count} id(s), the first is ${first(p)}${others(p)}`,
    fix: 'Make both files from the same holdout.',
  })),
  E_SCORE_NOT_FINITE: usage((p: { side: string; id: string; value: string; column?: string } & Listed) => ({
    message: `${p.count} score(s) of the ${p.side}${inColumn(p.column)} are not finite numbers, the first is ${p.value} of id ${first(p)}${others(p)}`,
    fix: 'Mend the predict command: every example needs a finite score.',
  })),
  E_SCORE_NOT_PROBABILITY: usage(
    (p: { side: string; id: string; value: number; metric: string; column?: string } & Listed) => ({
      message: `${p.count} score(s) of the ${p.side}${inColumn(p.column)} are outside 0 to 1, the first is ${p.value} of id ${first(p)}${others(p)}, and ${p.metric} needs probabilities`,
      fix: 'Predict probabilities, or gate on ranks alone (binary: roc_auc).',
    }),
  ),
  E_SCORE_SUM: usage((p: { side: string; columns: readonly string[]; id: string; value: number } & Listed) => ({
    message: `the probabilities of the ${p.side} (${p.columns.join(', ')}) do not add up to 1 in ${p.count} row(s), the first is ${p.value} of id ${first(p)}${others(p)}`,
    fix: 'Write the probability of every class; are they raw scores, or is a class left out?',
  })),
  E_SCORE_QUANTILES_CROSS: usage((p: { side: string; columns: readonly string[]; id: string } & Listed) => ({
    message: `the quantiles of the ${p.side} (${p.columns.join(', ')}) cross in ${p.count} row(s), the first is id ${first(p)}${others(p)}`,
    fix: 'A higher level has to be predicted at least as high: sort the predictions of a row, or look for swapped columns.',
  })),
  E_SCORE_COLUMNS: usage(
    (p: { side: string; missing: readonly string[]; wanted: readonly string[]; known: readonly string[] }) => ({
      message: `the ${p.side} has no column ${p.missing.map((name) => `"${name}"`).join(', ')}: it has ${p.known.join(', ')}`,
      fix: `Write one column for each score, in any order: ${p.wanted.join(', ')}.`,
    }),
  ),
  E_SCORE_CLASSES: usage((p: { side: string; unknown: readonly string[]; missing: readonly string[] }) => ({
    message: `the ${p.side} has probabilities of other classes: ${p.unknown.join(', ')}${p.missing.length === 0 ? '' : `, and none of ${p.missing.join(', ')}`}`,
    fix: 'Declare every class that a side knows in classes:, or train both sides on the same ones.',
  })),
  E_SCORE_CLASS_ORDER: usage((p: { side: string; columns: readonly string[]; classes: readonly string[] }) => ({
    message: `the columns of the ${p.side} (${p.columns.join(', ')}) are in another order than the classes (${p.classes.join(', ')})`,
    fix: 'Name them in the order of the classes, or leave them to be found by name.',
  })),
  E_SCORE_REVERSED: usage((p: { side: string; other: string; auc: number; otherAuc: number; rows: number }) => ({
    message: `the ${p.side}'s scores rank backwards on ${p.rows} rows: ROC AUC ${p.auc.toFixed(3)}, and the ${p.other} has ${p.otherAuc.toFixed(3)}, which is nearly 1 − ${p.auc.toFixed(3)}`,
    fix: 'Is "score" the probability of the other class? Write that of the target being 1 (true).',
  })),
  E_LABEL_NOT_BINARY: usage((p: { column: string; id: string; value: string } & Listed) => ({
    message: `${p.count} label(s) in "${p.column}" are neither 0 nor 1, the first is ${p.value} of id ${first(p)}${others(p)}`,
    fix: 'Make the target 0/1 or true/false, or set task: regression.',
  })),
  E_LABEL_CLASS: usage((p: { column: string; id: string; value: string; classes: readonly string[] } & Listed) => ({
    message: `${p.count} label(s) in "${p.column}" are none of the classes, the first is "${p.value}" of id ${first(p)}${others(p)}`,
    fix: `Known classes: ${p.classes.join(', ')}. Add it to classes:, or mend the label.`,
  })),
  E_LABEL_NOT_FINITE: usage((p: { column: string; id: string; value: string } & Listed) => ({
    message: `${p.count} label(s) in "${p.column}" are not finite numbers, the first is ${p.value} of id ${first(p)}${others(p)}`,
    fix: 'Make the target a number, or leave it empty where it is not known yet.',
  })),
  E_LABEL_RELEVANCE: usage((p: { column: string; id: string; value: string } & Listed) => ({
    message: `${p.count} relevance(s) in "${p.column}" are below 0, the first is ${p.value} of id ${first(p)}${others(p)}`,
    fix: 'A relevance is 0 (not relevant) or more.',
  })),
  E_WEIGHT: usage((p: { column: string; id: string; value: string } & Listed) => ({
    message: `${p.count} weight(s) in "${p.column}" are not above 0, the first is ${p.value} of id ${first(p)}${others(p)}`,
    fix: 'Give every row a weight above 0; leave a row that should not count out of the holdout.',
  })),
  E_QUERY_MISSING: usage((p: { column: string; id: string } & Listed) => ({
    message: `${p.count} row(s) have no query in "${p.column}", the first is id ${first(p)}${others(p)}`,
    fix: 'Fill the column that query: names: rows are ranked within their query.',
  })),
  E_QUERY_SPLIT: usage(
    (p: { column: string; query: string; clusters: string; id: string; places?: readonly string[] }) => ({
      message: `the query "${p.query}" of "${p.column}" is in more than one cluster (${p.clusters}), e.g. with id ${first(p)}`,
      fix: 'Clusters have to hold whole queries: cluster by something that a query belongs to (its day, its user), or by the query itself.',
    }),
  ),
  E_QUERY_WEIGHTS: usage((p: { column: string; id: string } & Listed) => ({
    message: `${p.count} row(s) have another weight in "${p.column}" than their query, the first is id ${first(p)}${others(p)}`,
    fix: 'A query counts as a whole: give all of its rows one weight.',
  })),
  E_SLICE_EMPTY: usage((p: { column: string; rows: number; id: string; places?: readonly string[] }) => ({
    message: `the slice column "${p.column}" is empty in all ${p.rows} rows, from id ${first(p)} on`,
    fix: 'Name a column that has values, or leave the slice out: nothing would be looked at.',
  })),
  E_HOLDOUT_EMPTY: usage((p: { dataset: string; detail: string }) => ({
    message: `the holdout of "${p.dataset}" has no labelled rows: ${p.detail}`,
    fix: 'Widen holdout.last, or bring newer data.',
  })),
  E_HOLDOUT_OVERLAP: usage((p: { dataset: string; id: string } & Listed) => ({
    message: `${p.count} example(s) of the holdout "${p.dataset}" were trained on, the first id is ${first(p)}${others(p)}`,
    fix: 'Take them out of the training data; a model knows what it was trained on.',
  })),
  E_HOLDOUT_DIFFERS: usage((p: { file: string; what: 'missing' | 'differs'; id: string } & Listed) => ({
    message:
      p.what === 'missing'
        ? `${p.file} is of another holdout: it lacks ${p.count} row(s) that are in it now, the first is id ${first(p)}${others(p)}`
        : `${p.file} is of another holdout: ${p.count} row(s) have another label, weight or query now, the first is id ${first(p)}${others(p)}`,
    fix: 'Score again: the data have changed since the file was made, or it was made from another commit.',
  })),
  E_GATE_METRIC_TASK: usage((p: { metric: string; task: string; known: readonly string[] }) => ({
    message: `the metric ${p.metric} does not fit a ${p.task} task`,
    fix: `Use one of: ${p.known.join(', ')}.`,
  })),
  E_GATE_METRIC_NEEDS: usage((p: { metric: string; needs: string; how: string }) => ({
    message: `the metric ${p.metric} needs ${p.needs}`,
    fix: p.how,
  })),
};
