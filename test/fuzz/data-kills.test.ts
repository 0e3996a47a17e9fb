import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { expectKeptPromises, killVerb, runVerb, soundObjects, startVerb } from '../e2e/data-children.ts';
import { newFolder, newRepository } from '../git/repository.ts';
import { readFiles } from '../pointers/checkout/work-data.ts';

/** Kills by kind of link, one of each verb by default; a long run sets another number: ASSAY_KILLS=300. */
const KILLS = Number(process.env.ASSAY_KILLS ?? 6);
/** Milliseconds of work that a kill falls into. */
const WINDOW_MS = 120;
const SMALL_FILES = 150;

/** A number from 0 to `below`, the same for the same words. */
function draw(below: number, ...words: (string | number)[]): number {
  return createHash('sha256').update(words.join(' ')).digest().readUInt32LE(0) % below;
}

type Tree = Readonly<Record<string, string>>;

/** A folder of many small files and a large one; each version shares most of its files with the one before. */
function version(number: number): Tree {
  const files: Record<string, string> = { large: `${number % 3} `.repeat(1_500_000) };
  for (let i = 0; i < SMALL_FILES; i++) {
    files[`part-${i % 7}/${i}`] = `file ${i} of version ${i % 5 === 0 ? number : 0}\n`.repeat(40);
  }
  if (number % 2 === 1) files[`only/${number}`] = `${number}`;
  return files;
}

function writeTree(folder: string, tree: Tree): void {
  // A link's goal is an object: what is written has to be a file of its own.
  rmSync(folder, { recursive: true, force: true });
  for (const [path, text] of Object.entries(tree)) {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

/** Every file is one that one of the versions has at that path. */
function expectOnlyWhole(folder: string, versions: readonly Tree[]): void {
  const found = existsSync(folder) ? readFiles(folder) : {};
  for (const [path, text] of Object.entries(found)) {
    expect(versions.some((tree) => tree[path] === text)).toBe(true);
  }
}

describe.each([
  ['copy', KILLS],
  // Links matter to add, push and checkout, which come first.
  ['hardlink', Math.ceil(KILLS / 2)],
  ['symlink', Math.ceil(KILLS / 2)],
] as const)('killed at any time, cache.type %s', (type, kills) => {
  test('nothing is lost or half visible, and the same verb again completes it', { timeout: 3_600_000 }, async () => {
    const { folder: root } = await newRepository();
    const [remote, moved] = [join(await newFolder(), 'remote'), join(await newFolder(), 'moved')];
    const [data, pointer, cache] = [join(root, 'data'), join(root, 'data.dvc'), join(root, '.dvc', 'cache')];
    mkdirSync(join(root, '.dvc'));
    const config = `[core]\n    remote = r\n[cache]\n    type = ${type},copy\n['remote "r"']\n    url = ${remote}\n`;
    writeFileSync(join(root, '.dvc', 'config'), config);
    const again = async (verb: string, ...args: string[]) =>
      expect(await runVerb(root, verb, ...args)).toEqual({ code: 0, error: '' });
    /** In a process of its own, for what the command line does not do. */
    const whole = async (verb: string, request: object = {}) =>
      expect(await startVerb(root, verb, request).ended).toEqual({ code: 0, error: '' });
    const kill = (verb: string, request: object, round: number) =>
      killVerb(root, verb, request, draw(WINDOW_MS, type, verb, round));
    /** Versions by their pointers, all pushed. */
    const kept = new Map<string, Tree>();
    const rounds: Record<string, (round: number) => Promise<void>> = {
      async add(round) {
        const tree = version(round);
        writeTree(data, tree);
        const before = existsSync(pointer) ? readFileSync(pointer, 'utf8') : undefined;
        await kill('add', { targets: ['data'] }, round);
        expect(readFiles(data)).toEqual(tree);
        const objects = soundObjects(cache);
        const now = existsSync(pointer) ? readFileSync(pointer, 'utf8') : undefined;
        const md5 = /md5: (\S+)/.exec(now ?? '')?.[1];
        if (now !== before) expect(objects.has(md5 ?? '')).toBe(true);
        await again('add', 'data');
        expect(readFiles(data)).toEqual(tree);
        kept.set(readFileSync(pointer, 'utf8'), tree);
      },
      async push(round) {
        await kill('push', {}, round);
        expectKeptPromises(soundObjects(remote));
        await again('push');
        expectKeptPromises(soundObjects(remote));
      },
      async checkout(round) {
        const [text, tree] = [...kept][draw(kept.size, type, 'which', round)] ?? ['', {}];
        writeFileSync(pointer, text);
        // An earlier pull or collection may have left it on the remote alone.
        await again('fetch');
        await kill('checkout', {}, round);
        soundObjects(cache);
        expectOnlyWhole(data, [...kept.values()]);
        await again('checkout');
        expect(readFiles(data)).toEqual(tree);
      },
      async pull(round) {
        const [text, tree] = [...kept][draw(kept.size, type, 'pulled', round)] ?? ['', {}];
        writeFileSync(pointer, text);
        rmSync(cache, { recursive: true });
        if (round % 2 === 0 || type === 'symlink') rmSync(data, { recursive: true });
        await kill('pull', { force: true }, round);
        soundObjects(cache);
        expectOnlyWhole(data, [...kept.values()]);
        await again('pull', '--force');
        expect(readFiles(data)).toEqual(tree);
      },
      async gc(round) {
        await kill('gc', {}, round);
        soundObjects(cache);
        await whole('gc');
        await again('checkout');
        expect(readFiles(data)).toEqual(kept.get(readFileSync(pointer, 'utf8')));
      },
      async move(round) {
        const temporary = await newFolder();
        rmSync(moved, { recursive: true, force: true });
        await kill('move', { from: remote, to: moved, temporary }, round);
        expectKeptPromises(soundObjects(moved));
        await whole('move', { from: remote, to: moved, temporary });
        expect([...soundObjects(moved).keys()]).toEqual([...soundObjects(remote).keys()]);
      },
    };
    const order = ['add', 'push', 'checkout', 'pull', 'gc', 'move'];
    for (let round = 0; round < kills; round++) await rounds[order[round % order.length] ?? '']?.(round);
    // What killed processes left is gone with the next calls that have something to put in place.
    writeTree(data, version(kills + 1));
    await again('add', 'data');
    rmSync(data, { recursive: true });
    await again('checkout');
    for (const folder of [join(cache, 'assay-tmp'), join(root, '.dvc', 'tmp', 'assay', 'staging')]) {
      expect(existsSync(folder) ? readdirSync(folder) : []).toEqual([]);
    }
  });
});
