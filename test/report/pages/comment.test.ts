import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { COMMENT_CHARACTERS, pullRequestComment } from '../../../lib/report/pages/comment.ts';
import { evaluationSummary } from '../../../lib/report/pages/job-summary.ts';
import { shed } from '../../../lib/report/pages/shed.ts';
import { betterDecision, comparison, decision, worseDecision } from '../fixtures/decisions.ts';
import { evaluation } from '../fixtures/evaluations.ts';
import { multiclassTold } from '../fixtures/evidence.ts';
import { brokenValidation } from '../fixtures/validations.ts';

describe('shed', () => {
  const sections = [
    { text: 'verdict', rank: 0 },
    { text: 't'.repeat(50), rank: 1, name: 'the table' },
    { text: 's'.repeat(500), rank: 2, name: 'the slices' },
    { text: 'footer', rank: 0 },
  ];
  test.each([
    [1_000, /^verdict\n\nt+\n\ns+\n\nfooter$/],
    [300, /^verdict\n\nt+\n\nfooter\n\n<sub>Left out for length: the slices\. .*<\/sub>$/],
    [120, /^verdict\n\nfooter\n\n<sub>Left out for length: the table, the slices\. .*<\/sub>$/],
    [30, /^too long$/],
  ])('within %d characters', (limit, expected) => {
    const page = shed(sections, limit, 'too long');
    expect(page).toMatch(expected);
    expect(page.length).toBeLessThanOrEqual(limit);
  });
});

/** A decision with as many slices as a careless configuration makes, all with long names. */
function manySlices(count: number): ReturnType<typeof decision> {
  const slices = Array.from({ length: count }, (_, index) =>
    comparison({
      role: 'slice',
      requirement: 'no-harm',
      slice: { column: 'customer|segment', value: `${index} ${'`|<!--'.repeat(40)}` },
      lower: -0.01,
      upper: 0.01,
    }),
  );
  return decision({ comparisons: [...worseDecision().comparisons, ...slices], because: { comparison: 1 } });
}

describe('pullRequestComment', () => {
  test('begins with the verdict and has Next last before what is folded', () => {
    const lines = pullRequestComment(evaluation()).split('\n');
    expect(lines[0]).toMatch(/^\*\*✅ `late` · Good to merge:\*\* ROC AUC improves by 0\.021/);
    const next = lines.findIndex((line) => line.startsWith('**Next:**'));
    const fold = lines.indexOf('<details>');
    expect(next).toBeGreaterThan(0);
    expect(lines.slice(next + 1, fold).join('')).toBe('');
  });

  test('says that a critical slice is not clear, beside those without harm', () => {
    const critical = comparison({
      ...{ role: 'critical-slice', slice: { column: 'carrier', value: 'HA' }, lower: -0.02, upper: 0.03 },
      ...{ requirement: 'not-worse', verdict: 'inconclusive', reason: 'too-wide' },
    });
    const whole = decision({ comparisons: [...worseDecision().comparisons, critical], because: { comparison: 1 } });
    expect(pullRequestComment(evaluation({ decisions: [whole] }))).toMatch(/Slices: .*, 1 critical one not clear/);
  });

  test('lists the worst slices and says how many more there are', () => {
    const page = pullRequestComment(evaluation({ decisions: [manySlices(300)] }));
    expect(page).toContain('Slices: harm shown in 1 of 302 slices');
    expect(page).toContain('273 more are in the job summary and in the report.');
    const rows = page.split('\n').filter((line) => line.startsWith('| `carrier`') || line.startsWith('| <code>'));
    expect(rows).toHaveLength(30);
    expect(rows[0]).toContain('`carrier` `UA`');
  });

  test('two hundred classes and five hundred slices are within the limit', () => {
    const { decision: one, evidence } = multiclassTold(200, 4_000);
    const decisions = [{ ...one, comparisons: [...one.comparisons, ...manySlices(500).comparisons.slice(2)] }];
    const page = pullRequestComment(evaluation({ decisions, evidence: [evidence] }));
    expect(page.length).toBeLessThanOrEqual(COMMENT_CHARACTERS);
    expect(page).toContain('Predictions: ');
    expect(page).toContain('**Next:**');
    expect(evaluationSummary(evaluation({ decisions, evidence: [evidence] })).length).toBeLessThan(340_000);
  });

  test('sheds what is folded first and keeps verdict, table and Next', () => {
    const page = pullRequestComment(evaluation({ decisions: [manySlices(300)] }), { limit: 20_000 });
    expect(page.length).toBeLessThanOrEqual(20_000);
    expect(page).toContain('Do not promote');
    expect(page).toContain('| log loss |');
    expect(page).toContain('**Next:**');
    expect(page).toMatch(/Left out for length: the slices, the run/);
    const summary = evaluationSummary(evaluation({ decisions: [manySlices(300)] }));
    expect(/Slices: harm shown in 1 of 302 slices/.test(summary)).toBe(true);
  });

  test('whatever comes in, it is within the limit, its folds are closed and no marker is in it', () => {
    const name = fc.oneof(
      fc.constantFrom('</details>', '<!-- assay:other v1 -->', '@all', '|', '`'.repeat(9)),
      fc.string({ unit: 'binary' }),
    );
    fc.assert(
      fc.property(
        fc.array(name, { minLength: 1, maxLength: 6 }),
        fc.integer({ min: 200, max: 5_000 }),
        (names, limit) => {
          const decisions = names.map((model) => ({ ...betterDecision(), model, stays: model, warnings: [model] }));
          const given = evaluation({
            decisions,
            validations: [{ ...brokenValidation(), dataset: names[0] ?? '' }],
            notes: names,
          });
          const page = pullRequestComment(given, { limit, repeat: names.join(' ') });
          expect(page.length).toBeLessThanOrEqual(limit);
          expect(page).not.toContain('<!--');
          // What stands in a code block is text to a reader of Markdown, whatever it looks like.
          const outside = page.replace(/^(`{3,})[^\n]*\n[\s\S]*?\n\1[ ]*$/gm, '');
          expect(outside.split('<details>').length).toBe(outside.split('</details>').length);
        },
      ),
      { numRuns: 40, examples: [[['</details>'], 3_913]] },
    );
  });

  test('the same predictions on both sides are one sentence, not two pictures', () => {
    const { decision: one, evidence } = multiclassTold(3, 100);
    const same = { ...evidence, changed: { unit: 'row' as const, changed: 0, worse: [], better: [] } };
    const page = pullRequestComment(evaluation({ decisions: [one], evidence: [same] }));
    expect(page).toContain('Both sides predict the same, on all 100 rows.');
    expect(page).not.toContain('Predictions: ');
  });

  test('nothing evaluated is no pass', () => {
    const page = pullRequestComment(evaluation({ decisions: [], validations: [], runs: [] }));
    expect(page).toMatch(/^\*\*⏳ Can't tell:\*\* nothing was evaluated\./);
  });

  test("fifty models' verdicts alone still fit", () => {
    const models = Array.from({ length: 50 }, (_, index) => ({
      ...worseDecision(),
      model: `${index}${'`'.repeat(3_000)}`,
    }));
    expect(pullRequestComment(evaluation({ decisions: models })).length).toBeLessThanOrEqual(COMMENT_CHARACTERS);
  });
});
