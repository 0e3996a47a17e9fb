import { describe, expect, test } from 'vitest';
import { parseProject } from '../../lib/project/project.ts';
import { GOOD, refusal } from './good-project.ts';

/** The good project with a command, other keys of the model, and another gate. */
function project(keys: string, gate = '{}', train = '{ run: python train.py, data: flights }'): string {
  return GOOD.replace('{ trainer: trees, data: flights }', train)
    .replace('    target: late\n', `    target: late\n    predict: python predict.py\n${keys}`)
    .replace(/ {4}gate:\n[\s\S]*$/, `    gate: ${gate}\n`);
}
const TREES = '{ trainer: trees, data: flights }';
const MULTI = '    task: multiclass\n    classes: [a, b]\n';

describe('what a task needs, what it has no use for, and what cannot learn it', () => {
  test.each<[string, string, RegExp]>([
    ['classes', project('    task: multiclass\n'), /"models\.late\.task".*multiclass needs classes:/],
    ['one class', project('    task: multiclass\n    classes: [a]\n'), /classes/],
    ['a class twice', project('    task: multiclass\n    classes: [a, b, a]\n'), /classes.*each class once/],
    ['levels', project('    task: quantile\n'), /quantile needs levels:/],
    ['a level of 1', project('    task: quantile\n    levels: [0.5, 1]\n'), /levels/],
    ['levels in another order', project('    task: quantile\n    levels: [0.9, 0.1]\n'), /levels.*ascending/],
    ['a query', project('    task: ranking\n'), /ranking needs query:/],
    ['a query for classes', project(`${MULTI}    query: q\n`), /query".*belongs to task: ranking/],
    ['a season of numbers', project('    task: regression\n    season: 7\n'), /season".*belongs to task: forecast/],
    ['trees for classes', project(MULTI, '{}', TREES), /train\.trainer".*no built-in trainer learns multiclass/],
    ['a metric of another task', project(MULTI, '{ primary: rmse }'), /rmse does not fit a multiclass task/],
    [
      'a floor of another task',
      project(MULTI, '{ floors: { roc_auc: 0.7 } }'),
      /roc_auc does not fit a multiclass task/,
    ],
    [
      'a threshold for numbers',
      project('    task: regression\n', '{ choose_threshold: { objective: f1 } }'),
      /choose_threshold".*binary/,
    ],
    [
      'a threshold without halves',
      project('', '{ choose_threshold: { objective: f1 } }').replace('{ last: 56d }', '{ last: 56d, halves: false }'),
      /choose_threshold".*halves/,
    ],
    ['a recall to be best at', project('', '{ choose_threshold: { objective: recall } }'), /precision_at_least/],
  ])('%s', (_what, text, message) => {
    expect(refusal(text)).toMatchObject({ code: 'E_PROJECT_VALUE', message: expect.stringMatching(message) });
  });
});

describe("what a task's gate is when nothing is said", () => {
  test.each<[string, string, string[]]>([
    ['', 'roc_auc', ['log_loss']],
    [MULTI, 'multiclass_log_loss', ['multiclass_accuracy']],
    ['    task: regression\n', 'rmse', ['mae']],
    ['    task: quantile\n    levels: [0.1, 0.9]\n', 'pinball_loss', ['interval_score']],
    ['    task: ranking\n    query: q\n', 'ndcg_10', ['mrr']],
    ['    task: forecast\n    series: shop\n', 'mae', ['rmse']],
  ])('%j', (keys, primary, guardrails) => {
    expect(parseProject(project(keys), '/repo').config.models.late?.gate).toMatchObject({ primary, guardrails });
  });

  test('who names a primary metric names the guardrails too', () => {
    const { config } = parseProject(project(MULTI, '{ primary: f1_macro }'), '/repo');
    expect(config.models.late?.gate).toMatchObject({ primary: 'f1_macro', guardrails: [] });
  });

  test('classes are texts, however YAML reads them', () => {
    const { config } = parseProject(project('    task: multiclass\n    classes: [1, 2.5, true, no]\n'), '/repo');
    expect(config.models.late?.classes).toEqual(['1', '2.5', 'true', 'no']);
  });
});
