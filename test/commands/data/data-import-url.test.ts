import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { md5 } from '../../../lib/pointers/md5.ts';
import { assay } from '../../cli/command-line.ts';
import { commitAll, newFolder, newRepository } from '../../git/repository.ts';
import { readFiles, writeFiles } from '../../pointers/checkout/work-data.ts';

async function data(root: string, ...args: string[]) {
  const { out, code } = await assay(root, ['data', ...args, '--json']);
  return { exit: code, ...Object(JSON.parse(out)) };
}

async function repository(): Promise<string> {
  const git = await newRepository();
  return git.folder;
}

describe('from the web', () => {
  let server: Server;
  let base: string;
  let text: string;
  let bodies: number;
  beforeAll(async () => {
    server = createServer((request, response) => {
      const etag = `"${md5(text).slice(0, 8)}"`;
      if (request.url?.startsWith('/data/rows.csv') !== true) return response.writeHead(404).end();
      response.writeHead(200, { etag, 'content-length': Buffer.byteLength(text) });
      if (request.method === 'GET') bodies++;
      return response.end(request.method === 'HEAD' ? undefined : text);
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const address = server.address();
    base = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  });
  afterAll(() => new Promise((stopped) => server.close(stopped)));
  beforeEach(() => {
    text = 'a,b\n1,2\n';
    bodies = 0;
  });

  test('a file is brought with its tag, and brought again only when it changed', async () => {
    const root = await repository();
    const url = `${base}/data/rows.csv`;
    expect(await data(root, 'import-url', url)).toMatchObject({ exit: 0, path: 'rows.csv', md5: md5(text), size: 8 });
    expect(readFileSync(join(root, 'rows.csv'), 'utf8')).toBe(text);
    expect(readFileSync(join(root, '.gitignore'), 'utf8')).toBe('/rows.csv\n');
    const pointer = readFileSync(join(root, 'rows.csv.dvc'), 'utf8');
    expect(pointer).toContain(
      `frozen: true\ndeps:\n- checksum: '"${md5(text).slice(0, 8)}"'\n  size: 8\n  hash: md5\n  path: ${url}\n`,
    );
    expect(await data(root, 'update', 'rows.csv')).toMatchObject({ exit: 0, updated: [{ state: 'unchanged' }] });
    expect(bodies).toBe(1);
    writeFileSync(join(root, 'rows.csv.dvc'), `# the newest rows\n${pointer}`);
    text = 'a,b\n3,4\n5,6\n';
    expect(await data(root, 'update', 'rows.csv.dvc')).toMatchObject({
      updated: [{ path: 'rows.csv', md5: md5(text), state: 'changed' }],
    });
    expect(readFileSync(join(root, 'rows.csv'), 'utf8')).toBe(text);
    const updated = readFileSync(join(root, 'rows.csv.dvc'), 'utf8');
    expect(updated).toContain('# the newest rows\n');
    expect(updated).toContain(`md5: ${md5(text)}\n`);
    // What a fresh import writes is what the update made of the old one.
    rmSync(join(root, 'rows.csv.dvc'));
    await data(root, 'import-url', url, '--force');
    expect(updated).toBe(`# the newest rows\n${readFileSync(join(root, 'rows.csv.dvc'), 'utf8')}`);
  });

  test('an update with nothing new puts back what went from the work tree, from the cache or else anew', async () => {
    const root = await repository();
    await data(root, 'import-url', `${base}/data/rows.csv`);
    const unchanged = { exit: 0, updated: [{ path: 'rows.csv', md5: md5(text), state: 'unchanged' }] };
    rmSync(join(root, 'rows.csv'));
    expect(await data(root, 'update', 'rows.csv')).toMatchObject(unchanged);
    expect(readFileSync(join(root, 'rows.csv'), 'utf8')).toBe(text);
    expect(bodies).toBe(1);
    rmSync(join(root, 'rows.csv'));
    rmSync(join(root, '.dvc', 'cache'), { recursive: true });
    expect(await data(root, 'update', 'rows.csv')).toMatchObject(unchanged);
    expect(readFileSync(join(root, 'rows.csv'), 'utf8')).toBe(text);
    expect(bodies).toBe(2);
    writeFileSync(join(root, 'rows.csv'), 'mine');
    expect(await data(root, 'update', 'rows.csv')).toMatchObject({ exit: 2, code: 'E_CHECKOUT_LOSES' });
    expect(readFileSync(join(root, 'rows.csv'), 'utf8')).toBe('mine');
    expect(await data(root, 'update', 'rows.csv', '--no-download')).toMatchObject(unchanged);
    expect(await data(root, 'update', 'rows.csv', '--force')).toMatchObject(unchanged);
    expect(readFileSync(join(root, 'rows.csv'), 'utf8')).toBe(text);
  });

  test('what is not there, or there already, is said', async () => {
    const root = await repository();
    expect(await data(root, 'import-url', `${base}/nothing`)).toMatchObject({ exit: 2, code: 'E_DATA_SOURCE' });
    writeFiles(root, { 'rows.csv': 'mine' });
    const url = `${base}/data/rows.csv?edition=1`;
    expect(await data(root, 'import-url', url)).toMatchObject({ exit: 2, code: 'E_DATA_EXISTS' });
    expect(await data(root, 'import-url', url, 'rows/of.csv')).toMatchObject({ exit: 0, path: 'rows/of.csv' });
    expect(readFileSync(join(root, 'rows.csv'), 'utf8')).toBe('mine');
    const secret = url.replace('//', '//ada:secret@');
    const refused = await data(root, 'import-url', secret, 'more.csv');
    expect(refused).toMatchObject({ exit: 2, code: 'E_DATA_SECRET' });
    expect(JSON.stringify(refused)).not.toContain('secret@');
    expect(await data(root, 'import', secret, 'more.csv')).toMatchObject({ code: 'E_DATA_SECRET' });
  });
});

describe('from a web server that answers otherwise', () => {
  const text = 'a,b\n'.repeat(10_000);
  const packed = gzipSync(text);
  type Answers = (request: IncomingMessage, response: ServerResponse) => unknown;
  let server: Server;
  let answers: Answers;
  let requests: string[];
  let url: string;
  beforeAll(async () => {
    server = createServer((request, response) => {
      requests.push(`${request.method} ${request.headers.range ?? ''}`.trim());
      answers(request, response);
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const address = server.address();
    url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/x.csv`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  beforeEach(() => {
    requests = [];
  });

  const whole =
    (body: string | Buffer, headers = {}): Answers =>
    (request, response) => {
      response.writeHead(200, { 'content-length': Buffer.byteLength(body), ...headers });
      response.end(request.method === 'HEAD' ? undefined : body);
    };
  /** A connection that breaks in the middle of the first body. */
  const broken = (rest: Answers, headers = {}): Answers => {
    let first = true;
    return (request, response) => {
      if (request.method === 'HEAD' || !first) return rest(request, response);
      first = false;
      response.writeHead(200, { 'content-length': text.length, ...headers });
      return response.write(text.slice(0, 9000), () => response.destroy());
    };
  };
  const noHead =
    (status: number): Answers =>
    (request, response) =>
      request.method === 'HEAD' ? response.writeHead(status).end() : whole(text)(request, response);
  const other = 'z'.repeat(text.length);
  const wrongPart: Answers = (request, response) => {
    if (request.headers.range === undefined) return whole(text, { etag: '"1"' })(request, response);
    const range = { 'content-range': `bytes 0-${text.length - 1}/${text.length}`, etag: '"1"' };
    return response.writeHead(206, { 'content-length': text.length, ...range }).end(text);
  };

  test.each<[string, Answers, string]>([
    ['packs what nobody asked to be packed', whole(packed, { 'content-encoding': 'gzip' }), text],
    ['packs it, and has a tag', whole(packed, { 'content-encoding': 'gzip', etag: '"1"' }), text],
    ['knows no HEAD', noHead(405), text],
    ['allows no HEAD', noHead(403), text],
    ['sends another part than the one that was asked for', broken(wrongPart, { etag: '"1"' }), text],
    ['has other bytes after a break, and no tag for them', broken(whole(other)), other],
  ])('and %s: all of it is brought, once', async (_what, plan, expected) => {
    answers = plan;
    const root = await repository();
    expect(await data(root, 'import-url', url)).toMatchObject({ exit: 0, size: expected.length, md5: md5(expected) });
    expect(readFileSync(join(root, 'x.csv'), 'utf8')).toBe(expected);
  });

  test('and always breaks, without a tag: nothing is put together of pieces', async () => {
    answers = (request, response) => broken(whole(text))(request, response);
    const plan = answers;
    answers = (request, response) =>
      request.method === 'HEAD' ? whole(text)(request, response) : plan(request, response);
    const root = await repository();
    expect(await data(root, 'import-url', url)).toMatchObject({ exit: 3, code: 'E_STORE_BROKEN' });
    expect(requests.filter((request) => request.includes('bytes='))).toEqual([]);
    expect(statSync(join(root, 'x.csv'), { throwIfNoEntry: false })).toBeUndefined();
  });

  test('is named without the query that may let in', async () => {
    answers = (_request, response) => response.writeHead(403).end();
    const found = await data(await repository(), 'import-url', `${url}?opens=by/secret`);
    expect(found).toMatchObject({ exit: 3, code: 'E_STORE_DENIED' });
    expect(JSON.stringify(found)).not.toContain('secret');
  });
});

describe('from this machine', () => {
  test('a folder is copied and stays what it is, and its pushed copy outlives it', async () => {
    const root = await repository();
    const outside = await newFolder();
    writeFiles(outside, { 'shared/a': 'one', 'shared/b/c': 'two' });
    const remote = join(await newFolder(), 'remote');
    writeFiles(root, { '.dvc/config': `['remote "team"']\n    url = ${remote}\n[core]\n    remote = team\n` });
    const source = join(outside, 'shared');
    expect(await data(root, 'import-url', source)).toMatchObject({ exit: 0, path: 'shared', files: 2, size: 6 });
    expect(statSync(join(source, 'a')).mode & 0o200).not.toBe(0);
    expect(await data(root, 'push')).toMatchObject({ exit: 0, transferred: 3 });
    writeFiles(outside, { 'shared/a': 'newer' });
    for (const path of ['shared', '.dvc/cache']) rmSync(join(root, path), { recursive: true });
    expect(await data(root, 'pull')).toMatchObject({ exit: 0 });
    expect(readFiles(join(root, 'shared'))).toEqual({ a: 'one', 'b/c': 'two' });
    expect(await data(root, 'update', 'shared')).toMatchObject({ updated: [{ state: 'changed' }] });
    expect(readFiles(join(root, 'shared'))).toEqual({ a: 'newer', 'b/c': 'two' });
    writeFiles(root, { 'shared/a': 'mine' });
    rmSync(outside, { recursive: true });
    expect(await data(root, 'update', 'shared')).toMatchObject({ exit: 2, code: 'E_DATA_SOURCE' });
    expect(readFiles(join(root, 'shared'))).toEqual({ a: 'mine', 'b/c': 'two' });
  });
});

describe('from git', () => {
  test('get and import also bring what git keeps, and update follows the branch', async () => {
    const git = await newRepository();
    const { folder: source } = git;
    writeFiles(source, {
      'rows/a.csv': 'one',
      'rows/b.csv': 'two',
      'rows/big.bin': 'tracked',
      'run.sh': '#!/bin/sh\n',
    });
    await data(source, 'add', 'rows/big.bin');
    const first = await commitAll(git, {}, 'first');
    const root = await repository();
    expect(await data(root, 'get', source, 'rows/a.csv', '-o', 'a.csv')).toMatchObject({ exit: 0, md5: md5('one') });
    expect(readFileSync(join(root, 'a.csv'), 'utf8')).toBe('one');
    expect(await data(root, 'import', source, 'rows')).toMatchObject({ exit: 0, commit: first });
    const brought = readFiles(join(root, 'rows'));
    expect(brought).toMatchObject({ 'a.csv': 'one', 'b.csv': 'two', 'big.bin': 'tracked' });
    expect(Object.keys(brought).sort()).toEqual(['.gitignore', 'a.csv', 'b.csv', 'big.bin']);

    const second = await commitAll(git, { 'rows/a.csv': 'changed' }, 'second');
    for (const path of ['rows', '.dvc/cache']) rmSync(join(root, path), { recursive: true });
    expect(await data(root, 'pull')).toMatchObject({ exit: 0 });
    expect(readFiles(join(root, 'rows'))).toEqual(brought);
    expect(await data(root, 'update', 'rows')).toMatchObject({ updated: [{ state: 'changed', commit: second }] });
    expect(readFiles(join(root, 'rows'))).toEqual({ ...brought, 'a.csv': 'changed' });
    expect(await data(root, 'update', 'rows', '--rev', first)).toMatchObject({ updated: [{ commit: first }] });
    expect(readFiles(join(root, 'rows'))).toEqual(brought);
    expect(readFileSync(join(root, 'rows.dvc'), 'utf8')).toContain(`rev: ${first}\n`);
    expect(await data(root, 'get', source, 'nothing')).toMatchObject({ code: 'E_DATA_NOT_TRACKED' });
  });

  test('only imports are updated', async () => {
    const root = await repository();
    writeFiles(root, { own: 'mine' });
    await data(root, 'add', 'own');
    expect(await data(root, 'update', 'own')).toMatchObject({ exit: 2, code: 'E_DATA_NO_IMPORT' });
  });
});
