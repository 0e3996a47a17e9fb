import { describe, expect, test } from 'vitest';
import { canonicalFile } from '../../lib/digest.ts';
import { EVALUATION_BYTES, Evaluation, parseEvaluation, runFactsOf } from '../../lib/report/evaluation.ts';
import { RunRecord } from '../../lib/train/run-record.ts';
import { decision, worseDecision } from './fixtures/decisions.ts';
import { digestNamed } from './fixtures/digests.ts';
import { COMMIT, evaluation } from './fixtures/evaluations.ts';
import { binaryTold, multiclassTold, TOLD, toldEvaluation } from './fixtures/evidence.ts';

describe('parseEvaluation', () => {
  test('reads back what was written', () => {
    const written = evaluation({ branchDecisions: [worseDecision()], notes: ['reused run'] });
    expect(parseEvaluation(canonicalFile(written))).toEqual({ ok: true, evaluation: written });
  });

  test.each(Object.entries(TOLD))('reads back the evidence of a %s decision', (_task, tell) => {
    const written = toldEvaluation(tell());
    expect(parseEvaluation(canonicalFile(written))).toEqual({ ok: true, evaluation: written });
  });

  test('reads back fifty models with two hundred classes each', () => {
    const { decision: one, evidence } = multiclassTold(200, 1_000);
    const written = evaluation({ decisions: Array(50).fill(one), evidence: Array(50).fill(evidence) });
    expect(parseEvaluation(canonicalFile(written)).ok).toBe(true);
  });

  test('refuses evidence whose lists do not fit each other', () => {
    const { decision: one, evidence } = binaryTold();
    const torn = structuredClone(evidence);
    if (torn.findings.task === 'binary') torn.findings.roc?.candidate.y.pop();
    const parsed = parseEvaluation(JSON.stringify({ ...evaluation({ decisions: [one] }), evidence: [torn] }));
    expect(parsed).toMatchObject({ ok: false, why: 'x and y have to be of one length' });
  });

  const good = (): Record<string, unknown> => ({ ...evaluation() });
  test.each<[string, string, string, string]>([
    ['not JSON', '{', '', 'not JSON'],
    ['not an object', '[]', '', 'expected object'],
    ['an unknown key', JSON.stringify({ ...good(), extra: 1 }), '', 'extra'],
    ['a commit that is none', JSON.stringify({ ...good(), commit: 'main' }), 'commit', ''],
    ['a long string', JSON.stringify({ ...good(), notes: ['x'.repeat(4_001)] }), 'notes.0', 'longer than 4000'],
    ['a long list', JSON.stringify({ ...good(), notes: Array(2_001).fill('x') }), 'notes', 'more than 2000'],
    ['too many notes', JSON.stringify({ ...good(), notes: Array(101).fill('x') }), 'notes', ''],
    ['too many models', JSON.stringify({ ...good(), decisions: Array(51).fill(decision()) }), 'decisions', ''],
    ['deep nesting', `{"notes":${'['.repeat(20)}${']'.repeat(20)}}`, 'notes', 'nested deeper'],
    ['a prototype', `{"schema":"assay/evaluation/1","__proto__":{"a":1}}`, '__proto__', 'not allowed'],
    [
      'a reason that is not there',
      JSON.stringify({ ...good(), decisions: [decision({ because: { comparison: 7 } })] }),
      'decisions.0.because',
      'not there',
    ],
    [
      'crossed limits',
      JSON.stringify({
        ...good(),
        decisions: [
          decision({
            comparisons: decision().comparisons.map((one) => ({
              ...one,
              interval: { lower: 1, upper: -1, level: 0.95, method: 'cluster-jackknife-t', standardError: 1 },
            })),
          }),
        ],
      }),
      'decisions.0.comparisons.0',
      'crossed',
    ],
    ['more than a file may have', ' '.repeat(EVALUATION_BYTES + 1), '', 'longer than'],
  ])('refuses %s', (_name, text, key, why) => {
    const parsed = parseEvaluation(text);
    expect(parsed.ok).toBe(false);
    if (parsed.ok) return;
    expect(parsed.key).toContain(key);
    expect(parsed.why).toContain(why);
  });
});

test('a run record gives the facts that are shown, and those validate', () => {
  const inputs = {
    schema: 'assay/run-inputs/1',
    model: 'late',
    recipe: { command: ['python', 'train.py'] },
    parameters: { depth: 3 },
    seed: 7,
    target: 'late',
    data: { dataset: 'flights', digest: digestNamed('data') },
    dependencies: {},
    environment: {},
    backend: 'command',
    tool: '0.1.0',
  } as const;
  const record = RunRecord.parse({
    schema: 'assay/run/1',
    key: digestNamed('key'),
    inputs,
    recipe: digestNamed('recipe'),
    git: { commit: COMMIT, dirty: true },
    outputs: [],
    rows: 10,
    metrics: {},
    signature: {
      schema: 'assay/signature/1',
      task: 'binary',
      inputs: [],
      target: { name: 'late', type: 'integer' },
      output: { name: 'score', type: 'float' },
    },
    profile: digestNamed('profile'),
    environment: { node: '24', platform: 'linux', arch: 'x64', assay: '0.1.0' },
    startedAt: '2013-09-05T00:00:00Z',
    duration: 1.5,
  });
  const facts = runFactsOf(record, true);
  expect(facts).toMatchObject({ model: 'late', seed: 7, dirty: true, reused: true, commit: COMMIT });
  expect(Evaluation.parse({ ...evaluation(), runs: [facts] }).runs).toEqual([facts]);
});
