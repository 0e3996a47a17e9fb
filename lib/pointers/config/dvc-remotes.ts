import { flag, type Located, wholeNumber } from './config-values.ts';

/** One DVC remote. */
export interface RemoteConfig {
  /** In lower case. */
  readonly name: string;
  /** An absolute folder, or a URL; `remote://` is resolved. */
  readonly url: string;
  /** Transfers at a time, where it is set. */
  readonly jobs?: number;
  /** Objects lie at their real paths, and the bucket keeps their versions. */
  readonly versionAware: boolean;
  /** As `versionAware`, and the remote mirrors the work tree. */
  readonly worktree: boolean;
  /** Everything that is set, by DVC's names in lower case: `endpointurl`, `region`, `profile` … Paths are absolute. */
  readonly options: ReadonlyMap<string, string>;
}

/** Options that are paths: they start from the folder of their file. Source: dvc/config.py, `_map_dirs`. */
const PATH_OPTIONS: ReadonlySet<string> = new Set([
  ...['url', 'gdrive_user_credentials_file', 'gdrive_service_account_json_file_path'],
  ...['credentialpath', 'configpath', 'keyfile', 'cert_path', 'key_path'],
]);

type Sections = ReadonlyMap<string, ReadonlyMap<string, Located>>;

/**
 * The remotes of a merged configuration, those with an address.
 *
 * @param path makes a path of a file absolute
 * @throws E_DVC_CONFIG for options that are not of their kind
 */
export function readRemotes(
  sections: Sections,
  path: (value: string, file: string) => string,
): Map<string, RemoteConfig> {
  const settings = new Map<string, ReadonlyMap<string, Located>>();
  for (const [section, values] of sections) {
    const name = /^\s*remote\s*"(.*)"\s*$/.exec(section)?.[1];
    if (name === undefined) continue;
    const resolved = [...values].map(([key, set]): [string, Located] => [
      key,
      PATH_OPTIONS.has(key) ? { ...set, value: path(set.value, set.file) } : set,
    ]);
    settings.set(name, new Map(resolved));
  }
  const remotes = new Map<string, RemoteConfig>();
  for (const name of settings.keys()) {
    const options = inherited(name, settings);
    const url = options.get('url')?.value;
    if (url !== undefined) remotes.set(name, remoteOf(name, url, options));
  }
  return remotes;
}

function remoteOf(name: string, url: string, options: ReadonlyMap<string, Located>): RemoteConfig {
  const at = (key: string) => `remote.${name}.${key}`;
  const jobs = wholeNumber(options.get('jobs'), at('jobs'));
  const yes = (key: string) => flag(options.get(key), at(key)) ?? false;
  const worktree = yes('worktree');
  return {
    name,
    url,
    versionAware: worktree || yes('version_aware'),
    worktree,
    options: new Map([...options].map(([key, { value }]) => [key, value])),
    ...(jobs === undefined ? {} : { jobs }),
  };
}

/**
 * A remote's options, below them those of the remote that its `remote://name/sub` names. A circle is left as it is: no kind
 * of store reads such an address.
 */
function inherited(
  name: string,
  settings: ReadonlyMap<string, ReadonlyMap<string, Located>>,
): ReadonlyMap<string, Located> {
  let options = settings.get(name) ?? new Map<string, Located>();
  for (let depth = 0; depth < settings.size; depth++) {
    const url = options.get('url');
    const [, base, below = ''] = /^remote:\/\/([^/]+)(.*)$/.exec(url?.value ?? '') ?? [];
    const parent = base === undefined ? undefined : settings.get(base.toLowerCase());
    const parentUrl = parent?.get('url');
    if (url === undefined || parent === undefined || parentUrl === undefined) return options;
    const value = `${parentUrl.value.replace(/\/+$/, '')}${below}`;
    options = new Map([...parent, ...options, ['url', { ...url, value }]]);
  }
  return options;
}
