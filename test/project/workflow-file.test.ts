import { describe, expect, it } from 'vitest';
import { missingPermissions, parseWorkflow } from '../../lib/project/workflow-file.ts';

const file = (text: string) => parseWorkflow(text, 'w.yml');
const expression = (text: string) => `$${`{{ ${text} }}`}`;

describe('a workflow', () => {
  it('is known by its events, whatever way they are written', () => {
    expect(file('on: push\n').events).toEqual(['push']);
    expect(file('on: [push, pull_request]\n').events).toEqual(['push', 'pull_request']);
    const scheduled = file('on:\n  pull_request:\n  schedule: [{ cron: "1 2 * * *" }]\n');
    expect(scheduled).toMatchObject({ events: ['pull_request', 'schedule'], crons: ['1 2 * * *'] });
  });

  it('is known by what it uses of ours, with what each job may do', () => {
    const { uses } = file(`on: push
permissions: read-all
jobs:
  a: { uses: assay-ml/assay/.github/workflows/drift.yml@v1, permissions: { contents: read } }
  b:
    steps:
      - uses: assay-ml/assay@main
      - uses: assay-ml/assay/actions/train@v1.2.3
      - uses: actions/checkout@v7
      - uses: somebody/assay@v1
`);
    expect(uses).toEqual([
      { kind: 'workflow', name: 'drift.yml', ref: 'v1', job: 'a', granted: { contents: 'read' }, inputs: {} },
      { kind: 'action', name: '', ref: 'main', job: 'b', granted: 'read-all', inputs: {} },
      { kind: 'action', name: 'train', ref: 'v1.2.3', job: 'b', granted: 'read-all', inputs: {} },
    ]);
  });

  it.each([
    [`{ uses: actions/checkout@v7, with: { ref: "${expression('github.event.pull_request.head.sha')}" } }`, true],
    [`{ uses: actions/checkout@v7, with: { ref: "${expression('github.head_ref')}" } }`, true],
    ['{ uses: actions/checkout@v7, with: { ref: refs/pull/7/merge } }', true],
    [`{ run: "git fetch origin ${expression('github.head_ref')}" }`, true],
    ['{ uses: actions/checkout@v7 }', false],
    [`{ run: "echo ${expression('github.head_ref')}" }`, false],
  ])('checks out the pull request by %s: %s', (step, expected) => {
    const { checksOutHead } = file(`on: pull_request_target\njobs: { j: { steps: [${step}] } }\n`);
    expect(checksOutHead).toEqual(expected ? ['j'] : []);
  });

  it('judges and watches the folders that its uses name', () => {
    const both = file(`on: { pull_request: , schedule: [{ cron: "1 2 * * *" }] }
jobs:
  a: { uses: assay-ml/assay/.github/workflows/pull-request.yml@v1, with: { project: ./services/late/ } }
  b: { steps: [{ uses: assay-ml/assay@v1 }] }
  c: { uses: assay-ml/assay/.github/workflows/drift.yml@v1 }
`);
    expect(both).toMatchObject({ judges: ['services/late', '.'], watches: ['.'] });
    expect(file('on: push\njobs: { a: { uses: assay-ml/assay/.github/workflows/drift.yml@v1 } }\n').watches).toEqual(
      [],
    );
  });

  it.each(['on: [push\n', 'jobs: 7\n', '- a\n'])('that is none says why: %j', (text) => {
    expect(file(text).problem).toEqual(expect.any(String));
  });
});

describe('permissions', () => {
  const needs = { contents: 'read', checks: 'write' };
  it.each([
    [undefined, undefined],
    [{ contents: 'read', checks: 'write' }, []],
    [{ contents: 'write', checks: 'write' }, []],
    [{ contents: 'read', checks: 'read' }, ['checks: write']],
    [{}, ['contents: read', 'checks: write']],
    ['read-all', ['checks: write']],
    ['write-all', []],
  ] as const)('of %j lack %j', (granted, missing) => {
    expect(missingPermissions(granted, needs)).toEqual(missing);
  });
});
