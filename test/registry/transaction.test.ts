import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Git } from '../../lib/git/git.ts';
import { listFiles } from '../../lib/git/read-objects.ts';
import { listRemoteRefs } from '../../lib/git/remote.ts';
import { planPromote } from '../../lib/registry/promote.ts';
import { planRegister } from '../../lib/registry/register.ts';
import { cloneOf, codeOf, newRemoteAndClone, newRepository, write } from '../git/repository.ts';
import { fixedClock, registration, registryOf } from './requests.ts';

const BRANCH = 'refs/heads/assay/registry';
const OVERRIDE = { override: { reason: 'first of all', verdict: 'inconclusive' }, provenBetter: false } as const;

/** git that lets something happen right before each push, like a faster neighbour. */
function beforePush(git: Git, happening: () => Promise<unknown>): Git {
  return {
    ...git,
    attempt: async (args, options) => {
      if (args.includes('push')) await happening();
      return git.attempt(args, options);
    },
  };
}

describe('transact', () => {
  it('makes the branch, one commit a change, with its records and tags', async () => {
    const { remote, clone } = await newRemoteAndClone();
    const clock = fixedClock();
    const registry = registryOf(clone, clock);
    expect((await registry.read()).head).toBeNull();
    const first = await registry.transact(planRegister(registration('late', 'a')));
    expect(first).toMatchObject({ kind: 'done', result: { version: '1.0.0' }, tags: ['late@v1.0.0'], attempts: 1 });
    await registry.transact(planRegister(registration('late', 'b')));
    const promoted = await registry.transact(
      planPromote({ model: 'late', version: '1.0.0', stage: 'production', expected: null, ...OVERRIDE }),
    );
    expect(promoted).toMatchObject({ kind: 'done', tags: ['late#production#1'] });

    expect(
      await remote.text(['log', '--format=%an|%s|%(trailers:key=Assay-Event,valueonly,separator=%x2C)', BRANCH]),
    ).toBe(
      [
        'Ada|Promote late 1.0.0 to production (override)|promote late 1.0.0 production',
        'Ada|Register late 1.1.0|register late 1.1.0',
        'Ada|Register late 1.0.0|register late 1.0.0',
      ].join('\n'),
    );
    const paths = (await listFiles(remote, BRANCH)).map(({ path }) => path.replace(/[0-9a-f]{64}/, 'DIGEST'));
    expect(paths).toEqual([
      '.dvc/.gitignore',
      '.dvcignore',
      'README.md',
      'dvc.yaml',
      'late.dvc',
      'models/late/events/000001-register.json',
      'models/late/events/000002-register.json',
      'models/late/events/000003-promote.json',
      'models/late/profiles/DIGEST.json',
      'models/late/runs/DIGEST.json',
      'models/late/runs/DIGEST.json',
      'models/late/versions/1.0.0.json',
      'models/late/versions/1.1.0.json',
    ]);
    // The stage's tag lies on the commit of the version's registration, a second or more after the tag before it.
    expect(await remote.text(['rev-parse', 'late#production#1^{commit}'])).toBe(
      await remote.text(['rev-parse', 'late@v1.0.0^{commit}']),
    );
    const times = await remote.text(['for-each-ref', '--sort=taggerdate', '--format=%(taggerdate:unix)', 'refs/tags']);
    const [a = 0, b = 0, c = 0] = times.split('\n').map(Number);
    expect([b - a, c - b]).toEqual([1, 1]);
  });

  it('plans again after a lost race: both registrations stand, with different versions', async () => {
    const { remote, clone } = await newRemoteAndClone();
    const other = registryOf(await cloneOf(remote));
    let happened = 0;
    const slow = beforePush(clone, async () => {
      happened += 1;
      if (happened === 1) await other.transact(planRegister(registration('late', 'fast')));
    });
    const outcome = await registryOf(slow).transact(planRegister(registration('late', 'slow')));
    expect(outcome).toMatchObject({ kind: 'done', result: { version: '1.1.0' }, attempts: 2 });
    const { state, problems } = await other.read();
    expect(problems).toEqual([]);
    expect([...(state.models.get('late')?.versions.keys() ?? [])]).toEqual(['1.0.0', '1.1.0']);
  });

  it('finds the rule broken after a lost race and then refuses', async () => {
    const { remote, clone } = await newRemoteAndClone();
    const registry = registryOf(clone);
    for (const run of ['a', 'b', 'c']) await registry.transact(planRegister(registration('late', run)));
    const promote = (version: string) =>
      planPromote({ model: 'late', version, stage: 'production', expected: null, ...OVERRIDE });
    const other = registryOf(await cloneOf(remote));
    const slow = registryOf(beforePush(clone, () => other.transact(promote('1.1.0'))));
    expect(await slow.transact(promote('1.2.0'))).toEqual({
      kind: 'refused',
      refusal: { code: 'holder-changed', expected: null, actual: '1.1.0' },
    });
  });

  it('gives up after a bounded number of lost races and has changed nothing', async () => {
    const { remote, clone } = await newRemoteAndClone();
    await registryOf(clone).transact(planRegister(registration('late', 'a')));
    const env = { GIT_COMMITTER_NAME: 'n', GIT_COMMITTER_EMAIL: 'e', GIT_AUTHOR_NAME: 'n', GIT_AUTHOR_EMAIL: 'e' };
    const slow = beforePush(clone, async () => {
      const next = await remote.text(['commit-tree', `${BRANCH}^{tree}`, '-p', BRANCH, '-m', 'faster'], { env });
      await remote.run(['update-ref', BRANCH, next]);
    });
    const pauses: number[] = [];
    const registry = registryOf(slow, fixedClock(), async (attempt) => {
      pauses.push(attempt);
    });
    expect(await codeOf(registry.transact(planRegister(registration('late', 'slow'))))).toBe('E_REGISTRY_RACE');
    expect(pauses).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    expect((await registryOf(clone).read()).state.models.get('late')?.versions.size).toBe(1);
    expect(await remote.text(['tag', '--list'])).toBe('late@v1.0.0');
  });

  it('takes the next number when a tag of that name appears in between', async () => {
    const { remote, clone } = await newRemoteAndClone();
    const registry = registryOf(clone);
    await registry.transact(planRegister(registration('late', 'a')));
    const seen = new Set<string>();
    const slow = beforePush(clone, async () => {
      if (seen.size === 0) await remote.run(['tag', 'late#staging#1', BRANCH]);
      seen.add('tagged');
    });
    const request = { model: 'late', version: '1.0.0', stage: 'staging', expected: null, ...OVERRIDE };
    expect(await registryOf(slow).transact(planPromote(request))).toMatchObject({
      kind: 'done',
      tags: ['late#staging#2'],
      attempts: 2,
    });
  });

  it('passes over a version whose tag somebody else has made', async () => {
    const { remote, clone } = await newRemoteAndClone();
    await remote.run(['tag', 'late@v1.0.0', 'main']);
    const registry = registryOf(clone);
    expect(await registry.transact(planRegister(registration('late', 'a')))).toMatchObject({
      result: { version: '1.1.0' },
    });
    const explicit = planRegister(registration('late', 'b', { version: '1.0.0' }));
    expect(await codeOf(registry.transact(explicit))).toBe('E_REGISTRY_VERSION_EXISTS');
  });

  it('tells a push that a hook refuses from a race', async () => {
    const { remote, clone } = await newRemoteAndClone();
    await write(remote.folder, { 'hooks/pre-receive': '#!/bin/sh\necho "protected" >&2\nexit 1\n' });
    await chmod(join(remote.folder, 'hooks/pre-receive'), 0o755);
    expect(await codeOf(registryOf(clone).transact(planRegister(registration('late', 'a'))))).toBe('E_REGISTRY_DENIED');
    expect(await listRemoteRefs(clone, 'origin', ['refs/tags/*', BRANCH])).toEqual([]);
  });

  it('says so when there is no remote', async () => {
    const registry = registryOf(await newRepository({ a: '1' }));
    expect(await codeOf(registry.read())).toBe('E_GIT_NO_REMOTE');
  });

  it('does nothing for a run that is registered already', async () => {
    const { clone } = await newRemoteAndClone();
    const registry = registryOf(clone);
    await registry.transact(planRegister(registration('late', 'a')));
    const again = await registry.transact(planRegister(registration('late', 'a', { run: { name: 'a', seconds: 2 } })));
    expect(again).toMatchObject({ kind: 'nothing', result: { version: '1.0.0' } });
  });

  it.each([
    ['models/late/versions/1.0.0.json', 'E_REGISTRY_APPEND_ONLY'],
    ['models/late/versions/1.1.0.json', 'E_REGISTRY_INVALID'],
    ['models/late/notes.json', 'E_REGISTRY_INVALID'],
  ])('does not write %s = {}, whatever a planner wants', async (path, code) => {
    const { clone } = await newRemoteAndClone();
    const registry = registryOf(clone);
    await registry.transact(planRegister(registration('late', 'a')));
    const files = new Map([[path, '{}\n']]);
    const change = { files, tags: [], summary: 's', trailers: [], at: '2024-05-01T12:00:00.000Z' };
    expect(await codeOf(registry.transact(() => ({ kind: 'change', change, result: null })))).toBe(code);
  });

  it('leaves index, work tree, branches and hooks of the clone alone', async () => {
    const { clone } = await newRemoteAndClone();
    await write(clone.folder, { dirty: '1', '.git/hooks/pre-push': '#!/bin/sh\nexit 1\n' });
    await chmod(join(clone.folder, '.git/hooks/pre-push'), 0o755);
    const before = await clone.text(['status', '--porcelain=v2', '--branch']);
    await registryOf(clone).transact(planRegister(registration('late', 'a')));
    expect(await clone.text(['status', '--porcelain=v2', '--branch'])).toBe(before);
    expect(await clone.text(['branch', '--list'])).toBe('* main');
  });
});
