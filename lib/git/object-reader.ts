import { PassThrough } from 'node:stream';
import { assayError } from '../errors.ts';
import type { Git } from './git.ts';

/** An object as git has it. */
export interface GitObject {
  readonly id: string;
  readonly type: string;
  readonly bytes: Buffer;
}

export interface ObjectReader {
  /** The objects of these names (ids, `REF^{commit}`), in this order; undefined for what is not here. */
  read(names: readonly string[]): Promise<(GitObject | undefined)[]>;
}

export interface ObjectReaderOptions {
  /** Whether a partial clone may ask its remote for what it left out, one object after the other. */
  readonly lazy: boolean;
}

/**
 * Runs `body` with one process of git that reads as many objects as it asks for, and ends with it. What a name leads to is in
 * memory: small objects only. Throws E_GIT_*.
 */
export async function withObjectReader<T>(
  git: Git,
  { lazy }: ObjectReaderOptions,
  body: (reader: ObjectReader) => Promise<T>,
): Promise<T> {
  const questions = new PassThrough();
  const output = git.stream(['cat-file', '--batch'], {
    input: questions,
    ...(lazy ? {} : { env: { GIT_NO_LAZY_FETCH: '1' } }),
  });
  try {
    const next = answersOf(output[Symbol.asyncIterator]());
    return await body({
      async read(names) {
        if (names.length > 0) questions.write(`${names.join('\n')}\n`);
        const objects: (GitObject | undefined)[] = [];
        for (const _name of names) objects.push(await next());
        return objects;
      },
    });
  } finally {
    questions.end();
    output.destroy();
  }
}

/** Reads `id type size LF bytes LF`, or `name missing LF`, one after the other. */
function answersOf(chunks: AsyncIterator<Buffer>): () => Promise<GitObject | undefined> {
  let parts: Buffer[] = [];
  let length = 0;

  const more = async (): Promise<void> => {
    const { value, done } = await chunks.next();
    if (done === true) {
      throw assayError('E_GIT_FAILED', { command: 'cat-file', status: 'no answer', detail: 'it ended too early' });
    }
    parts.push(value);
    length += value.length;
  };

  const take = async (count: number): Promise<Buffer> => {
    while (length < count) await more();
    const all = parts.length === 1 ? (parts[0] ?? Buffer.alloc(0)) : Buffer.concat(parts);
    parts = [all.subarray(count)];
    length -= count;
    return all.subarray(0, count);
  };

  const line = async (): Promise<string> => {
    let end = -1;
    while (end < 0) {
      if (parts.length > 1) parts = [Buffer.concat(parts)];
      end = parts[0]?.indexOf(0x0a) ?? -1;
      if (end < 0) await more();
    }
    return (await take(end + 1)).toString('utf8', 0, end);
  };

  return async () => {
    const [, id, type, size] = /^([0-9a-f]+) (commit|tree|blob|tag) (\d+)$/.exec(await line()) ?? [];
    if (id === undefined || type === undefined || size === undefined) return undefined;
    const bytes = await take(Number(size) + 1);
    return { id, type, bytes: bytes.subarray(0, -1) };
  };
}
