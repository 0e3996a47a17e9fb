import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { md5 } from '../../lib/pointers/md5.ts';
import { assay } from '../cli/command-line.ts';
import { ENVIRONMENT } from '../commands/repository.ts';
import { compiledCode } from '../compiled-code.ts';
import { newRepository } from '../git/repository.ts';
import { readFiles } from '../pointers/checkout/work-data.ts';

const PROGRAM = join(import.meta.dirname, '..', '..', 'lib', 'cli', 'assay.ts');
const FILES = 1_500;

/** `assay data ARGS` in a process of its own. */
function start(root: string, ...args: string[]) {
  return spawn(process.execPath, [PROGRAM, 'data', ...args, '--json'], {
    cwd: root,
    env: { ...ENVIRONMENT, ...compiledCode() },
    stdio: 'ignore',
  });
}

async function repository(cache?: string): Promise<string> {
  const { folder } = await newRepository({ README: 'faults' });
  mkdirSync(join(folder, 'data'));
  for (let i = 0; i < FILES; i++) writeFileSync(join(folder, 'data', `${i}`), `${i} `.repeat(500));
  mkdirSync(join(folder, '.dvc'));
  writeFileSync(join(folder, '.dvc', 'config'), cache === undefined ? '' : `[cache]\n    dir = ${cache}\n`);
  return folder;
}

/** Every object under its own name, and nothing that is not one. */
function expectSound(cache: string): void {
  const objects = existsSync(cache) ? Object.entries(readFiles(cache)) : [];
  for (const [path, text] of objects) {
    expect(`${md5(text)}`).toBe(path.replaceAll('/', '').replace(/\.dir$/, ''));
  }
}

test('a killed add leaves nothing half, and the next one completes it', async () => {
  const root = await repository();
  const cache = join(root, '.dvc', 'cache');
  // Killed as soon as there is something to be left half.
  const child = start(root, 'add', 'data');
  const ended = once(child, 'close');
  while (!existsSync(join(cache, 'files', 'md5')) && child.exitCode === null) await pause(1);
  child.kill('SIGKILL');
  await ended;
  expectSound(join(cache, 'files', 'md5'));
  expect((await assay(root, ['data', 'add', 'data', '--json'])).code).toBe(0);
  expect(JSON.parse((await assay(root, ['data', 'status', '--json'])).out).clean).toBe(true);
  expect(JSON.parse((await assay(root, ['data', 'verify', '--json'])).out)).toMatchObject({
    sound: true,
    verified: FILES + 1,
  });
  expect(readdirSync(join(cache, 'assay-tmp'))).toEqual([]);
});

test('a killed checkout shows nothing half, and the next one completes it', async () => {
  const root = await repository();
  expect((await assay(root, ['data', 'add', 'data', '--json'])).code).toBe(0);
  rmSync(join(root, 'data'), { recursive: true });
  const child = start(root, 'checkout');
  const ended = once(child, 'close');
  const staging = join(root, '.dvc', 'tmp', 'assay', 'staging');
  while (!(existsSync(staging) && readdirSync(staging).length > 0) && child.exitCode === null) await pause(1);
  child.kill('SIGKILL');
  await ended;
  // A folder that was not there appears at once or not at all.
  const shown = existsSync(join(root, 'data')) ? readdirSync(join(root, 'data')).length : 0;
  expect([0, FILES]).toContain(shown);
  expect((await assay(root, ['data', 'checkout', '--json'])).code).toBe(0);
  expect(JSON.parse((await assay(root, ['data', 'status', '--json'])).out).clean).toBe(true);
  expect(readdirSync(staging)).toEqual([]);
});

test('two processes at once on one cache both succeed', async () => {
  const shared = join((await newRepository()).folder, 'shared');
  const roots = await Promise.all([repository(shared), repository(shared)]);
  const children = roots.map((root) => start(root, 'add', 'data'));
  const codes = await Promise.all(children.map(async (child) => (await once(child, 'close'))[0]));
  expect(codes).toEqual([0, 0]);
  expectSound(join(shared, 'files', 'md5'));
  for (const root of roots) {
    expect(JSON.parse((await assay(root, ['data', 'status', '--json'])).out).clean).toBe(true);
  }
});
