import { createHash } from 'node:crypto';
import { deflateSync } from 'node:zlib';
import type { Git } from './git.ts';
import type { NewObject, ObjectFormat, ObjectType } from './object-format.ts';

const TYPE_NUMBERS: Readonly<Record<ObjectType, number>> = { commit: 1, tree: 2, blob: 3, tag: 4 };

/** The version of pack files that every git reads. */
const PACK_VERSION = 2;

/** Writes objects into the repository, all with one process. They are small: all are in memory. Throws E_GIT_*. */
export async function storeObjects(git: Git, format: ObjectFormat, objects: readonly NewObject[]): Promise<void> {
  const unique = new Map(objects.map((object) => [object.id, object]));
  await git.run(['unpack-objects', '-q'], { input: packOf(format, [...unique.values()]) });
}

/** A pack file of whole objects. Source: gitformat-pack. */
function packOf(format: ObjectFormat, objects: readonly NewObject[]): Buffer {
  const header = Buffer.alloc(12);
  header.write('PACK', 'latin1');
  header.writeUInt32BE(PACK_VERSION, 4);
  header.writeUInt32BE(objects.length, 8);
  const entries = objects.flatMap(({ type, bytes }) => [entryHeader(type, bytes.length), deflateSync(bytes)]);
  const body = Buffer.concat([header, ...entries]);
  return Buffer.concat([body, createHash(format).update(body).digest()]);
}

/** Four bits of the size beside the type, then seven a byte, the lowest first; the top bit says that more follow. */
function entryHeader(type: ObjectType, size: number): Buffer {
  const bytes = [(TYPE_NUMBERS[type] << 4) | (size & 0x0f)];
  for (let rest = Math.floor(size / 16); rest > 0; rest = Math.floor(rest / 128)) {
    bytes.push((bytes.pop() ?? 0) | 0x80, rest & 0x7f);
  }
  return Buffer.from(bytes);
}
