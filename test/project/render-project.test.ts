import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseProject } from '../../lib/project/project.ts';
import { type ProjectPlan, renderProject } from '../../lib/project/render-project.ts';

const PLAN: ProjectPlan = {
  data: { flights: { path: 'data/flights/*.parquet', time: 'scheduled_at', id: ['flight_id'], labelDelay: 3 } },
  model: 'late',
  train: { run: 'python train.py', lock: 'requirements.txt' },
  predict: 'python predict.py',
  target: 'late',
  task: 'binary',
  holdout: { last: 56, halves: true },
  primary: 'roc_auc',
  guardrails: ['log_loss'],
  driftWindow: 7,
};

describe('assay.yaml', () => {
  it('is written as a person would write it', () => {
    expect(
      renderProject(PLAN),
    ).toBe(`# Every key: https://github.com/assay-ml/assay/blob/main/docs/reference/assay-yaml.md
data:
  flights:
    path: data/flights/*.parquet
    time: scheduled_at
    id: flight_id
    label_delay: 3d
models:
  late:
    train: { run: python train.py, data: flights, lock: [requirements.txt] }
    predict: python predict.py
    target: late
    holdout: { last: 56d } # the newest days, never trained on; one half for pull requests, one for promotions
    gate:
      primary: roc_auc
      guardrails: [log_loss]
    drift: { window: 7d }
`);
  });

  it('is read back as it was meant, whatever columns, paths and classes are called, in 20 lines at most', () => {
    const name = fc.string({ unit: 'binary', minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(
        name,
        name,
        name,
        fc.uniqueArray(name, { minLength: 2, maxLength: 4 }),
        name,
        (time, id, target, classes, sql) => {
          const text = renderProject({
            ...PLAN,
            data: { a: { path: `data/${id}`, sql, time, id: [id, 'b'] }, b: { path: time, id: [id] } },
            train: { run: target },
            target,
            task: 'multiclass',
            classes,
            holdout: { data: 'b', halves: true },
            primary: 'multiclass_log_loss',
            guardrails: ['multiclass_accuracy'],
          });
          const { data, models } = parseProject(text, '/repository').config;
          expect(data).toMatchObject({ a: { path: [`data/${id}`], sql, time, id: [id, 'b'] }, b: { path: [time] } });
          expect(models.late).toMatchObject({ target, classes, train: { run: target }, holdout: { data: 'b' } });
          expect(text.trimEnd().split('\n').length).toBeLessThanOrEqual(20);
        },
      ),
      { numRuns: 100 },
    );
  });
});
