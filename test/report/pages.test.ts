import { describe, expect, test } from 'vitest';
import type { Blocks } from '../../lib/report/blocks/block.ts';
import { decisionBlocks } from '../../lib/report/blocks/decision-blocks.ts';
import { driftBlocks, driftNext, driftVerdict } from '../../lib/report/blocks/drift-blocks.ts';
import { validationBlocks, validationVerdict } from '../../lib/report/blocks/validation-blocks.ts';
import { decisionHtml, driftHtml, evaluationHtml } from '../../lib/report/formats/html-report.ts';
import { storyCommand, storyHeading, toTerminal } from '../../lib/report/formats/terminal.ts';
import { notEvaluatedComment } from '../../lib/report/not-evaluated.ts';
import { pullRequestComment } from '../../lib/report/pages/comment.ts';
import { driftClosing, driftIssue } from '../../lib/report/pages/drift-issue.ts';
import { driftSummary, evaluationSummary } from '../../lib/report/pages/job-summary.ts';
import { outcomeBlocks, outcomeSummary } from '../../lib/report/promotion.ts';
import {
  betterDecision,
  compareDecision,
  firstDecision,
  unclearDecision,
  worseDecision,
} from './fixtures/decisions.ts';
import { brokenDrift, driftReport, lossDrift } from './fixtures/drifts.ts';
import { evaluation } from './fixtures/evaluations.ts';
import { overridden, promoted, registered, released, rolledBack } from './fixtures/events.ts';
import { TOLD, toldEvaluation } from './fixtures/evidence.ts';
import { brokenValidation, soundValidation } from './fixtures/validations.ts';

const links = {
  run: 'https://github.com/acme/flights/actions/runs/1',
  report: 'https://github.com/acme/flights/actions/runs/1/artifacts/2',
  commit: 'https://github.com/acme/flights/commit/4ac6d04be1f29a7c3d5e80b1c2a3f4e5d6c7b8a9',
};
const several = evaluation({
  decisions: [
    betterDecision(),
    { ...worseDecision(), model: 'delay-minutes' },
    { ...unclearDecision(), model: 'cancelled' },
  ],
});
const changedRules = evaluation({
  decisions: [worseDecision()],
  branchDecisions: [{ ...betterDecision(), rulesFrom: 'pull request' }],
  validations: [soundValidation(), brokenValidation()],
  notes: ['The baseline was scored from its stored predictions: its commit could not be rebuilt.'],
});

/** The pages as they are read: a change of a word shows up in review as a change of a committed page. */
describe('pages', () => {
  test.each<[string, string]>([
    ['comment-better.md', pullRequestComment(evaluation(), { links, repeat: 'assay evaluate-gate late --base main' })],
    ['comment-worse.md', pullRequestComment(changedRules, { links })],
    ['comment-unclear.md', pullRequestComment(evaluation({ decisions: [unclearDecision()] }))],
    ['comment-first.md', pullRequestComment(evaluation({ decisions: [firstDecision()] }))],
    ['comment-several.md', pullRequestComment(several, { links })],
    [
      'comment-error.md',
      notEvaluatedComment(
        {
          code: 'E_HOLDOUT_EMPTY',
          message: 'the holdout of "flights" has no labelled rows',
          fix: 'Widen holdout.last.',
        },
        links,
      ),
    ],
    ['summary-worse.md', evaluationSummary(changedRules, links)],
    ['summary-drift.md', driftSummary(brokenDrift())],
    ['issue-drift.md', driftIssue(brokenDrift(), links).body],
    ['issue-loss.md', driftIssue(lossDrift(), links).body],
    ['issue-closing.md', driftClosing(driftReport(), links)],
    ['promoted.md', outcomeSummary({ event: promoted, decision: betterDecision() })],
    ['overridden.md', outcomeSummary({ event: overridden, decision: unclearDecision() })],
    ['rolled-back.md', outcomeSummary({ event: rolledBack })],
    ['registered.md', outcomeSummary({ event: registered })],
    ['released.md', outcomeSummary({ event: released })],
    ['refused.md', outcomeSummary({ decision: worseDecision() })],
    ['evaluation.html', evaluationHtml(changedRules, links)],
    ['decision.html', decisionHtml(compareDecision())],
    ['drift.html', driftHtml(brokenDrift())],
  ])('%s', async (name, page) => {
    await expect(page).toMatchFileSnapshot(`./fixtures/pages/${name}`);
  });

  test.each(Object.entries(TOLD))('comment of a %s decision with its evidence', async (task, tell) => {
    const page = pullRequestComment(toldEvaluation(tell()));
    await expect(page).toMatchFileSnapshot(`./fixtures/pages/evidence-${task}.md`);
  });

  const plain = { width: 100, colour: false, details: true };
  test.each<[string, Blocks]>([
    ['decision.txt', decisionBlocks(worseDecision())],
    ['explain-worse.txt', decisionBlocks(worseDecision(), { explain: true })],
    ['explain-unclear.txt', decisionBlocks(unclearDecision(), { explain: true, repeat: 'npx assay-ml compare a b' })],
    ['validation.txt', [validationVerdict(brokenValidation()), ...validationBlocks(brokenValidation())]],
    ['drift.txt', [driftVerdict(brokenDrift()), ...driftBlocks(brokenDrift()), driftNext(brokenDrift())]],
    ['rolled-back.txt', outcomeBlocks({ event: rolledBack })],
  ])('%s', async (name, blocks) => {
    await expect(`${toTerminal(blocks, plain)}\n`).toMatchFileSnapshot(`./fixtures/pages/${name}`);
  });

  test('story headings and commands', () => {
    expect(storyHeading('3 of 9: trees', { ...plain, width: 40 })).toBe('── 3 of 9: trees ───────────────────────');
    expect(storyCommand('assay train\u001b[2J', plain)).toBe('$ assay train⟨U+001B⟩[2J');
  });

  test('the title of an issue says which model, where, and what', () => {
    expect(driftIssue(brokenDrift()).title).toBe('Drift of late (production): data is broken');
  });
});
