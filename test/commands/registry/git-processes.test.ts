import { beforeAll, describe, expect, it } from 'vitest';
import { promote } from '../../../lib/commands/registry/promote.ts';
import { register } from '../../../lib/commands/registry/register.ts';
import { rollback } from '../../../lib/commands/registry/rollback.ts';
import { noting } from '../../git/noting.ts';
import { copyOf, opened, WEIGHTS, type Workspace } from '../repository.ts';
import { newProduction, newTrained, trained } from '../verbs.ts';

// A process of git costs more than most of what these verbs do besides, above all on a runner: what they start is pinned, so that
// nobody adds a question unseen.

const READ = ['ls-remote', 'cat-file'];
const WRITE = ['unpack-objects', 'push', 'update-ref'];
const RUN_OF_THE_WORK_TREE = ['rev-parse', 'add', 'ls-files', 'status'];
const SCORE_HERE = ['status'];
const SCORE_IN_WORKTREE = ['status', 'worktree', 'worktree'];

/** What a verb is called with, and the processes that it starts. */
async function watched(workspace: Workspace) {
  const { context, project } = await opened(workspace);
  const { git, commands } = noting(context.git);
  return { context: { ...context, git }, project, commands };
}

describe('processes of git', () => {
  let trainedOnly: Workspace;
  let production: Workspace;
  beforeAll(async () => {
    trainedOnly = await newTrained();
    production = await newProduction();
  });

  it('are few where a model is new', async () => {
    const workspace = await copyOf(trainedOnly);
    const first = await watched(workspace);
    expect((await register(first.context, first)).existed).toBe(false);
    const nothingToRead = 'ls-remote';
    expect(first.commands).toEqual(
      ['remote', nothingToRead, ...RUN_OF_THE_WORK_TREE, ...SCORE_HERE, nothingToRead, ...WRITE].flat(),
    );
  });

  it('are few where a version is judged against another', async () => {
    const workspace = await copyOf(production);
    await trained(workspace, WEIGHTS.good);

    const registering = await watched(workspace);
    expect((await register(registering.context, registering)).version).toBe('1.1.0');
    expect(registering.commands).toEqual([
      ...['remote', ...READ, ...RUN_OF_THE_WORK_TREE],
      // The run of the version in production, then its scores, then the smoke test.
      ...['cat-file', ...SCORE_IN_WORKTREE, ...SCORE_HERE],
      ...['ls-remote', ...WRITE],
    ]);

    const promoting = await watched(workspace);
    expect((await promote(promoting.context, promoting)).promoted?.version).toBe('1.1.0');
    expect(promoting.commands).toEqual([
      ...['remote', ...READ],
      // Both runs, and both sides' scores.
      ...['cat-file', 'cat-file', ...SCORE_HERE, 'status', 'rev-parse', 'worktree', 'worktree'],
      // The look, then the stage, on top of the look.
      ...['ls-remote', ...WRITE],
      ...[...READ, ...WRITE],
    ]);

    const back = await watched(workspace);
    expect((await rollback(back.context, { ...back, reason: 'it is worse' })).rolledBack).toMatchObject({
      version: '1.0.0',
    });
    expect(back.commands).toEqual(['remote', ...READ, 'ls-remote', ...WRITE]);
  });
});
