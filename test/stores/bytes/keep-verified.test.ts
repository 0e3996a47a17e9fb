import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { keepVerified } from '../../../lib/stores/bytes/keep-verified.ts';
import { SMALL_OBJECT } from '../../../lib/stores/bytes/place-verified.ts';
import { OBJECT_MODE } from '../../../lib/stores/bytes/verified-copy.ts';
import { objectOf } from '../conformance.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assay-keep-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function* inChunks(bytes: Uint8Array, size: number): AsyncIterable<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

const mismatch = ({ actual }: { actual: string }) => new Error(`found ${actual}`);

describe.each([
  ['nothing', 0],
  ['a small object', 4096],
  ['the largest small object', SMALL_OBJECT],
  ['the smallest large one', SMALL_OBJECT + 1],
  ['a large one', 3 * SMALL_OBJECT + 17],
])('%s', (_what, size) => {
  const bytes = randomBytes(size);
  const { expected } = objectOf(bytes);
  const keep = (target: string, sent: Uint8Array = bytes) =>
    keepVerified({ source: inChunks(sent, 65_536), target, expected, mode: OBJECT_MODE, mismatch });

  test('appears whole, in a folder that is made for it, with its mode', async () => {
    const target = join(folder, 'ab', 'object');
    await keep(target);
    expect((await readFile(target)).equals(bytes)).toBe(true);
    expect((await stat(target)).mode & 0o777).toBe(0o444);
    expect(await readdir(join(folder, 'ab'))).toEqual(['object']);
  });

  test('with a byte too many leaves what was there, and nothing else', async () => {
    const target = join(folder, 'object');
    await writeFile(target, 'before');
    await expect(keep(target, Buffer.concat([bytes, Buffer.from('!')]))).rejects.toThrow(`found ${size + 1} bytes`);
    expect(await readFile(target, 'utf8')).toBe('before');
    expect(await readdir(folder)).toEqual(['object']);
  });
});

test('a source that fails midway is told, and nothing is left', async () => {
  async function* failing() {
    yield randomBytes(2 * SMALL_OBJECT);
    throw new Error('lost');
  }
  const { expected } = objectOf(randomBytes(3 * SMALL_OBJECT));
  const target = join(folder, 'object');
  const kept = keepVerified({ source: failing(), target, expected, mode: OBJECT_MODE, mismatch });
  await expect(kept).rejects.toThrow('lost');
  expect(await readdir(folder)).toEqual([]);
});

test('a source that never ends is left after what is expected at most, and nothing stays', async () => {
  let sent = 0;
  async function* endless() {
    for (;;) {
      sent += 65_536;
      yield Buffer.alloc(65_536);
    }
  }
  const atMost = 3 * SMALL_OBJECT;
  const expected = { md5: objectOf('short').expected.md5, atMost };
  const target = join(folder, 'object');
  const unfinished = { path: join(folder, 'unfinished'), bytes: 0 };
  const kept = keepVerified({ source: endless(), target, expected, unfinished, mode: OBJECT_MODE, mismatch });
  await expect(kept).rejects.toThrow('found more');
  expect(sent).toBeLessThanOrEqual(atMost + 65_536);
  expect(await readdir(folder)).toEqual([]);
});
