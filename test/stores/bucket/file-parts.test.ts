import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type FilePart, fileParts } from '../../../lib/stores/bucket/file-parts.ts';
import type { StoreObject } from '../../../lib/stores/store.ts';
import { objectOf } from '../conformance.ts';

const MIB = 1024 * 1024;
const md5Of = (bytes: Uint8Array) => createHash('md5').update(bytes).digest('hex');

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assay-parts-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function partsOf(bytes: Buffer, partBytes: number, announced: StoreObject = objectOf(bytes)) {
  const file = join(folder, 'source');
  await writeFile(file, bytes);
  const parts: FilePart[] = [];
  for await (const part of fileParts(announced, file, partBytes, 'md5')) parts.push(part);
  return parts;
}

test.each([
  ['pieces that end where a read does', 2 * MIB, 5 * MIB, [2 * MIB, 2 * MIB, MIB]],
  ['pieces that end within a read', 700_001, 1_500_000, [700_001, 700_001, 99_998]],
  ['a whole number of pieces', MIB, 2 * MIB, [MIB, MIB]],
  ['less than one', MIB, 10, [10]],
])('%s have their own bytes and digests, as often as they are opened', async (_what, partBytes, size, sizes) => {
  const bytes = randomBytes(size);
  const parts = await partsOf(bytes, partBytes);
  expect(parts.map((part) => part.size)).toEqual(sizes);
  for (const [index, part] of parts.entries()) {
    const wanted = bytes.subarray(index * partBytes, index * partBytes + part.size);
    expect(part.checksum.toString('hex')).toBe(md5Of(wanted));
    for (const _ of [1, 2]) expect((await buffer(part.open())).equals(wanted)).toBe(true);
  }
});

test.each([
  ['other bytes', (bytes: Buffer) => Buffer.from(bytes).fill(1, 2 * MIB)],
  ['fewer bytes', (bytes: Buffer) => bytes.subarray(0, 2 * MIB + 1)],
  ['more bytes', (bytes: Buffer) => Buffer.concat([bytes, Buffer.alloc(3 * MIB)])],
])('%s than announced: the last piece is not given', async (_what, change) => {
  const bytes = randomBytes(3 * MIB);
  await expect(partsOf(change(bytes), 4 * MIB, objectOf(bytes))).rejects.toMatchObject({
    code: 'E_STORE_SOURCE_CHANGED',
  });
});
