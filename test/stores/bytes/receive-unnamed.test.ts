import { randomBytes } from 'node:crypto';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { md5OfBytes } from '../../../lib/pointers/cache/hash-file.ts';
import { OVERLAP_BYTES, receiveUnnamed } from '../../../lib/stores/bytes/receive-unnamed.ts';
import { newFolder } from '../../git/repository.ts';

const whole = randomBytes(OVERLAP_BYTES * 2 + 12_345);
const digest = md5OfBytes(whole, 'md5');

/** The bytes from a place on, in pieces; breaks after some of them. */
function source(asked: number[], breaksAfter = Number.POSITIVE_INFINITY) {
  return async function* (start: number): AsyncIterable<Uint8Array> {
    asked.push(start);
    for (let at = start; at < whole.length; at += 100_000) {
      if (at - start >= breaksAfter) throw new Error('broken');
      yield whole.subarray(at, at + 100_000);
    }
  };
}

describe('bytes whose digest nobody knows', () => {
  let path: string;
  beforeEach(async () => {
    path = join(await newFolder(), 'file');
  });

  test('are hashed on the way', async () => {
    expect(await receiveUnnamed(source([]), { path, bytes: 0 })).toEqual({ md5: digest, size: whole.length });
    expect(readFileSync(path).equals(whole)).toBe(true);
  });

  test('go on with what a call left that was stopped, but for its end', async () => {
    const asked: number[] = [];
    await expect(receiveUnnamed(source(asked, OVERLAP_BYTES + 3_000_000), { path, bytes: 0 })).rejects.toThrow(
      'broken',
    );
    const bytes = statSync(path).size;
    expect(bytes).toBeGreaterThan(OVERLAP_BYTES);
    // What a power cut leaves may end in zeros.
    const left = readFileSync(path);
    writeFileSync(path, left.fill(0, bytes - OVERLAP_BYTES));
    expect(await receiveUnnamed(source(asked), { path, bytes })).toEqual({ md5: digest, size: whole.length });
    expect(readFileSync(path).equals(whole)).toBe(true);
    expect(asked).toEqual([0, bytes - OVERLAP_BYTES]);
  });

  test('replace what is longer than they are', async () => {
    writeFileSync(path, Buffer.concat([whole, whole]));
    const short = async function* (start: number) {
      yield whole.subarray(start);
    };
    const received = await receiveUnnamed(short, { path, bytes: whole.length });
    expect(received).toEqual({ md5: digest, size: whole.length });
    expect(statSync(path).size).toBe(whole.length);
  });
});
