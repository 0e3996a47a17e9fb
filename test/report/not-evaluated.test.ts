import { describe, expect, it } from 'vitest';
import { notEvaluatedChecks, notEvaluatedComment } from '../../lib/report/not-evaluated.ts';

const why = { code: 'E_X', message: 'no file "</details>@all"', fix: 'Add it.' };

describe('what was not evaluated', () => {
  it('is said first, is no pass, and quotes what it names without obeying it', () => {
    const page = notEvaluatedComment(why);
    expect(page).toMatch(/^\*\*🛑 Not evaluated:\*\* no file .* that is not a pass\./);
    expect(page).toContain('&lt;/details&gt;@&#8203;all');
    expect(page).toContain('**Next:** Add it.');
    expect(page).not.toContain('run and summary');
    expect(notEvaluatedComment(why, { run: 'https://forge.example/run/1' })).toContain('https://forge.example/run/1');
  });

  it('is two red checks, by the names that branch protection knows', () => {
    const checks = notEvaluatedChecks(why);
    expect(checks.map(({ name, conclusion }) => `${name} ${conclusion}`)).toEqual([
      'evaluation failure',
      'promotable failure',
    ]);
    for (const { title, summary } of checks) {
      expect(title).toBe('Not evaluated: no file "</details>@all"');
      expect(summary).toBe(notEvaluatedComment(why));
    }
  });

  it("stays within the forge's limits whatever a job says of itself", () => {
    const loud = { ...why, message: 'x\n'.repeat(500_000) };
    expect(notEvaluatedComment(loud).length).toBeLessThan(65_000);
    for (const { title } of notEvaluatedChecks(loud)) expect(title.length).toBeLessThanOrEqual(200);
  });
});
