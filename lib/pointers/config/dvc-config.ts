import { dirname, isAbsolute, join, resolve } from 'node:path';
import { assayError } from '../../errors.ts';
import { readTextFile } from '../text-file.ts';
import { checkConfig } from './check-config.ts';
import { MAX_CONFIG_BYTES, parseConfigFile } from './config-file.ts';
import { flag, type LinkType, type Located, linkTypes, wholeNumber } from './config-values.ts';
import { type RemoteConfig, readRemotes } from './dvc-remotes.ts';

export type { LinkType } from './config-values.ts';

/** What DVC tries when `cache.type` is not set. */
const DEFAULT_LINK_TYPES: readonly LinkType[] = ['reflink', 'copy'];

/** What we need of a repository's DVC configuration. */
export interface DvcConfig {
  /** Name of the default remote, in lower case. */
  readonly defaultRemote?: string;
  /** Addresses by remote's name (lower case): an absolute folder, or a URL. */
  readonly remotes: ReadonlyMap<string, string>;
  /** The remotes with everything that is set for them, by name (lower case). */
  readonly remoteConfigs: ReadonlyMap<string, RemoteConfig>;
  /** The local cache's folder. */
  readonly cache: string;
  /** Kinds of links from the cache to the work tree, the first that works is taken. */
  readonly cacheTypes: readonly LinkType[];
  /** `cache.shared = group`: files and folders of the cache can be written by the group. */
  readonly cacheShared: boolean;
  /** `core.autostage`: new pointers are added to git. */
  readonly autostage: boolean;
  /** `core.no_scm`: a repository without git. */
  readonly noScm: boolean;
  /** Files hashed at a time, where it is set. */
  readonly checksumJobs?: number;
}

/** Where DVC's configuration lies besides the repository; nothing of it need be there. */
export interface DvcConfigSources {
  /** The machine's and the user's `config` file. */
  readonly system?: string;
  readonly global?: string;
  /** The user's home, for paths that begin with `~/`. */
  readonly home?: string;
  /** A file that goes before all others, and has to be there. */
  readonly override?: string | undefined;
  /** What goes before that file, by section; relative folders start from the repository's top. */
  readonly settings?: ReadonlyMap<string, ReadonlyMap<string, string>> | undefined;
  /** The default remote, whatever is set. */
  readonly remote?: string | undefined;
  /** Options of the default remote. */
  readonly remoteOptions?: ReadonlyMap<string, string> | undefined;
}

/**
 * Reads DVC's configuration as DVC orders it: the machine's, the user's, `.dvc/config`, `.dvc/config.local`; the later goes
 * before the earlier, key by key. Relative folders start from the folder of the file that names them.
 *
 * @param root the folder that holds `.dvc`
 * @throws E_DVC_CONFIG naming file and line, E_DVC_NO_FILE, E_DVC_ENCODING, E_STORE_READ
 */
export async function readDvcConfig(root: string, sources: DvcConfigSources = {}): Promise<DvcConfig> {
  const folder = join(root, '.dvc');
  const merged: MergedConfig = new Map();
  const files = new Map<string, string>();
  for (const file of [sources.system, sources.global, join(folder, 'config'), join(folder, 'config.local')]) {
    if (file !== undefined) mergeFile(merged, configText(file), file, files);
  }
  if (sources.override !== undefined) {
    mergeFile(merged, configText(sources.override, 'required'), sources.override, files);
  }
  mergeSettings(merged, sources, join(root, 'settings'));
  checkConfig(merged, files);
  const path = (value: string, file: string) => location(value, join(file, '..'), sources.home);
  const core = merged.get('core');
  const cache = merged.get('cache');
  const remoteConfigs = readRemotes(merged, path);
  const defaultRemote = core?.get('remote')?.value.toLowerCase();
  const dir = cache?.get('dir');
  const checksumJobs = wholeNumber(core?.get('checksum_jobs'), 'core.checksum_jobs');
  return {
    remotes: new Map([...remoteConfigs].map(([name, { url }]) => [name, url])),
    remoteConfigs,
    cache: dir === undefined ? join(folder, 'cache') : path(dir.value, dir.file),
    cacheTypes: linkTypes(cache?.get('type'), 'cache.type') ?? DEFAULT_LINK_TYPES,
    cacheShared: cache?.get('shared')?.value.toLowerCase() === 'group',
    autostage: flag(core?.get('autostage'), 'core.autostage') ?? false,
    noScm: flag(core?.get('no_scm'), 'core.no_scm') ?? false,
    ...(defaultRemote === undefined ? {} : { defaultRemote }),
    ...(checksumJobs === undefined ? {} : { checksumJobs }),
  };
}

/** A remote by its name, the default one without; undefined where there is none. */
export function remoteIn(
  { defaultRemote, remoteConfigs }: Pick<DvcConfig, 'defaultRemote' | 'remoteConfigs'>,
  name: string | undefined = defaultRemote,
): RemoteConfig | undefined {
  return name === undefined ? undefined : remoteConfigs.get(name.toLowerCase());
}

function location(value: string, folder: string, home: string | undefined): string {
  if (/^\w[\w+.-]*:\/\//.test(value) || isAbsolute(value)) return value;
  if (home !== undefined && /^~(\/|$)/.test(value)) return join(home, value.slice(1));
  return resolve(folder, value);
}

type MergedConfig = Map<string, Map<string, Located>>;

function mergeFile(merged: MergedConfig, text: string, file: string, files: Map<string, string>): void {
  for (const [section, values] of parseConfigFile(text, file)) {
    files.set(section, file);
    if (!merged.has(section)) merged.set(section, new Map());
    for (const [key, value] of values) setValue(merged, section, key, { ...value, file });
  }
}

/** What was given beside files. `file` stands for the place that relative folders start from. */
function mergeSettings(
  merged: MergedConfig,
  { settings, remote, remoteOptions }: DvcConfigSources,
  file: string,
): void {
  for (const [section, values] of settings ?? []) {
    for (const [key, value] of values)
      setValue(merged, section.toLowerCase(), key.toLowerCase(), { value, line: 0, file });
  }
  if (remote !== undefined) setValue(merged, 'core', 'remote', { value: remote, line: 0, file });
  if (remoteOptions === undefined) return;
  const name = merged.get('core')?.get('remote')?.value.toLowerCase();
  if (name === undefined) {
    throw assayError('E_DVC_CONFIG', {
      file: dirname(file),
      reason: 'it has no default remote that options could be for',
    });
  }
  for (const [key, value] of remoteOptions) {
    setValue(merged, `remote "${name}"`, key.toLowerCase(), { value, line: 0, file });
  }
}

function setValue(merged: MergedConfig, section: string, key: string, value: Located): void {
  const into = merged.get(section) ?? new Map<string, Located>();
  into.set(key, value);
  merged.set(section, into);
}

function configText(file: string, presence: 'optional' | 'required' = 'optional'): string {
  const text = readTextFile(file, file, MAX_CONFIG_BYTES);
  if (text === undefined && presence === 'required') {
    throw assayError('E_STORE_READ', { path: file, reason: 'there is no such file' });
  }
  return text ?? '';
}
