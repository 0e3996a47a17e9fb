import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { ENVIRONMENT } from './commands/repository.ts';
import { commitAll, newFolder, newRepository } from './git/repository.ts';
import { writeFiles } from './pointers/checkout/work-data.ts';

const PROGRAM = fileURLToPath(new URL('../lib/cli/assay.ts', import.meta.url));

/** A repository whose data are on a web server that begins to answer and goes no further; resolves when it was asked. */
async function endless() {
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-length': '1000' }).write('begun');
    server.emit('asked');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const git = await newRepository();
  const md5 = 'a'.repeat(32);
  writeFiles(git.folder, {
    '.dvc/config': `[core]\n    remote = web\n['remote "web"']\n    url = http://127.0.0.1:${port}\n`,
    'rows.dvc': `outs:\n- md5: ${md5}\n  size: 1000\n  hash: md5\n  path: rows\n`,
  });
  await commitAll(git, {}, 'data');
  return { url: git.folder, server };
}

it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('%s ends a get with nothing left of it', async (signal) => {
  const { url, server } = await endless();
  const here = await newFolder();
  const temporary = await newFolder();
  // A clone, so that there is a folder for it too.
  const child = spawn(process.execPath, [PROGRAM, 'data', 'get', `file://${url}`, 'rows'], {
    cwd: here,
    env: { ...ENVIRONMENT, TMPDIR: temporary },
    stdio: 'ignore',
  });
  try {
    await Promise.race([once(server, 'asked'), once(child, 'close')]);
    const begun = [readdirSync(here).length, readdirSync(temporary).length];
    child.kill(signal);
    const [code, by] = await once(child, 'close');
    expect({ begun, code, by }).toEqual({ begun: [1, 1], code: null, by: signal });
    expect([...readdirSync(here), ...readdirSync(temporary)]).toEqual([]);
  } finally {
    child.kill('SIGKILL');
    server.closeAllConnections();
    server.close();
  }
});
