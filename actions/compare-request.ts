import type { CompareRequest } from '../lib/commands/compare/compare.ts';
import { SCORE_COLUMN } from '../lib/commands/evaluate/score-model.ts';
import { flag, list, numbers, optional, required } from './io.ts';

/** The inputs of the mode without assay.yaml; undefined when no prediction file is named. Throws E_INPUT_*. */
export function compareRequest(workspace: string): CompareRequest | undefined {
  const candidate = optional('candidate-predictions');
  if (candidate === undefined) return undefined;
  const threshold = optional('threshold');
  const season = optional('season');
  const [scores, classes, levels] = [list('score'), list('classes'), list('levels')];
  return {
    cwd: workspace,
    candidate,
    baseline: required('baseline-predictions'),
    label: required('label'),
    id: list('id').length === 0 ? [required('id')] : list('id'),
    cluster: optional('cluster'),
    score: scores[0] ?? SCORE_COLUMN,
    scores: scores.length === 0 ? undefined : scores,
    task: optional('task'),
    classes: classes.length === 0 ? undefined : classes,
    levels: levels.length === 0 ? undefined : levels.map(Number),
    query: optional('query'),
    weight: optional('weight'),
    slices: list('slices'),
    metrics: list('metrics'),
    margins: numbers('margins'),
    require: optional('require'),
    threshold: threshold === undefined ? undefined : Number(threshold),
    rules: optional('rules'),
    history: optional('history'),
    time: optional('time'),
    series: optional('series'),
    season: season === undefined ? undefined : Number(season),
    examples: flag('examples'),
  };
}
