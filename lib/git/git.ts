import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { Readable } from 'node:stream';
import { AssayError, assayError } from '../errors.ts';
import { systemCode } from '../system-code.ts';
import { catalogued } from '../system-refusal.ts';
import { gitFailure } from './git-failure.ts';
import type { ObjectFormat } from './object-format.ts';

/** What a git process left behind; `code` is null when a signal ended it. */
export interface GitOutcome {
  readonly code: number | null;
  readonly stdout: Buffer;
  readonly stderr: string;
}

export interface GitOptions {
  readonly input?: string | Uint8Array | Readable;
  /** On top of the environment that `openGit` was given. */
  readonly env?: Readonly<Record<string, string>>;
}

/** What git says of the folder that it runs in, and what stays so. */
export interface GitPlaces {
  readonly format: ObjectFormat;
  /** Absolute. */
  readonly objects: string;
  /** Absolute; it need not be there. */
  readonly index: string;
  /** The folder, seen from the repository's top: empty, or a path with a slash at its end. */
  readonly prefix: string;
}

/** The system's git in one folder. Arguments are an array: no shell reads them. */
export interface Git {
  readonly folder: string;
  /** Remotes that were found to be configured, so that each is asked about once. */
  readonly knownRemotes: Set<string>;
  /** Standard output's bytes. Throws E_GIT_* when git does not end with 0. */
  run(args: readonly string[], options?: GitOptions): Promise<Buffer>;
  /** Standard output as text without its last line end. Throws like `run`. */
  text(args: readonly string[], options?: GitOptions): Promise<string>;
  /** As `run`, but any exit code is an answer. Throws only when git cannot be started. */
  attempt(args: readonly string[], options?: GitOptions): Promise<GitOutcome>;
  /** Asked of git once. Throws like `run`. */
  places(): Promise<GitPlaces>;
  /** Standard output as a stream; it is destroyed with E_GIT_* when git does not end with 0. */
  stream(args: readonly string[], options?: GitOptions): Readable;
}

export interface OpenGitOptions {
  /** The environment to run in (PATH, HOME, credential helpers). Variables that redirect git are left out. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/**
 * Settings that the plumbing must not inherit from a user's configuration: hooks would run foreign code in the middle of
 * a transaction, signing would ask for a passphrase, and the rest changes output or bytes. A transfer that stalls below
 * 1000 bytes a second for ten minutes ends: no sooner, because a server is silent too while it checks what was pushed, or counts
 * what is asked for.
 */
const SETTINGS: readonly string[] = [
  'core.quotepath=false',
  'core.hooksPath=/dev/null',
  'core.fsmonitor=false',
  'i18n.commitEncoding=UTF-8',
  'i18n.logOutputEncoding=UTF-8',
  'color.ui=false',
  'gc.auto=0',
  'maintenance.auto=false',
  'fetch.recurseSubmodules=false',
  'fetch.prune=false',
  'fetch.pruneTags=false',
  'push.recurseSubmodules=no',
  'push.followTags=false',
  'push.gpgSign=false',
  'http.lowSpeedLimit=1000',
  'http.lowSpeedTime=600',
].flatMap((setting) => ['-c', setting]);

/** A hook's or a wrapper's variables would point our commands at another repository, index or author. */
const REDIRECTING =
  /^GIT_(DIR|WORK_TREE|INDEX_FILE|OBJECT_DIRECTORY|ALTERNATE_OBJECT_DIRECTORIES|COMMON_DIR|NAMESPACE|PREFIX|CEILING_DIRECTORIES|QUARANTINE_PATH|SHALLOW_FILE|GRAFT_FILE|REPLACE_REF_BASE|LITERAL_PATHSPECS|GLOB_PATHSPECS|NOGLOB_PATHSPECS|ICASE_PATHSPECS|DEFAULT_HASH|EXTERNAL_DIFF|TRACE.*|AUTHOR_.*|COMMITTER_.*)$/;

function environmentFor(env: OpenGitOptions['env'] = {}): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) {
    if (value !== undefined && !REDIRECTING.test(name)) kept[name] = value;
  }
  // A commit is what its id says: with a replacement of it, gc would not see what the branch itself uses.
  return { ...kept, LC_ALL: 'C', GIT_TERMINAL_PROMPT: '0', GIT_OPTIONAL_LOCKS: '0', GIT_NO_REPLACE_OBJECTS: '1' };
}

/**
 * Git in `folder`, which may be any folder of a work tree or a bare repository. Starts nothing yet.
 *
 * Every command runs without a pager, prompts, hooks, signing and automatic maintenance, in the C locale.
 */
export function openGit(folder: string, options: OpenGitOptions = {}): Git {
  const environment = environmentFor(options.env);

  const start = (args: readonly string[], { input, env }: GitOptions = {}) => {
    const child = spawn('git', [...SETTINGS, ...args], {
      cwd: folder,
      env: { ...environment, ...env },
      stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
      windowsHide: true,
    });
    // git may end before it has read everything; its exit code tells what went wrong, not the broken pipe.
    child.stdin?.on('error', () => {});
    if (input instanceof Readable) {
      if (child.stdin !== null) input.pipe(child.stdin);
    } else child.stdin?.end(input);
    return child;
  };

  const notStarted = (cause: unknown) => {
    const missing = systemCode(cause) === 'ENOENT';
    const refusal = missing ? undefined : catalogued(cause);
    // Too many open files or processes, say.
    if (refusal instanceof AssayError) return refusal;
    // Node reports a missing program and a missing working folder alike.
    return existsSync(folder)
      ? assayError('E_GIT_MISSING', { folder }, cause)
      : assayError('E_GIT_NOT_A_REPOSITORY', { folder }, cause);
  };

  const attempt = (args: readonly string[], options?: GitOptions) =>
    new Promise<GitOutcome>((done, reject) => {
      const child = start(args, options);
      const out: Buffer[] = [];
      const err: Buffer[] = [];
      child.stdout?.on('data', (chunk: Buffer) => out.push(chunk));
      child.stderr?.on('data', (chunk: Buffer) => err.push(chunk));
      child.on('error', (cause) => reject(notStarted(cause)));
      child.on('close', (code) =>
        done({ code, stdout: Buffer.concat(out), stderr: Buffer.concat(err).toString('utf8') }),
      );
    });

  const run = async (args: readonly string[], options?: GitOptions) => {
    const outcome = await attempt(args, options);
    if (outcome.code !== 0) throw gitFailure({ folder, args, ...outcome });
    return outcome.stdout;
  };

  const text = async (args: readonly string[], options?: GitOptions) =>
    (await run(args, options)).toString('utf8').replace(/\n$/, '');

  const stream = (args: readonly string[], options?: GitOptions): Readable => {
    const child = start(args, options);
    const { stdout, stderr } = child;
    if (stdout === null) throw assayError('E_GIT_FAILED', { command: args[0] ?? '', status: 'no output', detail: '' });
    const err: Buffer[] = [];
    stderr?.on('data', (chunk: Buffer) => err.push(chunk));
    // It may come before anybody reads, and waits for who does: an error that nobody listens to would end the process.
    stdout.on('error', () => {});
    child.on('error', (cause) => stdout.destroy(notStarted(cause)));
    return endingWith(stdout, child, () => Buffer.concat(err).toString('utf8'), { folder, args });
  };

  let known: Promise<GitPlaces> | undefined;
  const places = () =>
    (known ??= text(PLACES).then(
      (out) => placesOf(folder, out),
      (error: unknown) => {
        known = undefined;
        throw error;
      },
    ));

  return { folder, knownRemotes: new Set(), run, text, attempt, places, stream };
}

const PLACES = ['rev-parse', '--show-object-format', '--git-path', 'objects', '--git-path', 'index', '--show-prefix'];

function placesOf(folder: string, out: string): GitPlaces {
  const [format, objects = '', index = '', ...prefix] = out.split('\n');
  return {
    format: format === 'sha256' ? 'sha256' : 'sha1',
    objects: resolve(folder, objects),
    index: resolve(folder, index),
    prefix: prefix.join('\n'),
  };
}

/** `stdout`, but its end waits for the exit code, so that a reader never takes a torn object for a whole one. */
function endingWith(
  stdout: Readable,
  child: ReturnType<typeof spawn>,
  stderr: () => string,
  command: { readonly folder: string; readonly args: readonly string[] },
): Readable {
  const exited = new Promise<number | null>((done) => child.on('close', done));
  async function* chunks(): AsyncGenerator<Buffer> {
    try {
      for await (const chunk of stdout) yield chunk as Buffer;
      const code = await exited;
      if (code !== 0) throw gitFailure({ ...command, code, stderr: stderr() });
    } finally {
      child.kill();
    }
  }
  return Readable.from(chunks(), { objectMode: false });
}
