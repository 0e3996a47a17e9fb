import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, open, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createLocalStore } from '../../../lib/stores/folder/local-store.ts';
import { objectOf, storeConformance } from '../conformance.ts';

storeConformance('the local store', async () => {
  const root = await mkdtemp(join(tmpdir(), 'assay-local-'));
  return {
    store: createLocalStore(join(root, 'store')),
    reopen: () => createLocalStore(join(root, 'store')),
    close: () => rm(root, { recursive: true, force: true }),
  };
});

describe('the local store on a disk', () => {
  let root: string;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'assay-local-'));
  });
  afterEach(() => rm(root, { recursive: true, force: true }));
  const pathOf = (key: string) => join(root, ...key.split('/'));

  test('objects have the mode that DVC trusts', async () => {
    const object = objectOf('weights');
    await createLocalStore(root).write([object]);
    expect((await stat(pathOf(object.key))).mode & 0o777).toBe(0o444);
  });

  test('a flipped bit is found, never delivered, and mended by writing again', async () => {
    const store = createLocalStore(root);
    const object = objectOf('weights of a model');
    await store.write([object]);
    const bytes = await readFile(pathOf(object.key));
    bytes[3] = (bytes[3] ?? 0) ^ 1;
    await chmod(pathOf(object.key), 0o644);
    await writeFile(pathOf(object.key), bytes);
    await chmod(pathOf(object.key), 0o444);
    const target = join(root, 'out');
    await expect(store.read(object.key, object.expected, target)).rejects.toMatchObject({
      code: 'E_STORE_OBJECT_CORRUPT',
      message: expect.stringContaining(object.key),
    });
    await expect(stat(target)).rejects.toThrow();
    expect(await store.write([object])).toMatchObject({ written: 1, present: 0 });
    await store.read(object.key, object.expected, target);
    expect(await readFile(target, 'utf8')).toBe('weights of a model');
  });

  test('an object cut short is found', async () => {
    const store = createLocalStore(root);
    const object = objectOf('weights of a model');
    await store.write([object]);
    await rm(pathOf(object.key));
    await writeFile(pathOf(object.key), 'weights', { mode: 0o444 });
    await expect(store.read(object.key, object.expected, join(root, 'out'))).rejects.toMatchObject({
      message: expect.stringContaining('18 bytes'),
    });
  });

  test.skipIf(process.platform === 'win32')(
    'a writer killed in the middle leaves nothing that anybody sees',
    async () => {
      const object = objectOf('weights');
      const fifo = join(root, 'endless');
      await promisify(execFile)('mkfifo', [fifo]);
      const store = join(root, 'store');
      const child = spawn(process.execPath, [join(import.meta.dirname, 'writing-child.ts'), store, fifo, object.key]);
      const exited = once(child, 'exit');
      // Opening for writing waits for the reader: the child is in the middle of its copy then.
      const writer = await open(fifo, 'w');
      await writer.write(Buffer.alloc(65_536, 1));
      const folder = join(store, ...object.key.split('/').slice(0, -1));
      while ((await readdir(folder).catch(() => [])).length === 0) await new Promise((next) => setTimeout(next, 10));
      child.kill('SIGKILL');
      expect(await exited).toEqual([null, 'SIGKILL']);
      await writer.close();
      expect((await readdir(folder)).every((name) => /^\.[0-9a-f]+\.tmp$/.test(name))).toBe(true);
      expect(await createLocalStore(store).has(object.key)).toBe(false);
      expect(await createLocalStore(store).list('')).toEqual([]);
      expect(await createLocalStore(store).write([object])).toMatchObject({ written: 1 });
    },
  );

  test('a place that cannot be written names itself', async () => {
    await writeFile(join(root, 'file'), '');
    await expect(createLocalStore(join(root, 'file', 'store')).write([objectOf('x')])).rejects.toMatchObject({
      code: 'E_STORE_WRITE',
      exitCode: 3,
      message: expect.stringContaining(join(root, 'file', 'store')),
    });
  });

  test('a folder that cannot be written is an error, and nothing is left in it', async () => {
    await mkdir(join(root, 'store'));
    await chmod(join(root, 'store'), 0o555);
    // Permissions do not bind root, but nobody can make a folder below a device.
    const folder = process.getuid?.() === 0 ? '/dev/null/store' : join(root, 'store');
    await expect(createLocalStore(folder).write([objectOf('x')])).rejects.toMatchObject({ code: 'E_STORE_WRITE' });
    expect(await readdir(join(root, 'store'))).toEqual([]);
  });
});
