import { assayError } from '../errors.ts';
import type { RepositoryName } from '../forge/forge.ts';
import { openGit } from '../git/git.ts';
import type { NativeCache } from '../native/provide-native.ts';
import type { Clock, Log, Progress } from '../ports.ts';
import { proxiedFetch } from '../proxied-fetch.ts';
import type { Environment } from '../train/user-environment.ts';
import type { Context } from './context.ts';
import { TOOL_VERSION } from './tool-version.ts';

/** Who changes the registry when nobody is named. */
const BOT = { name: 'assay', email: 'assay@users.noreply.github.com' } as const;

interface Person {
  readonly name: string;
  readonly email: string;
}

export interface ContextOptions {
  /** Absolute folder of assay.yaml. */
  readonly root: string;
  /** The process's environment; nothing else here reads it. */
  readonly env: Environment;
  /** The environment of our own git, which may carry credentials that users' commands must not see. */
  readonly gitEnv?: Environment;
  readonly log: Log;
  readonly progress: Progress;
  readonly userLine: (line: string) => void;
  readonly defaultStore: 'folder' | 'ref';
  /** Who changes the registry, or how to find out; a name of our own where that is nobody. */
  readonly actor?: Person | (() => Promise<Person | undefined>) | undefined;
  readonly clock?: Clock;
  /** Remote that holds the registry; `origin` when left out. */
  readonly remote?: string;
  /** The forge and a token for it, where there are any. */
  readonly forge?: { readonly apiUrl: string; readonly token: string; readonly repository: RepositoryName } | undefined;
  /** Folder of the TensorFlow.js .wasm files, where they are not those of the installed package. */
  readonly wasmFolder?: string | undefined;
  /** Keeps what was downloaded from job to job. */
  readonly nativeCache?: NativeCache;
  /** As import.meta.resolve of the place that DuckDB would be installed for. */
  readonly resolveInstalled: (specifier: string) => string;
}

const systemClock: Clock = { now: () => new Date(), elapsed: () => performance.now() };

/** Wires the ports of a command together. Opens nothing: engine, forge and packages load on first use. */
export function createContext(options: ContextOptions): Context {
  const { env, log, root } = options;
  const clock = options.clock ?? systemClock;
  let actor: Promise<Person> | undefined;
  return {
    root,
    clock,
    log,
    progress: options.progress,
    userLine: options.userLine,
    environment: env,
    actor: () => (actor ??= actorOf(options)),
    git: openGit(root, { env: options.gitEnv ?? env }),
    remote: options.remote ?? 'origin',
    registryMemory: {},
    defaultStore: options.defaultStore,
    wasmFolder: options.wasmFolder,
    toolVersion: TOOL_VERSION,
    openEngine: async (folders) => {
      const { openInstalledEngine } = await import('./open-engine.ts');
      return openInstalledEngine(options, folders);
    },
    openForge: async () => {
      const { openGitHub } = await import('../forge/github.ts');
      if (options.forge === undefined) throw assayError('E_FORGE_NO_TOKEN', {});
      const fetch = proxiedFetch(env);
      return openGitHub({ ...options.forge, userAgent: `assay/${TOOL_VERSION}`, log, clock, fetch });
    },
  };
}

async function actorOf({ actor }: Pick<ContextOptions, 'actor'>): Promise<Person> {
  return (typeof actor === 'function' ? await actor() : actor) ?? BOT;
}
