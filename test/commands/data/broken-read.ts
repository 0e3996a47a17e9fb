import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect } from 'vitest';
import { assay } from '../../cli/command-line.ts';
import { compiledCode } from '../../compiled-code.ts';
import { type FaultProxy, type ProxiedRequest, startFaultProxy } from '../../stores/fault-proxy.ts';

const ASSAY = join(import.meta.dirname, '..', '..', '..', 'lib', 'cli', 'assay.ts');

/** One large file that a verb reads through a proxy, which breaks it off. */
export interface LargeRead {
  readonly root: string;
  readonly proxy: FaultProxy;
  /** The verb with its arguments. */
  readonly verb: readonly string[];
  /** What the verb says when it has read all of it. */
  readonly done: object;
  /** Where it puts the file, whose bytes these are. */
  readonly file: string;
  readonly bytes: Buffer;
  /** The folder of what is not whole yet. */
  readonly staging: string;
}

/** A server with a proxy before it that every test of a block shares; it lets everything through when a test begins. */
export function proxied<Origin extends { readonly endpoint: string; readonly stop: () => Promise<void> }>(
  open: () => Promise<Origin>,
): { readonly origin: () => Origin; readonly proxy: () => FaultProxy } {
  let opened: Origin | undefined;
  let started: FaultProxy | undefined;
  const here = <T>(part: T | undefined): T => {
    if (part === undefined) throw new Error('it was not started');
    return part;
  };
  beforeAll(async () => {
    opened = await open();
    started = await startFaultProxy(opened.endpoint);
  }, 60_000);
  afterAll(async () => {
    await started?.stop();
    await opened?.stop();
  });
  beforeEach(() => here(started).use(() => undefined));
  return { origin: () => here(opened), proxy: () => here(started) };
}

/** Whether a request reads; others look. */
export function isRead({ method }: ProxiedRequest): boolean {
  return method === 'GET';
}

/** The document of the verb, and its exit code. */
export async function readLarge({ root, verb }: LargeRead) {
  const { out, code } = await assay(root, [...verb, '--json']);
  return { exit: code, ...Object(JSON.parse(out)) };
}

/** Files that calls have left. */
export function leftOf({ staging }: LargeRead): string[] {
  return readdirSync(staging, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

/** Reads all of it, and nothing is left then; where the first request began, undefined for one without a range. */
export async function readToEnd(read: LargeRead): Promise<number | undefined> {
  const begin = await readWhole(read);
  expect(leftOf(read)).toEqual([]);
  return begin;
}

/** As `readToEnd`, where something of another file may be left. */
export async function readWhole(read: LargeRead): Promise<number | undefined> {
  const before = read.proxy.requests.length;
  expect(await readLarge(read)).toMatchObject({ exit: 0, ...read.done });
  expect(readFileSync(read.file).equals(read.bytes)).toBe(true);
  const [first] = read.proxy.requests.slice(before).filter(isRead);
  const begin = /^bytes=(\d+)-/.exec(String(first?.headers.range))?.[1];
  return begin === undefined ? undefined : Number(begin);
}

/** The first answer breaks off after so many bytes, and what is asked then is refused. The one file that is left. */
export async function breakOff(read: LargeRead, after: number): Promise<string> {
  let broken = false;
  read.proxy.use((request) => {
    if (!isRead(request)) return undefined;
    if (broken) return { kind: 'status', status: 403, code: 'AccessDenied' };
    broken = true;
    return { kind: 'drop', after };
  });
  expect(await readLarge(read)).toMatchObject({ exit: 3 });
  read.proxy.use(() => undefined);
  const [file = '', ...more] = leftOf(read);
  expect(more).toEqual([]);
  return file;
}

/** Kills a process of its own that waits for an answer which stalls, once it has written so many bytes. */
export async function killReading(
  read: LargeRead,
  { stallAfter, killAfter }: { readonly stallAfter: number; readonly killAfter: number },
): Promise<void> {
  const { root, verb, proxy } = read;
  proxy.use((request) => (isRead(request) ? { kind: 'stall', after: stallAfter } : undefined));
  const child = spawn(process.execPath, [ASSAY, ...verb, '-C', root], {
    stdio: 'ignore',
    env: { PATH: process.env.PATH, HOME: root, ...compiledCode() },
  });
  const exited = once(child, 'exit');
  const size = (file: string) => statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  const begun = () => {
    try {
      return leftOf(read).some((file) => size(file) >= killAfter);
    } catch {
      // The folder is not there yet.
      return false;
    }
  };
  while (child.exitCode === null && !begun()) await new Promise((next) => setTimeout(next, 20));
  child.kill('SIGKILL');
  await exited;
  proxy.use(() => undefined);
}

/** A web server on loopback. */
export async function startWeb(listener: RequestListener) {
  const server = createServer(listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    endpoint: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`,
    stop: async (): Promise<void> => {
      server.closeAllConnections();
      await new Promise((stopped) => server.close(stopped));
    },
  };
}
