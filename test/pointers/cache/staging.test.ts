import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { openStaging } from '../../../lib/pointers/cache/staging.ts';
import { newFolder } from '../../git/repository.ts';

/** A process number that has just become free. */
function deadProcess(): number {
  return spawnSync(process.execPath, ['--version']).pid;
}

/** The name that a staging folder of this process has, told of another process. */
function sessionOf(folder: string, pid: number, change: (name: string) => string = (name) => name): string {
  const staging = openStaging(folder);
  const name = basename(dirname(staging.next()));
  staging.close();
  return change(name.replace(`.${process.pid}.`, `.${pid}.`));
}

function leave(folder: string, name: string): void {
  mkdirSync(join(folder, name));
  writeFileSync(join(folder, name, '1'), 'half');
}

test('what a killed process left goes at the next use, what others are at work on stays', async () => {
  const folder = await newFolder();
  const dead = sessionOf(folder, deadProcess());
  const alive = sessionOf(folder, process.ppid);
  // Other machines and containers: their process numbers say nothing here.
  const elsewhere = sessionOf(folder, deadProcess(), (name) => name.replace(/^s-/, 's-other-'));
  for (const name of [dead, alive, elsewhere]) leave(folder, name);
  const staging = openStaging(folder);
  staging.next();
  staging.close();
  expect(readdirSync(folder).sort()).toEqual([alive, elsewhere].sort());
});

test('containers of one host name do not take each other for dead', async () => {
  const folder = await newFolder();
  // On Linux the name tells the name space of processes after the host's.
  const other = sessionOf(folder, deadProcess(), (name) => name.replace(/-\d+\./, '-1.'));
  const same = sessionOf(folder, deadProcess());
  for (const name of new Set([other, same])) leave(folder, name);
  const staging = openStaging(folder);
  staging.next();
  staging.close();
  expect(readdirSync(folder)).toEqual(process.platform === 'linux' ? [other] : []);
});

test('what is no staging folder is left alone', async () => {
  const folder = await newFolder();
  mkdirSync(join(folder, 'mine'));
  const staging = openStaging(folder);
  staging.next();
  staging.close();
  expect(readdirSync(folder)).toEqual(['mine']);
});

test('an unfinished file goes to one of those who want it, and is forgotten after a week', async () => {
  const folder = await newFolder();
  const first = openStaging(folder);
  const begun = first.unfinished('object');
  expect(begun.bytes).toBe(0);
  writeFileSync(begun.path, 'half');
  first.leave(begun);
  // One that was never begun leaves nothing.
  first.leave(first.unfinished('other'));
  first.close();
  const [one, two] = [openStaging(folder), openStaging(folder)];
  two.next();
  expect(one.unfinished('object')).toMatchObject({ bytes: 4 });
  expect(two.unfinished('object')).toMatchObject({ bytes: 0 });
  one.close();
  two.close();

  const killed = sessionOf(folder, deadProcess());
  mkdirSync(join(folder, killed));
  writeFileSync(join(folder, killed, 'object.part'), 'halves');
  const third = openStaging(folder);
  const taken = third.unfinished('object');
  expect(taken.bytes).toBe(6);
  third.leave(taken);
  third.close();
  const longAgo = new Date(Date.now() - 8 * 24 * 60 * 60 * 1000);
  utimesSync(join(folder, 'unfinished', 'object'), longAgo, longAgo);
  const fourth = openStaging(folder);
  expect(fourth.unfinished('object').bytes).toBe(0);
  fourth.close();
  expect(readdirSync(join(folder, 'unfinished'))).toEqual([]);
});
