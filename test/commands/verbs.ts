import { readdir } from 'node:fs/promises';
import { expect } from 'vitest';
import { projectRegistry } from '../../lib/commands/registry/open-registry.ts';
import { promote } from '../../lib/commands/registry/promote.ts';
import { type RegisterRequestInput, register } from '../../lib/commands/registry/register.ts';
import { train } from '../../lib/commands/train/train.ts';
import { prepared } from './prepared.ts';
import { commandYaml, configure, newWorkspace, opened, WEIGHTS, type Workspace } from './repository.ts';

export async function trained(
  workspace: Workspace,
  parameters: object,
  changes: Readonly<Record<string, unknown>> = {},
) {
  await configure(workspace, commandYaml(changes, { parameters }));
  const { context, project } = await opened(workspace);
  return train(context, { project });
}

export async function registered(workspace: Workspace, request: Partial<RegisterRequestInput> = {}) {
  const { context, project } = await opened(workspace);
  return register(context, { project, ...request });
}

export async function promoted(workspace: Workspace, request: object = {}) {
  const { context, project } = await opened(workspace);
  return promote(context, { project, ...request });
}

export async function stateOf(workspace: Workspace) {
  const { context } = await opened(workspace);
  const { state, problems } = await projectRegistry(context).read();
  expect(problems).toEqual([]);
  return state.models.get('late');
}

export const branches = (workspace: Workspace) => workspace.remote.text(['for-each-ref', '--format=%(refname)']);
export const storeFiles = async (workspace: Workspace) =>
  (await readdir(workspace.store, { recursive: true, withFileTypes: true }).catch(() => [])).filter((entry) =>
    entry.isFile(),
  );

/** A weak run, nothing registered. */
export function newTrained(): Promise<Workspace> {
  return prepared('trained', async () => {
    const workspace = await newWorkspace();
    await trained(workspace, WEIGHTS.weak);
    return workspace;
  });
}

/** That run is 1.0.0 and holds the stage. */
export function newProduction(): Promise<Workspace> {
  return prepared('production', async () => {
    const workspace = await newTrained();
    await registered(workspace);
    const { promoted: done } = await promoted(workspace);
    if (done === undefined) throw new Error('the first version does not beat the constant');
    return workspace;
  });
}

/** A good 1.1.0 is registered beside it. */
export function newCandidate(): Promise<Workspace> {
  return prepared('candidate', async () => {
    const workspace = await newProduction();
    await trained(workspace, WEIGHTS.good);
    await registered(workspace);
    return workspace;
  });
}
