import { once } from 'node:events';
import { cpSync, createReadStream, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { assay } from '../../cli/command-line.ts';
import { newFolder, newRepository } from '../../git/repository.ts';
import { writeFiles } from '../../pointers/checkout/work-data.ts';

test.each([
  [[], 1],
  [['--jobs', '3'], 3],
])("a remote's jobs are how many transfers there are at a time, where %j says nothing else", async (options, most) => {
  const { folder: root } = await newRepository({});
  const names = Array.from({ length: 9 }, (_, index) => `f${index}`);
  writeFiles(root, Object.fromEntries(names.map((name) => [name, `the ${name}`])));
  await assay(root, ['data', 'add', ...names]);
  const store = await newFolder();
  cpSync(join(root, '.dvc', 'cache'), store, { recursive: true });
  let now = 0;
  let seen = 0;
  const server = createServer(async ({ url = '' }, answer) => {
    seen = Math.max(seen, ++now);
    await delay(10);
    createReadStream(join(store, url))
      .pipe(answer)
      .on('close', () => now--);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  const remote = `['remote "web"']\n    url = ${url}\n    jobs = 1\n`;
  writeFileSync(join(root, '.dvc', 'config'), `[core]\n    remote = web\n${remote}`);
  for (const path of [join('.dvc', 'cache'), ...names]) rmSync(join(root, path), { recursive: true });
  expect(await assay(root, ['data', 'pull', ...options])).toMatchObject({ code: 0 });
  expect(seen).toBeLessThanOrEqual(most);
  expect(seen).toBeGreaterThan(most / 3);
  server.close();
  server.closeAllConnections();
});
