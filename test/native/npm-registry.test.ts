import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { npmRegistry } from '../../lib/native/npm-registry.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assay-registry-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** The real npm, which reads this .npmrc, with a home of its own. */
const environment = () => ({ PATH: process.env.PATH, HOME: folder, npm_config_userconfig: join(folder, '.npmrc') });

test('the setting comes first and npm is not asked', async () => {
  const env = { PATH: '', ASSAY_NPM_REGISTRY: 'https://mirror.example/npm' };
  expect(await npmRegistry(env, folder)).toBe('https://mirror.example/npm');
});

test("npm's own configuration names a company's mirror", async () => {
  await writeFile(join(folder, '.npmrc'), 'registry=https://packages.example/npm/\n');
  expect(await npmRegistry(environment(), folder)).toBe('https://packages.example/npm/');
});

test('without npm the error names the setting', async () => {
  await expect(npmRegistry({ PATH: folder }, folder)).rejects.toThrow(/E_NATIVE_NO_REGISTRY|npm does not say/);
});

test('an npm that answers nonsense is not believed', async () => {
  await writeFile(join(folder, 'npm'), '#!/bin/sh\necho undefined\n');
  await chmod(join(folder, 'npm'), 0o755);
  await expect(npmRegistry({ PATH: `${folder}:/usr/bin:/bin` }, folder)).rejects.toThrow(/names no registry/);
});
