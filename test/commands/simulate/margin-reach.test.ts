import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { marginReach } from '../../../lib/commands/simulate/margin-reach.ts';
import { newRepository } from '../../git/repository.ts';
import { csv, type DaysOptions, rowsOf } from '../days.ts';
import { opened, treesYaml } from '../repository.ts';

/** Margins that a holdout of forty days and a few hundred rows can be held to. */
const WIDE = { roc_auc: 0.25, log_loss: 0.4 };

interface Case {
  readonly days: DaysOptions;
  readonly holdout: object;
  readonly margins?: object;
  readonly late?: (late: 0 | 1, index: number) => number;
}

async function reach({ days, holdout, margins = WIDE, late = (value) => value }: Case) {
  const rows = rowsOf(days).map((row, index) => ({ ...row, late: late(row.late, index) }));
  const { data, ...yaml } = treesYaml({ holdout, gate: { primary: 'roc_auc', guardrails: ['log_loss'], margins } });
  const { checks: _none, ...table } = data.days ?? {};
  const { folder } = await newRepository({
    'assay.yaml': stringify({ ...yaml, data: { days: table } }),
    'data/days.csv': csv(rows),
  });
  const { context, project } = await opened({ root: folder });
  return marginReach(context, project, 'late');
}

describe('whether margins can be reached', () => {
  it('they can: nothing is said', async () => {
    const found = await reach({ days: { days: 130, perDay: 8 }, holdout: { last: '80d' } });
    expect(found).toMatchObject({ rows: 320, clusters: 40, clusterUnit: 'day', warnings: [] });
    expect((found.positives ?? 0) + (found.negatives ?? 0)).toBe(320);
    expect(found.next).toBeUndefined();
  });

  it.each([
    [
      'hold out more where the data have the days',
      { days: { days: 200, perDay: 6 }, holdout: { last: '30d' } },
      'hold out more, holdout: { last: 40d }',
    ],
    [
      'give up the halves where they have them for one',
      { days: { days: 70, perDay: 6 }, holdout: { last: '30d' } },
      'give up the halves, holdout: { last: 20d, halves: false }',
    ],
    [
      'wait where they have not: two days come in for each that is held out',
      { days: { days: 24, perDay: 8 }, holdout: { last: '12d', halves: false } },
      'wait until 2024-02-10, when the data have days for holdout: { last: 20d }',
    ],
  ] as const)('%s', async (_what, given, next) => {
    const { warnings, next: said } = await reach(given);
    expect(warnings[0]).toMatch(
      /^the holdout that a pull request is judged on has \d+ days; fewer than 20 are never judged$/,
    );
    expect(said).toContain(next);
  });

  it('allow more where years of days would be needed, by the names and numbers that would do', async () => {
    const { warnings, next } = await reach({ days: { days: 130, perDay: 8 }, holdout: { last: '56d' }, margins: {} });
    expect(warnings).toEqual([
      expect.stringMatching(
        /^with 28 days, a model whose ROC AUC is truly 0\.01 better passes \d+ times in 100; \d+ days would give 80$/,
      ),
      expect.stringMatching(/^with 28 days, a model whose log loss is truly the same/),
    ]);
    const margins = /^allow more, margins: \{ roc_auc: ([\d.]+), log_loss: ([\d.]+) \}$/.exec(next ?? '');
    expect(margins).not.toBeNull();
    const wider = { roc_auc: 1.05 * Number(margins?.[1]), log_loss: 1.05 * Number(margins?.[2]) };
    const after = await reach({ days: { days: 130, perDay: 8 }, holdout: { last: '56d' }, margins: wider });
    expect(after.warnings).toEqual([]);
  });

  it('says when a class is hardly there', async () => {
    const { warnings, next } = await reach({
      days: { days: 130, perDay: 8 },
      holdout: { last: '80d' },
      late: (_late, index) => (index % 100 === 7 ? 1 : 0),
    });
    expect(warnings[0]).toMatch(
      /^the holdout that a pull request is judged on has 4 positives; fewer than 20 are never judged$/,
    );
    // Forty days have four: two hundred have twenty, in either half, and as many days again
    // are left for training: 800 days from 2024-01-01 on.
    expect(next).toContain('wait until 2026-03-11, when the data have days for holdout: { last: 400d }');
  });
});
