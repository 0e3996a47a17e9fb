import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import { ErrorOutput } from '../../../lib/commands/error-output.ts';
import { train } from '../../../lib/commands/train/train.ts';
import { assay } from '../../cli/command-line.ts';
import { commandYaml, commit, opened, WEIGHTS, type Workspace } from '../repository.ts';
import { newTrained, registered } from '../verbs.ts';

/** The same project, whose bytes go to DVC's default remote from now on. */
async function moveToRemote(workspace: Workspace): Promise<string> {
  const { store: _none, ...yaml } = commandYaml();
  const remote = join(workspace.folder, 'bucket');
  const config = `[core]\n    remote = new\n['remote "new"']\n    url = ${remote}\n`;
  await commit(workspace, { 'assay.yaml': stringify(yaml), '.dvc/config': config });
  return remote;
}

async function got({ root }: Workspace, reference: string, folder = reference) {
  const { code, out } = await assay(root, ['get', reference, '--json', '--output', folder]);
  return { code, document: JSON.parse(out) };
}

test('a model that was registered with another store is not found, and the way to bring it over works', async () => {
  const workspace = await newTrained();
  await registered(workspace);
  const { root, store } = workspace;
  const remote = await moveToRemote(workspace);
  const { code, document } = await got(workspace, 'late@1.0.0');
  const error = ErrorOutput.parse(document);
  expect({ code, error: error.code }).toEqual({ code: 3, error: 'E_STORE_OBJECT_MISSING' });
  const advice = `assay store move ${remote} --from ${store}`;
  expect(error.fix).toContain(`The version was registered with ${store}: ${advice} brings all of it over.`);
  expect(await assay(root, advice.split(' ').slice(1))).toMatchObject({ code: 0 });
  expect((await got(workspace, 'late@1.0.0')).code).toBe(0);
});

test('each version is told with the store of its own registration; one that is lost from the present one with none', async () => {
  const workspace = await newTrained();
  await registered(workspace);
  const remote = await moveToRemote(workspace);
  const { store: _none, ...yaml } = commandYaml({}, { parameters: WEIGHTS.good });
  await commit(workspace, { 'assay.yaml': stringify(yaml) });
  const { context, project } = await opened(workspace);
  await train(context, { project });
  expect((await registered(workspace)).version).toBe('1.1.0');
  expect((await got(workspace, 'late@1.1.0')).code).toBe(0);
  expect((await got(workspace, 'late@1.0.0')).document.fix).toContain(`--from ${workspace.store}`);
  await rm(remote, { recursive: true });
  const lost = ErrorOutput.parse((await got(workspace, 'late@1.1.0', 'again')).document);
  expect(lost.code).toBe('E_STORE_OBJECT_MISSING');
  expect(lost.fix).not.toContain('store move');
});
