import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Evaluation } from '../../lib/report/evaluation.ts';
import { evaluationHtml } from '../../lib/report/formats/html-report.ts';
import { pullRequestComment } from '../../lib/report/pages/comment.ts';
import { evaluationSummary } from '../../lib/report/pages/job-summary.ts';
import { betterDecision, unclearDecision, worseDecision } from './fixtures/decisions.ts';
import { evaluation } from './fixtures/evaluations.ts';
import { TOLD, toldEvaluation } from './fixtures/evidence.ts';
import { renamed } from './fixtures/renamed.ts';
import { brokenValidation, soundValidation } from './fixtures/validations.ts';

const everything = evaluation({
  decisions: [betterDecision(), { ...worseDecision(), model: 'delay' }, { ...unclearDecision(), model: 'off' }],
  validations: [soundValidation(), brokenValidation()],
  notes: ['The baseline was scored from its stored predictions.'],
});

const HOSTILE = [
  'a|b|c',
  '`code` ``more``',
  '</td></table><script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  '@everyone @acme/admins #1 GH-1',
  '\u202egnp.exe\u2066\u200b',
  '<!-- assay:comment -->',
  '</details></summary>',
  '[click](javascript:alert(1)) ![x](https://evil.example/x.png)',
  'line\r\n\r\n# heading\n- item\n```\n| a |\n|---|',
  '\\|\\`\\<',
  '$x^2$ $$y$$ :tada: ~~gone~~ **bold** __b__',
  '\u3164',
  '&lt;b&gt; &#96;',
];

/** All names on the page that has most, and some on those of single tasks. */
const PAGES: readonly (readonly [string, Evaluation, readonly string[]])[] = [
  ['everything', everything, HOSTILE],
  ...Object.entries(TOLD).map(
    ([task, tell]) => [task, toldEvaluation(tell()), HOSTILE.filter((_name, index) => index % 4 === 0)] as const,
  ),
];

/** Every tag with the names of its attributes; what they hold is somebody's own. */
function tagsOf(html: string): string[] {
  return [...html.matchAll(/<(\/?[a-zA-Z][\w-]*|!--|!doctype)((?:\s+[\w:-]+(?:="[^"]*")?)*)\s*\/?>?/g)].map(
    ([, name = '', attributes = '']) =>
      `${name} ${[...attributes.matchAll(/\s([\w:-]+)(?:="[^"]*")?/g)].map(([, attribute]) => attribute).join(' ')}`,
  );
}

describe.each(PAGES)('%s', (_name, document, names) => {
  const plain = evaluationHtml(renamed(document, () => 'a name'));

  test.each([...names])('the page has the same tags when everything is called %j', (name) => {
    const page = evaluationHtml(renamed(document, () => name));
    // A title that begins with a name is a name; nothing else may come or go.
    expect(tagsOf(page)).toEqual(tagsOf(plain));
    expect(page).not.toMatch(/[\u202a-\u202e\u2066-\u2069\u200b]/);
  });

  test.each([...names])('the comment and the summary stay what they are when everything is called %j', (name) => {
    for (const render of [pullRequestComment, evaluationSummary]) {
      const page = render(renamed(document, () => name));
      const same = render(renamed(document, () => 'a name'));
      expect(page.split('\n')).toHaveLength(same.split('\n').length);
      expect(page.split('<!--')).toHaveLength(same.split('<!--').length);
      // A cell more or less would move all that follow.
      const cells = (text: string): number[] =>
        text
          .split('\n')
          .filter((line) => line.startsWith('|'))
          .map((line) => line.split('|').length);
      expect(cells(page)).toEqual(cells(same));
      const outside = page.replaceAll(/```[\s\S]*?```/g, '').replaceAll(/`[^`\n]*`/g, '');
      const tags = [...outside.matchAll(/<(?!!--)\/?([^\s>]*)/g)].map(([, tag]) => tag);
      expect(tags.filter((tag) => !['details', 'summary', 'sub', 'b', 'code', 'span'].includes(tag ?? ''))).toEqual([]);
      expect(outside).not.toMatch(/@(?=[a-z])|(?<![\w&])#(?=\d)/i);
      expect(page).not.toMatch(/[\u202a-\u202e\u2066-\u2069]/);
    }
  });
});

test('whatever names are, a page has the tags that it has', () => {
  const plain = tagsOf(evaluationHtml(everything));
  const name = fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ unit: 'binary', minLength: 1, maxLength: 30 }));
  fc.assert(
    fc.property(name, name, (before, after) => {
      // What was different stays different: a run is found by the name of its model.
      const page = evaluationHtml(renamed(everything, (text) => `${before}${text}${after}`));
      expect(tagsOf(page)).toEqual(plain);
    }),
    { numRuns: 60 },
  );
});
