import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { stringify } from 'yaml';
import { projectRegistry } from '../../lib/commands/registry/open-registry.ts';
import { RegistrationOutput } from '../../lib/commands/registry/outputs.ts';
import { openGit } from '../../lib/git/git.ts';
import { commandYaml, contextOf, ENVIRONMENT, NODE, newWorkspace, type Workspace } from '../commands/repository.ts';
import { compiledCode } from '../compiled-code.ts';
import { commitAll, setIdentity } from '../git/repository.ts';
import { assay } from './command-line.ts';

const PROGRAM = join(import.meta.dirname, '../../lib/cli/assay.ts');

/** A real process of the command line. */
function process(cwd: string, ...args: string[]): Promise<{ code: number | null; out: string; err: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(NODE, [PROGRAM, ...args], { cwd, env: { ...ENVIRONMENT, ...compiledCode() } });
    const text = { out: '', err: '' };
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      text.out += chunk;
    });
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      text.err += chunk;
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, ...text }));
  });
}

/** Another clone beside the first, with the same remote and store. */
async function beside({ folder, remote }: Workspace, name: string): Promise<string> {
  const root = join(folder, name);
  await openGit(folder, { env: ENVIRONMENT }).run(['clone', '--quiet', remote.folder, root]);
  const git = openGit(root, { env: ENVIRONMENT });
  await setIdentity(git);
  await commitAll(git, { 'assay.yaml': stringify(commandYaml({}, { seed: name.length })) }, name);
  expect((await assay(root, ['train'])).code).toBe(0);
  return root;
}

it('two processes register at the same time: two versions, nothing lost, tags right', async () => {
  const workspace = await newWorkspace();
  const roots = [await beside(workspace, 'left'), await beside(workspace, 'right')];
  const ended = await Promise.all(roots.map((root) => process(root, 'register', '--json')));
  expect(ended.map(({ code, err }) => ({ code, err }))).toEqual([
    { code: 0, err: '' },
    { code: 0, err: '' },
  ]);
  const outputs = ended.map(({ out }) => RegistrationOutput.parse(JSON.parse(out)));
  expect(outputs.map(({ record }) => record.version).sort()).toEqual(['1.0.0', '1.1.0']);
  const { state, problems } = await projectRegistry(contextOf(workspace)).read();
  expect(problems).toEqual([]);
  const late = state.models.get('late');
  for (const { record, tags } of outputs) {
    expect(late?.versions.get(record.version)).toEqual(record);
    expect(tags).toEqual([`late@v${record.version}`]);
    const commit = await workspace.remote.text(['rev-parse', `${tags[0]}^{commit}`]);
    expect(await workspace.remote.text(['show', '--no-patch', '--format=%s', commit])).toBe(
      `Register late ${record.version}`,
    );
  }
  expect(late?.events.map(({ kind, sequence }) => [kind, sequence])).toEqual([
    ['register', 1],
    ['register', 2],
  ]);
  // Each brings the other's bytes.
  for (const version of ['1.0.0', '1.1.0']) {
    const output = join(workspace.folder, version);
    expect((await assay(roots[0] ?? '', ['get', `late@${version}`, '--output', output])).code).toBe(0);
  }
  // The same run twice: one version, and both end well.
  const again = await Promise.all(roots.map(() => process(roots[0] ?? '', 'register', '--json')));
  expect(again.map(({ code, out }) => [code, RegistrationOutput.parse(JSON.parse(out)).existed])).toEqual([
    [0, true],
    [0, true],
  ]);
});
