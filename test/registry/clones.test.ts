import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { planPromote } from '../../lib/registry/promote.ts';
import { planRegister } from '../../lib/registry/register.ts';
import { planRollback } from '../../lib/registry/rollback.ts';
import { compiledCode } from '../compiled-code.ts';
import { cloneOf, commitAll, GIT_ENV, newFolder, newRemoteAndClone } from '../git/repository.ts';
import { fixedClock, registration, registryOf } from './requests.ts';

const OVERRIDE = { override: { reason: 'first of all', verdict: 'inconclusive' }, provenBetter: false } as const;

describe('shallow clones', () => {
  it('read, register, promote and roll back, and stay shallow', async () => {
    const { remote, clone } = await newRemoteAndClone();
    await commitAll(clone, { more: '1' }, 'two');
    await clone.run(['push', '--quiet', 'origin', 'main']);
    await registryOf(clone).transact(planRegister(registration('late', 'a')));
    for (const options of [['--depth=1'], ['--depth=1', '--no-single-branch'], ['--depth=1', '--no-tags']]) {
      const shallow = await cloneOf(remote, ...options);
      const registry = registryOf(shallow, fixedClock('2024-06-01T00:00:00Z'));
      const run = options.join();
      const registered = await registry.transact(planRegister(registration('late', run)));
      if (registered.kind !== 'done') throw new Error(registered.kind);
      const { version } = registered.result;
      const holder = (await registry.read()).state.models.get('late')?.stages.get('production')?.holder ?? null;
      const request = { model: 'late', stage: 'production', ...OVERRIDE };
      await registry.transact(planPromote({ ...request, version: '1.0.0', expected: holder }));
      await registry.transact(planPromote({ ...request, version, expected: '1.0.0' }));
      const back = planRollback({ model: 'late', stage: 'production', expected: version, reason: 'bad' });
      expect(await registry.transact(back)).toMatchObject({ kind: 'done', result: { version: '1.0.0' } });
      expect(await shallow.text(['rev-list', '--count', 'HEAD'])).toBe('1');
    }
    const { state, problems } = await registryOf(clone).read();
    expect(problems).toEqual([]);
    expect(state.models.get('late')?.versions.size).toBe(4);
  });
});

describe('partial clones', () => {
  it.each(['blob:none', 'tree:0'])('of %s read and register', async (filter) => {
    const { remote, clone } = await newRemoteAndClone();
    for (const key of ['allowFilter', 'allowAnySHA1InWant']) await remote.run(['config', `uploadpack.${key}`, 'true']);
    await registryOf(clone).transact(planRegister(registration('late', 'a')));
    for (const [place, options] of [[], ['--single-branch', '--no-tags']].entries()) {
      const partial = await cloneOf(remote, `--filter=${filter}`, ...options);
      const done = await registryOf(partial).transact(planRegister(registration('late', `of ${place}`)));
      expect(done).toMatchObject({ kind: 'done', result: { version: `1.${place + 1}.0` } });
    }
    const { state, problems } = await registryOf(clone).read();
    expect(problems).toEqual([]);
    expect(state.models.get('late')?.versions.size).toBe(3);
    await remote.run(['fsck', '--strict', '--no-dangling']);
  });
});

describe('two processes', () => {
  it('register at the same moment: both succeed, nothing is lost', async () => {
    const { remote, clone } = await newRemoteAndClone();
    const meeting = await newFolder();
    const { spawn } = await import('node:child_process');
    const script = join(import.meta.dirname, 'register-process.ts');
    const race = async (name: string) => {
      const git = await cloneOf(remote);
      return new Promise<string>((resolve, reject) => {
        const child = spawn(process.execPath, [script, git.folder, name, meeting], {
          env: { ...GIT_ENV, ...compiledCode() },
        });
        let out = '';
        child.stdout.on('data', (chunk: Buffer) => {
          out += chunk.toString();
        });
        child.stderr.on('data', (chunk: Buffer) => {
          out += chunk.toString();
        });
        child.on('error', reject);
        child.on('close', (code) => (code === 0 ? resolve(out) : reject(new Error(out))));
      });
    };
    const outcomes = (await Promise.all([race('left'), race('right')])).map((out) => JSON.parse(out));
    expect(outcomes.map(({ version }) => version).sort()).toEqual(['1.0.0', '1.1.0']);
    expect(outcomes.map(({ attempts }) => attempts).sort()).toEqual([1, 2]);
    const { state, problems } = await registryOf(clone).read();
    expect(problems).toEqual([]);
    const names = [...(state.models.get('late')?.versions.values() ?? [])].map(({ lineage }) => lineage.commit);
    expect(names.sort()).toEqual(['left', 'right']);
    expect(await remote.text(['tag', '--list'])).toBe('late@v1.0.0\nlate@v1.1.0');
  });
});
