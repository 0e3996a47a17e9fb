import { createHash } from 'node:crypto';
import { assayError } from '../../../lib/errors.ts';
import type { BucketObject, ObjectBucket } from '../../../lib/stores/bucket/object-bucket.ts';

export interface MemoryBucket extends ObjectBucket {
  readonly objects: Map<string, Buffer>;
  /** What was asked: `stat`, `list`, `get`, `put`, `remove`, in order. */
  readonly asked: string[];
}

export interface MemoryBucketSettings {
  readonly listing?: ObjectBucket['listing'];
  /** Keys of one page. */
  readonly pageSize?: number;
  /** What a body does instead of giving its bytes; counted from 1 over all bodies. */
  readonly body?: (bytes: Buffer, number: number) => AsyncIterable<Uint8Array>;
}

/** A bucket as services are meant to be, in memory: what stores over buckets do is held against it. */
export function memoryBucket({ listing = 'from-key', pageSize = 1000, body }: MemoryBucketSettings = {}): MemoryBucket {
  const objects = new Map<string, Buffer>();
  const asked: string[] = [];
  let bodies = 0;
  const described = (key: string, bytes: Buffer): BucketObject => ({
    key,
    size: bytes.length,
    md5: createHash('md5').update(bytes).digest('hex'),
    changedMs: Date.now(),
  });
  return {
    objects,
    asked,
    description: { kind: 's3', title: 'the store s3://memory', location: 's3://memory' },
    listing,
    async stat(key) {
      asked.push('stat');
      const bytes = objects.get(key);
      return bytes === undefined ? undefined : described(key, bytes);
    },
    async *list(prefix, after = '') {
      const keys = [...objects.keys()].filter((key) => key.startsWith(prefix)).sort();
      const left = listing === 'from-key' ? keys.filter((key) => key > after) : keys;
      for (let from = 0; from === 0 || from < left.length; from += pageSize) {
        asked.push('list');
        const page = left.slice(from, from + pageSize);
        yield {
          objects: page.map((key) => described(key, objects.get(key) ?? Buffer.alloc(0))),
          more: from + pageSize < left.length,
        };
      }
    },
    async get(key, range) {
      asked.push('get');
      const bytes = objects.get(key);
      if (bytes === undefined) throw assayError('E_STORE_OBJECT_MISSING', { key, store: 'the store s3://memory' });
      const part = bytes.subarray(range?.start ?? 0, (range?.end ?? bytes.length - 1) + 1);
      const whole = async function* () {
        yield part;
      };
      return { total: bytes.length, tag: 'tag', bytes: body === undefined ? whole() : body(part, ++bodies) };
    },
    async put(key, { bytes }, replace) {
      asked.push('put');
      if (objects.has(key) && !replace) return 'exists';
      objects.set(key, Buffer.from(bytes));
      return 'written';
    },
    async putParts(key, content, replace) {
      const parts: Uint8Array[] = [];
      for await (const part of content.parts()) parts.push(part);
      return this.put(key, { bytes: Buffer.concat(parts), md5: '' }, replace);
    },
    async remove(keys) {
      asked.push('remove');
      for (const key of keys) objects.delete(key);
    },
  };
}
