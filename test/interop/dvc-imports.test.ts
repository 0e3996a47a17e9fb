import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { assay } from '../cli/command-line.ts';

/** A Python environment with the real DVC; CI makes one and names it here. */
const DVC = join(process.env.ASSAY_TEST_VENV ?? '/nonexistent', 'bin', 'dvc');
const REASON = 'imports beside the real DVC: set ASSAY_TEST_VENV to an environment that has it';
/** Starting DVC takes seconds. */
const TIMEOUT_MS = 240_000;

describe.skipIf(!existsSync(DVC))(REASON, () => {
  let base: string;
  let root: string;
  let source: string;
  let server: Server;
  let web: string;
  beforeEach(async () => {
    base = await mkdtemp(join(tmpdir(), 'assay-dvc-imports-'));
    root = join(base, 'repository');
    source = join(base, 'source');
    for (const folder of [root, join(source, 'rows')]) await mkdir(folder, { recursive: true });
    await run(root, 'git', 'init', '--quiet');
    await run(root, DVC, 'init', '--quiet');
    await writeFile(join(source, 'rows', 'a.csv'), 'one');
    await writeFile(join(source, 'rows', 'b.csv'), 'two');
    await run(source, 'git', 'init', '--quiet');
    await commit('first');
    server = createServer((_request, response) =>
      response.writeHead(200, { etag: '"v1"', 'content-length': 3 }).end('web'),
    );
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const address = server.address();
    web = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/w.csv`;
  }, TIMEOUT_MS);
  afterEach(async () => {
    await new Promise((stopped) => server.close(stopped));
    await rm(base, { recursive: true, force: true });
  });

  async function run(cwd: string, program: string, ...args: string[]): Promise<string> {
    const env = {
      PATH: process.env.PATH,
      HOME: base,
      DVC_NO_ANALYTICS: '1',
      DVC_SITE_CACHE_DIR: join(base, 'site'),
    };
    return (await promisify(execFile)(program, args, { cwd, env })).stdout;
  }
  const dvc = (...args: string[]) => run(root, DVC, ...args);
  async function commit(message: string): Promise<void> {
    const identity = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.org'];
    await run(source, 'git', 'add', '--all');
    await run(source, 'git', ...identity, 'commit', '--quiet', '--message', message);
  }
  async function ours(...args: string[]): Promise<object> {
    const { out, code } = await assay(root, ['data', ...args, '--json']);
    if (code !== 0) throw new Error(`assay data ${args.join(' ')} ended with ${code}: ${out}`);
    return Object(JSON.parse(out));
  }
  const pointer = (name: string) => readFile(join(root, `${name}.dvc`), 'utf8');

  test('our imports are byte for byte those of DVC, and each updates the other’s', {
    timeout: TIMEOUT_MS,
  }, async () => {
    const imports: readonly [string, readonly string[], readonly string[]][] = [
      ['w.csv', ['import-url', web], ['import-url', web]],
      ['a.csv', ['import-url', '../source/rows/a.csv'], ['import-url', '../source/rows/a.csv']],
      ['rows', ['import-url', '../source/rows'], ['import-url', '../source/rows']],
      [
        'kept.csv',
        ['import', '../source', 'rows/a.csv', '-o', 'kept.csv'],
        ['import', '../source', 'rows/a.csv', '-o', 'kept.csv'],
      ],
      ['folder', ['import', '../source', 'rows', '-o', 'folder'], ['import', '../source', 'rows', '-o', 'folder']],
    ];
    for (const [name, theirs, mine] of imports) {
      await dvc(...theirs, '--quiet');
      const expected = await pointer(name);
      for (const path of [name, `${name}.dvc`]) await rm(join(root, path), { recursive: true });
      await ours(...mine);
      expect(await pointer(name), name).toBe(expected);
    }
    expect(JSON.parse(await dvc('status', '--json'))).toEqual({});

    await writeFile(join(source, 'rows', 'a.csv'), 'changed');
    await commit('second');
    const before = await Promise.all(imports.map(([name]) => pointer(name)));
    await ours('update', 'rows', 'folder', 'kept.csv', 'a.csv');
    const updated = await Promise.all(imports.map(([name]) => pointer(name)));
    for (const [index, [name]] of imports.entries()) await writeFile(join(root, `${name}.dvc`), before[index] ?? '');
    await dvc('update', '--quiet', 'rows.dvc', 'folder.dvc', 'kept.csv.dvc', 'a.csv.dvc');
    expect(await Promise.all(imports.map(([name]) => pointer(name)))).toEqual(updated);
    expect(JSON.parse(await dvc('status', '--json'))).toEqual({});
    expect(await readFile(join(root, 'folder', 'a.csv'), 'utf8')).toBe('changed');
  });

  test('imports that bring nothing, and data that go straight to the remote, are those of DVC too', {
    timeout: TIMEOUT_MS,
  }, async () => {
    await dvc('remote', 'add', '--quiet', '-d', 'team', join(base, 'remote'));
    await writeFile(join(base, 'outside'), 'outside');
    const forms: readonly (readonly [string, ...string[]])[] = [
      ['w.csv', 'import-url', web, '--no-download'],
      ['rows', 'import-url', '../source/rows', '--no-download'],
      ['rows', 'import-url', '../source/rows', '--no-exec'],
      ['folder', 'import', '../source', 'rows', '-o', 'folder', '--no-download'],
      ['folder', 'import', '../source', 'rows', '-o', 'folder', '--no-exec'],
      ['w.csv', 'import-url', web, '--to-remote'],
      ['rows', 'import-url', '../source/rows', '--to-remote'],
      ['sent', 'add', '../source/rows', '--to-remote', '-o', 'sent'],
      ['copy', 'add', '../outside', '-o', 'copy'],
    ];
    for (const [name, ...args] of forms) {
      await dvc(...args, '--quiet');
      const expected = await pointer(name);
      const ignored = await readFile(join(root, '.gitignore'), 'utf8');
      for (const path of [name, `${name}.dvc`, '.gitignore'])
        await rm(join(root, path), { recursive: true, force: true });
      await ours(...args);
      expect(await pointer(name), args.join(' ')).toBe(expected);
      if (args.includes('--to-remote')) expect(existsSync(join(root, name))).toBe(false);
      // DVC forgets to hide what it sent to the remote by `add`.
      if (name !== 'sent') expect(await readFile(join(root, '.gitignore'), 'utf8')).toBe(ignored);
      for (const path of [name, `${name}.dvc`, '.gitignore'])
        await rm(join(root, path), { recursive: true, force: true });
      await writeFile(join(root, '.gitignore'), '');
    }
    // What each of them sent, the other brings.
    await ours('add', '../source/rows', '--to-remote', '-o', 'sent');
    await dvc('pull', '--quiet');
    expect(await readFile(join(root, 'sent', 'b.csv'), 'utf8')).toBe('two');
  });
});
