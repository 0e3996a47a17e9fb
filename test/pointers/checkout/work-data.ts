import { mkdirSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Files of a folder by path, for tests: text alone. */
export type Files = Readonly<Record<string, string>>;

/** Time of last change that every test file gets: long settled, so that the stat cache may trust it. Seconds. */
const LONG_AGO = 1_700_000_000.123;

export function writeFiles(folder: string, files: Files): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
    utimesSync(join(folder, path), LONG_AGO, LONG_AGO);
  }
}

export function readFiles(folder: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isDirectory()) continue;
    const path = join(entry.parentPath, entry.name);
    found[path.slice(folder.length + 1)] = readFileSync(path, 'utf8');
  }
  return found;
}

export function modeOf(path: string): number {
  return statSync(path).mode & 0o777;
}
