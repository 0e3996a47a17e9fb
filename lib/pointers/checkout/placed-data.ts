import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { canonicalFile } from '../../canonical-json.ts';
import { writeRemembered } from '../cache/remembered-file.ts';
import { byCodePoint } from '../code-point-order.ts';
import type { PointerHash } from '../object-key.ts';

/** Data that was put into this work tree, or added from it. */
export interface PlacedData {
  /** From the repository's top, forward slashes. */
  readonly path: string;
  readonly md5: string;
  readonly hash: PointerHash;
}

const SCHEMA = 'assay/placed-data/1';

/**
 * What an earlier call has put into this work tree, by path. It is only a memory: one that is missing or damaged is as good as
 * none, and of two processes at once the later one's stays.
 *
 * @param root the folder that holds `.dvc`
 */
export function placedData(root: string): Map<string, PlacedData> {
  try {
    const document: unknown = JSON.parse(readFileSync(fileIn(root), 'utf8'));
    const { schema, outputs } = Object(document);
    const known = schema === SCHEMA && Array.isArray(outputs) ? outputs.filter(isPlaced) : [];
    return new Map(known.map((output) => [output.path, output]));
  } catch {
    return new Map();
  }
}

/** Remembers data that was put into the work tree, and forgets others. Does nothing where nothing can be written. */
export function rememberPlaced(root: string, placed: readonly PlacedData[], gone: readonly string[] = []): void {
  const outputs = placedData(root);
  const before = outputs.size;
  const news = placed.filter(({ path, md5, hash }) => {
    const known = outputs.get(path);
    return known?.md5 !== md5 || known.hash !== hash;
  });
  for (const path of gone) outputs.delete(path);
  if (news.length === 0 && outputs.size === before) return;
  for (const { path, md5, hash } of news) outputs.set(path, { path, md5, hash });
  const sorted = [...outputs.values()].sort((a, b) => byCodePoint(a.path, b.path));
  writeRemembered(fileIn(root), canonicalFile({ schema: SCHEMA, outputs: sorted }));
}

function fileIn(root: string): string {
  return join(root, '.dvc', 'tmp', 'assay', 'placed.json');
}

function isPlaced(value: unknown): value is PlacedData {
  const { path, md5, hash } = Object(value);
  return typeof path === 'string' && typeof md5 === 'string' && (hash === 'md5' || hash === 'md5-dos2unix');
}
