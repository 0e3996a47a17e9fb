import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AssayError } from '../../lib/errors.ts';
import { parseEvent, readEvent } from '../../lib/forge/event.ts';
import { shaOf } from './github-server.ts';

const HEAD = shaOf('head');
const BASE = shaOf('base');
const wireRepository = {
  id: 42,
  name: 'flights',
  full_name: 'octo/flights',
  owner: { login: 'octo', id: 1 },
  default_branch: 'main',
};
const repository = { id: 42, owner: 'octo', name: 'flights', defaultBranch: 'main' };

const parse = (name: string, payload: unknown) => parseEvent(name, payload, 'event.json');

describe('pull requests', () => {
  const payload = (headRepo: unknown) => ({
    action: 'synchronize',
    number: 7,
    pull_request: {
      number: 7,
      title: '<!-- assay:gate v1 -->',
      head: { ref: 'feature', sha: HEAD, repo: headRepo },
      base: { ref: 'main', sha: BASE, repo: wireRepository },
    },
    repository: wireRepository,
  });

  test.each([
    ['the same repository', wireRepository, false],
    ['a fork', { ...wireRepository, id: 43, full_name: 'mallory/flights' }, true],
    ['a fork that was deleted', null, true],
  ])('from %s', (_, headRepo, fork) => {
    expect(parse('pull_request', payload(headRepo))).toEqual({
      kind: 'pull_request',
      privileged: false,
      action: 'synchronize',
      number: 7,
      headSha: HEAD,
      headRef: 'feature',
      baseSha: BASE,
      baseRef: 'main',
      fork,
      repository,
    });
  });

  test("with the target's token are marked as privileged", () => {
    expect(parse('pull_request_target', payload(null))).toMatchObject({
      kind: 'pull_request',
      privileged: true,
      fork: true,
    });
  });
});

describe('pushes', () => {
  const push = { ref: 'refs/heads/feature/a', before: BASE, after: HEAD, deleted: false, repository: wireRepository };

  test('of a branch', () => {
    expect(parse('push', push)).toEqual({
      kind: 'push',
      ref: 'refs/heads/feature/a',
      branch: 'feature/a',
      beforeSha: BASE,
      sha: HEAD,
      deleted: false,
      repository,
    });
  });

  test('of a tag have no branch', () => {
    expect(parse('push', { ...push, ref: 'refs/tags/v1' })).not.toHaveProperty('branch');
  });
});

describe('dispatches', () => {
  const dispatch = (inputs: unknown) =>
    parse('workflow_dispatch', { ref: 'refs/heads/main', inputs, workflow: 'p.yml', repository: wireRepository });

  test.each([
    [
      'texts, booleans and numbers',
      { stage: 'production', dry: true, days: 7, none: null },
      [
        ['stage', 'production'],
        ['dry', 'true'],
        ['days', '7'],
      ],
    ],
    ['none', null, []],
    ['nothing said', undefined, []],
  ])('with %s', (_, inputs, expected) => {
    const event = dispatch(inputs);
    expect(event).toMatchObject({ kind: 'workflow_dispatch', ref: 'refs/heads/main', repository });
    expect(event.kind === 'workflow_dispatch' && [...event.inputs]).toEqual(expected);
  });

  test('names of inputs reach no prototype', () => {
    const event = dispatch(JSON.parse('{"__proto__": "x", "constructor": "y", "toString": "z", "version": "1.0.0"}'));
    expect(event.kind === 'workflow_dispatch' && event.inputs.get('version')).toBe('1.0.0');
    expect(Object.hasOwn(event, '__proto__')).toBe(false);
    expect({}.toString()).toBe('[object Object]');
  });
});

describe('schedules', () => {
  test.each([
    [
      'with the repository',
      { schedule: '17 5 * * *', repository: wireRepository },
      { kind: 'schedule', cron: '17 5 * * *', repository },
    ],
    ['without', { schedule: '17 5 * * *' }, { kind: 'schedule', cron: '17 5 * * *' }],
  ])('%s', (_, payload, event) => expect(parse('schedule', payload)).toEqual(event));
});

describe('workflow runs', () => {
  const payload = (head: unknown, branch: string | null = 'patch-1') => ({
    action: 'completed',
    workflow_run: {
      id: 99,
      name: 'Gate',
      event: 'pull_request',
      conclusion: 'success',
      head_sha: HEAD,
      head_branch: branch,
      head_repository: head,
    },
    repository: wireRepository,
  });

  test('of a fork tell how to look its pull request up', () => {
    expect(parse('workflow_run', payload({ id: 43, owner: { login: 'mallory' } }))).toEqual({
      kind: 'workflow_run',
      action: 'completed',
      runId: 99,
      workflow: 'Gate',
      event: 'pull_request',
      conclusion: 'success',
      headSha: HEAD,
      headBranch: 'patch-1',
      head: 'mallory:patch-1',
      fork: true,
      repository,
    });
  });

  test('of this repository are no fork, and one of a deleted fork is', () => {
    expect(parse('workflow_run', payload({ id: 42, owner: { login: 'octo' } }))).toMatchObject({
      fork: false,
      head: 'octo:patch-1',
    });
    expect(parse('workflow_run', payload(null))).toMatchObject({ fork: true });
    expect(parse('workflow_run', payload(null))).not.toHaveProperty('head');
    expect(parse('workflow_run', payload({ id: 42, owner: { login: 'octo' } }, null))).toMatchObject({
      headBranch: null,
    });
  });
});

test('other events are passed on by name', () => {
  expect(parse('issue_comment', { comment: {}, repository: wireRepository })).toEqual({
    kind: 'other',
    event: 'issue_comment',
    repository,
  });
  expect(parse('release', {})).toEqual({ kind: 'other', event: 'release' });
});

test.each([
  ['of a fork', { pull_request: { head: { repo: { id: 7 } } } }, true],
  ['of a fork that is gone', { pull_request: { head: { repo: null } } }, true],
  ['of this repository', { pull_request: { head: { repo: { id: 42 } } } }, undefined],
  ['whose head a comment does not tell', { issue: { pull_request: { url: 'https://example.org' } } }, true],
  ['that is none but an issue', { issue: { number: 3 } }, undefined],
])('a review or comment of a pull request %s', (_what, of, fork) => {
  const read = parse('pull_request_review', { ...of, repository: wireRepository });
  expect(read).toEqual({ kind: 'other', event: 'pull_request_review', repository, fork });
});

describe('ill payloads', () => {
  const pull = {
    action: 'opened',
    pull_request: { number: 1, head: { ref: 'a', sha: HEAD }, base: { ref: 'b', sha: BASE } },
    repository: wireRepository,
  };

  test.each([
    ['push', {}, 'ref'],
    ['push', [], undefined],
    ['push', null, undefined],
    ['push', { ref: 'refs/heads/main', before: BASE, after: 'HEAD; rm -rf', repository: wireRepository }, 'after'],
    ['pull_request', { ...pull, pull_request: { ...pull.pull_request, number: '1' } }, 'pull_request.number'],
    [
      'pull_request',
      { ...pull, pull_request: { ...pull.pull_request, head: { ref: 'a', sha: '--upload-pack=x' } } },
      'pull_request.head.sha',
    ],
    ['pull_request', { ...pull, repository: { ...wireRepository, id: null } }, 'repository.id'],
    ['workflow_dispatch', { ref: 'main', inputs: { a: { b: 1 } }, repository: wireRepository }, 'inputs.a'],
    ['schedule', { schedule: 5 }, 'schedule'],
    ['workflow_run', { action: 'completed', repository: wireRepository }, 'workflow_run'],
  ])('of a %s event name the key %#', (name, payload, key) => {
    const place = key === undefined ? '' : ` at "${key}"`;
    expect(() => parse(name, payload)).toThrow(
      expect.objectContaining({
        code: 'E_EVENT_INVALID',
        exitCode: 2,
        message: expect.stringContaining(`event.json is not the payload of a ${name} event${place}: `),
      }),
    );
  });

  test('never throw anything else', () => {
    const names = fc.constantFrom('push', 'pull_request', 'workflow_dispatch', 'schedule', 'workflow_run', 'fork');
    fc.assert(
      fc.property(names, fc.jsonValue(), (name, payload) => {
        try {
          parse(name, payload);
        } catch (error) {
          expect(error).toBeInstanceOf(AssayError);
        }
      }),
    );
  });
});

describe('readEvent', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'assay-event-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  test('reads a file', async () => {
    const file = join(folder, 'schedule.json');
    await writeFile(file, '{"schedule": "0 5 * * *"}');
    expect(await readEvent('schedule', file)).toEqual({ kind: 'schedule', cron: '0 5 * * *' });
  });

  test('a file that is not JSON is named', async () => {
    const file = join(folder, 'broken.json');
    await writeFile(file, '{"schedule"');
    await expect(readEvent('schedule', file)).rejects.toMatchObject({
      code: 'E_EVENT_INVALID',
      message: expect.stringContaining(`${file} is not the payload`),
    });
  });

  test.each([
    ['that is not there', () => join(folder, 'none.json')],
    ['that is a folder', () => folder],
    ['without a name', () => ''],
  ])('a file %s is a catalogued error', async (_, file) => {
    await expect(readEvent('push', file())).rejects.toMatchObject({ code: 'E_EVENT_MISSING', exitCode: 2 });
  });
});
