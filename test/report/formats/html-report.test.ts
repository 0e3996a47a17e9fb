import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Evidence } from '../../../lib/gate/evidence/evidence.ts';
import { driftHtml, evaluationHtml } from '../../../lib/report/formats/html-report.ts';
import { pullRequestComment } from '../../../lib/report/pages/comment.ts';
import { betterDecision, worseDecision } from '../fixtures/decisions.ts';
import { brokenDrift, driftResult, lossDrift } from '../fixtures/drifts.ts';
import { evaluation } from '../fixtures/evaluations.ts';
import { multiclassTold } from '../fixtures/evidence.ts';

const pages = [
  evaluationHtml(evaluation({ decisions: [worseDecision()] })),
  driftHtml(brokenDrift()),
  driftHtml(lossDrift()),
];

describe('an HTML report', () => {
  test('loads nothing and runs nothing', () => {
    for (const page of pages) {
      expect(page).not.toMatch(/<script|<img|<link|<iframe|url\(|@import|\sstyle=|\son\w+=|javascript:/i);
      expect(page).not.toMatch(/\ssrc=/);
    }
  });

  test('allows exactly its own style', () => {
    for (const page of pages) {
      const style = /<style>([\s\S]*?)<\/style>/.exec(page)?.[1] ?? '';
      const hash = createHash('sha256').update(style).digest('base64');
      expect(page).toContain(
        `content="default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'"`,
      );
    }
  });

  test('closes every element it opens, in order, whatever the names are', () => {
    const hostile = fc.oneof(
      fc.constantFrom('</section><script>alert(1)</script>', '"><svg onload=x>', "'", '&lt;b&gt;', '</style>', '<!--'),
      fc.string({ unit: 'binary', maxLength: 20 }),
    );
    fc.assert(
      fc.property(hostile, hostile, (model, where) => {
        const decision = { ...betterDecision(), model, warnings: [where], stays: where };
        expect(unbalanced(evaluationHtml(evaluation({ decisions: [decision], notes: [model] })))).toEqual([]);
        const report = {
          ...brokenDrift(),
          model,
          results: [driftResult({ column: model, where, verdict: 'fail', reason: 'drifted', lower: 0.4, value: 0.5 })],
        };
        expect(unbalanced(driftHtml(report))).toEqual([]);
      }),
      { numRuns: 25 },
    );
  });

  test('keeps classes and ids of anybody harmless, in the report and in the comment', () => {
    const hostile = ['</svg><script>alert(1)</script>', '</details>', '<!-- assay:other v1 -->', '@all', '"><b'];
    const { decision, evidence } = multiclassTold(5, 200);
    const renamed = JSON.parse(
      JSON.stringify(evidence)
        .replaceAll('"very late"', JSON.stringify(hostile[0]))
        .replaceAll('"cancelled"', JSON.stringify(hostile[1]))
        .replaceAll('"on time"', JSON.stringify(hostile[4]))
        .replaceAll(/"id":"[^"]*"/g, `"id":${JSON.stringify(hostile.join(' '))}`),
    );
    const given = evaluation({ decisions: [decision], evidence: [Evidence.parse(renamed)], runs: [] });
    const page = evaluationHtml(given);
    expect(page).toContain('&lt;/svg&gt;&lt;script&gt;');
    expect(page).not.toMatch(/<script|<!--|<b>?\s*$/);
    expect(unbalanced(page)).toEqual([]);
    const comment = pullRequestComment(given);
    expect(comment).toContain('Changed most');
    expect(comment).not.toMatch(/<!--|<script|@all/);
    expect(comment.split('<details>').length).toBe(comment.split('</details>').length);
  });

  test('says its figures in words', () => {
    expect(pages[0]).toContain('aria-label="log loss: 0.031 worse; plausible range 0.018 to 0.044 worse; 0.010 worse"');
    expect(pages[1]).toContain('aria-label="tail_num, missing values: 13.8 points, at least 12.1 points; drifted"');
  });

  test('draws the allowed loss and the interval where they are', () => {
    const [page = ''] = pages;
    const plots = [...page.matchAll(/<span class="label">log loss<\/span>(.*?)<\/svg>/g)];
    const numbers = [...(plots[0]?.[1] ?? '').matchAll(/class="(limit|zero|range)" x1="([\d.]+)%" x2="([\d.]+)%"/g)];
    const [limit, zero, range] = numbers.map(([, , x1, x2]) => [Number(x1), Number(x2)]);
    // The margin is 0.010 and the axis reaches 5 margins (0.044 and a little): one step is 96 % / 10.
    expect(zero).toEqual([50, 50]);
    expect(limit?.[0]).toBeCloseTo(50 - 9.6, 5);
    expect(range?.[0]).toBeCloseTo(50 - 9.6 * 4.42, 2);
    expect(range?.[1]).toBeCloseTo(50 - 9.6 * 1.78, 2);
  });
});

/** Tags that are closed wrongly or not at all. */
function unbalanced(page: string): string[] {
  const body = page.slice(page.indexOf('<body>'), page.indexOf('</html>')).replaceAll(/<(?:[^<>"]|"[^"]*")*\/>/g, '');
  const open: string[] = [];
  const wrong: string[] = [];
  for (const [, slash, name = ''] of body.matchAll(/<(\/?)([a-z][a-z0-9]*)(?:[^<>"]|"[^"]*")*>/g)) {
    if (slash === '') open.push(name);
    else if (open.pop() !== name) wrong.push(name);
  }
  return [...wrong, ...open];
}
