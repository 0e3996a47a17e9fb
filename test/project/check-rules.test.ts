import { describe, expect, test } from 'vitest';
import { AssayError } from '../../lib/errors.ts';
import { parseProject } from '../../lib/project/project.ts';

const yaml = (gate: string, { task = 'binary', time = 'time: at, ' } = {}) => `data:
  days: { path: days.csv, ${time}id: id }
  held: { path: held.csv, ${time}id: id }
models:
  late:
    train: { trainer: trees, data: days }
    target: late
    task: ${task}
    holdout: { data: held }
    gate: ${gate}
`;

function refusal(text: string): AssayError {
  try {
    parseProject(text, '/project');
  } catch (error) {
    if (error instanceof AssayError) return error;
    throw error;
  }
  throw new Error('it was taken');
}

describe('rules that the model contradicts', () => {
  test.each([
    [
      'a floor of another task',
      '{ primary: roc_auc, floors: { rmse: 3 } }',
      {},
      /gate\.floors\.rmse.*does not fit a binary/,
    ],
    ['a margin of another task', '{ primary: roc_auc, margins: { mae: 3 } }', {}, /gate\.margins\.mae.*does not fit/],
    [
      'a gap of another task',
      '{ primary: rmse, fairness: [{ column: region, metric: f1 }] }',
      { task: 'regression' },
      /gate\.fairness.*f1 does not fit a regression/,
    ],
    [
      'calibration of numbers',
      '{ primary: rmse, calibration: { max_ece: 0.1 } }',
      { task: 'regression' },
      /gate\.calibration.*only a binary task/,
    ],
    [
      'days and groups',
      '{ primary: roc_auc, cluster: user, time_series: { block: 7d } }',
      {},
      /gate\.time_series.*cluster:/,
    ],
    [
      'days without a time',
      '{ primary: roc_auc, time_series: { block: 7d } }',
      { time: '' },
      /gate\.time_series.*time:/,
    ],
  ])('%s', (_name, gate, model, message) => {
    const error = refusal(yaml(gate, model));
    expect(error).toMatchObject({ code: 'E_PROJECT_VALUE', exitCode: 2 });
    expect(error.message).toMatch(message);
    expect(error.message).toMatch(/assay\.yaml:\d+/);
  });

  test('are taken where they fit', () => {
    const gate =
      '{ primary: roc_auc, floors: { log_loss: 0.6 }, margins: { f1: 0.02 }, seeds: 3, creep: false, ' +
      'fairness: [{ column: region, metric: f1 }], calibration: { max_ece: 0.1 }, time_series: { block: 7d }, ' +
      'budgets: { latency_p95: 50ms, size: 100MB } }';
    const { config } = parseProject(yaml(gate), '/project');
    expect(config.models.late?.gate).toMatchObject({
      time_series: { block: 7 },
      budgets: { latency_p95: 50, size: 100_000_000 },
    });
  });

  test('a key that is misspelt is told, with what was meant', () => {
    const error = refusal(yaml('{ primary: roc_auc, budgets: { latency_95: 50ms } }'));
    expect(error.code).toBe('E_PROJECT_UNKNOWN_KEY');
    expect(`${error.message} ${error.fix}`).toMatch(/latency_p95/);
  });
});
