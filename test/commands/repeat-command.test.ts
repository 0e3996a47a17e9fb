import { describe, expect, test } from 'vitest';
import type { CompareRequest } from '../../lib/commands/compare/compare.ts';
import { compareCommand, evaluateCommand, repeatCommand, shellWord } from '../../lib/commands/repeat-command.ts';
import { betterDecision, worseDecision } from '../report/fixtures/decisions.ts';
import { COMMIT, evaluation } from '../report/fixtures/evaluations.ts';

const request: CompareRequest = {
  cwd: '/anywhere',
  baseline: 'production.csv',
  candidate: 'my candidate.csv',
  label: 'late',
  id: ['day', 'flight'],
  cluster: 'day',
  score: 'score',
  slices: ['carrier'],
  metrics: ['roc_auc', 'log_loss'],
  margins: { roc_auc: 0.02, log_loss: 0.01 },
  require: 'not-worse',
  threshold: 0.3,
};

describe('the command that repeats', () => {
  test('a comparison names every option that was set, quoted for a shell', () => {
    expect(compareCommand(request)).toBe(
      "npx assay-ml compare production.csv 'my candidate.csv' --label late --id day,flight --cluster day " +
        '--slice carrier --metric roc_auc,log_loss --margin roc_auc=0.02 --margin log_loss=0.01 --require not-worse ' +
        '--threshold 0.3 --explain',
    );
  });

  test('a comparison leaves out what was left out', () => {
    const { cluster: _cluster, require: _require, threshold: _threshold, ...rest } = request;
    const bare = { ...rest, candidate: 'b.csv', id: ['id'], slices: [], metrics: [], margins: {}, score: 'p' };
    expect(compareCommand(bare)).toBe(
      'npx assay-ml compare production.csv b.csv --label late --id id --score p --explain',
    );
  });

  test('a decision on a run names the run and the stage that were found', () => {
    const command = evaluateCommand(worseDecision(), { rulesFrom: 'main' });
    expect(command).toMatch(
      /^npx assay-ml evaluate-gate late --run [0-9a-f]{6,16} --stage production --rules-from main --explain$/,
    );
  });

  test('an evaluation of one model explains it, of several repeats the whole', () => {
    const one = evaluation();
    expect(repeatCommand(one)).toContain(
      `git checkout ${COMMIT} && npx assay-ml train late && npx assay-ml evaluate-gate late`,
    );
    const two = evaluation({ decisions: [betterDecision(), { ...worseDecision(), model: 'delay' }] });
    expect(repeatCommand(two)).toContain(`&& npx assay-ml pull-request late delay --base ${one.base} --details`);
  });

  test('an evaluation from anybody runs nothing of theirs when it is pasted', () => {
    const hostile = evaluation({ decisions: [{ ...betterDecision(), model: '$(touch x); `y` \' "' }] });
    expect(repeatCommand(hostile)).toContain(`npx assay-ml train '$(touch x); \`y\` '\\'' "' &&`);
  });
});

test.each(['plain', 'a b', "it's", '$HOME', '`id`', '', 'ä', '--flag=1', '*'])(
  'a shell reads %j as one word',
  (word) => {
    // The quotes that are written are the ones that every POSIX shell takes out.
    const quoted = shellWord(word);
    if (/^[\w@%+=:,./-]+$/.test(word)) expect(quoted).toBe(word);
    else expect(quoted.slice(1, -1).replaceAll("'\\''", "'")).toBe(word);
  },
);
