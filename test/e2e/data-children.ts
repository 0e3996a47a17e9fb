import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'vitest';
import { md5 } from '../../lib/pointers/md5.ts';
import { assay } from '../cli/command-line.ts';
import { ENVIRONMENT } from '../commands/repository.ts';
import { compiledCode } from '../compiled-code.ts';
import { readFiles } from '../pointers/checkout/work-data.ts';

const CHILD = join(import.meta.dirname, 'data-child.ts');

/** How a child ended: its exit code (undefined when it was killed), and the error that it told. */
export interface Ended {
  readonly code: number | undefined;
  readonly error: string;
}

interface Child {
  readonly process: ChildProcess;
  readonly ready: Promise<void>;
  readonly ended: Promise<Ended>;
}

/** A data verb in a process of its own, on its way as soon as `ready`. */
export function startVerb(root: string, verb: string, request: object = {}): Child {
  const child = spawn(process.execPath, [CHILD, verb, JSON.stringify(request)], {
    cwd: root,
    env: { ...ENVIRONMENT, ...compiledCode() },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  const ready = new Promise<void>((resolve) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      if (said.includes('ready\n')) resolve();
    });
    child.on('exit', () => resolve());
  });
  const ended = once(child, 'close').then(([code]) => ({
    code: typeof code === 'number' ? code : undefined,
    error: said.replace('ready\n', '').trim(),
  }));
  return { process: child, ready, ended };
}

/** A data verb in this process, which saves a program's start. */
export async function runVerb(root: string, verb: string, ...args: string[]): Promise<Ended> {
  const { code, out } = await assay(root, ['data', verb, '--json', ...args]);
  return { code, error: code === 0 ? '' : out };
}

/** Runs a verb and kills it so many milliseconds after it began, if it is still at work. */
export async function killVerb(root: string, verb: string, request: object, afterMs: number): Promise<Ended> {
  const child = startVerb(root, verb, request);
  await child.ready;
  await pause(afterMs);
  child.process.kill('SIGKILL');
  return child.ended;
}

/** Objects of a cache or remote by address; every one has to be what its name says. Nothing else may lie among them. */
export function soundObjects(folder: string): ReadonlyMap<string, string> {
  const at = join(folder, 'files', 'md5');
  const found = new Map<string, string>();
  for (const [path, text] of existsSync(at) ? Object.entries(readFiles(at)) : []) {
    if (/(^|\/)\.[0-9a-f]+\.tmp$/.test(path)) continue;
    const address = path.replaceAll('/', '');
    expect(`${md5(text)}${address.endsWith('.dir') ? '.dir' : ''}`).toBe(address);
    found.set(address, text);
  }
  return found;
}

/** Every listing of a remote promises that its files are there too. */
export function expectKeptPromises(objects: ReadonlyMap<string, string>): void {
  for (const [address, text] of objects) {
    if (!address.endsWith('.dir')) continue;
    for (const entry of JSON.parse(text)) expect(objects.has(entry.md5)).toBe(true);
  }
}
