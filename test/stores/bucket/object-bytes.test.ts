import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { objectBytes, SizeMismatch } from '../../../lib/stores/bucket/object-bytes.ts';
import { createRetry } from '../../../lib/stores/requests/retry.ts';
import { memoryBucket } from './memory-bucket.ts';

const retry = createRetry({ sleep: async () => {} });

test.each([undefined, 2])(
  'a body of another size is ended, and its connection with it; ranges of %s',
  async (rangeBytes) => {
    const bodies: Readable[] = [];
    const bucket = memoryBucket({
      body(bytes) {
        const body = Readable.from([bytes]);
        bodies.push(body);
        return body;
      },
    });
    bucket.objects.set('key', Buffer.from('longer'));
    const read = async () => {
      for await (const _ of objectBytes(bucket, 'key', { retry, size: 5, rangeBytes }));
    };
    await expect(read()).rejects.toThrow(SizeMismatch);
    expect(bodies.length).toBeGreaterThan(0);
    expect(bodies.filter((body) => !body.destroyed)).toEqual([]);
  },
);
