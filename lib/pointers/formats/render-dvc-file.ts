import { pythonJson } from '../listings/python-json.ts';
import { md5 } from '../md5.ts';
import type { ImportedFile, ImportSource } from './dvc-file.ts';
import type { CloudVersion, OutputEntry, VersionedFile } from './output-entry.ts';
import { renderYaml, type YamlValue } from './yaml-style.ts';

export type Fields = { readonly [key: string]: YamlValue };

/** What a new output says; what is left out has DVC's default. */
export type NewOutput = Pick<OutputEntry, 'path'> & Partial<OutputEntry>;

export interface NewDvcFile {
  readonly outs: readonly NewOutput[];
  /** Relative to the file's folder; `.` when left out. */
  readonly wdir?: string;
  /** Imports are frozen by DVC when they come from a repository. */
  readonly frozen?: boolean;
  readonly import?: Exclude<ImportSource, { kind: 'database' }>;
  /** An import whose source was not looked at: DVC gives it no digest. */
  readonly unseen?: boolean;
  readonly desc?: string;
  readonly meta?: YamlValue;
}

/** What does not change what a stage is. Source: dvc/stage/utils.py, `compute_md5`. */
const NOT_IN_DIGEST = new Set([
  ...['desc', 'type', 'labels', 'meta'],
  ...['locked', 'frozen', 'metric', 'persist', 'isexec', 'size', 'nfiles'],
]);

/** The text of a new `.dvc` file, byte for byte what DVC writes. */
export function renderDvcFile(file: NewDvcFile): string {
  return renderYaml(dvcFileFields(file));
}

/** What a new `.dvc` file says, keys in the order of DVC's dump. */
export function dvcFileFields(file: NewDvcFile): Fields {
  const body = {
    ...(file.wdir === undefined || file.wdir === '.' ? {} : { wdir: file.wdir }),
    ...(file.frozen ? { frozen: true } : {}),
    ...(file.import === undefined ? {} : { deps: [dependency(file.import)] }),
    outs: file.outs.map(outputFields),
  };
  return {
    ...(file.desc ? { desc: file.desc } : {}),
    // Files that `dvc add` makes have no digest of their own.
    ...(file.import === undefined || file.unseen === true ? {} : { md5: stageDigest(body) }),
    ...body,
    ...(file.meta === undefined ? {} : { meta: file.meta }),
  };
}

/** One entry under `outs:`, keys in the order of DVC's dump. Source: dvc/output.py, `dumpd`. */
export function outputFields(out: NewOutput): Fields {
  const { md5: address, hash = 'md5', files, cloud, cache = true, push = true } = out;
  return present({
    ...(files === undefined
      ? { md5: address, ...counts(out), ...(cloud === undefined ? {} : { cloud: cloudFields(cloud) }) }
      : {}),
    hash: hash === 'md5' ? 'md5' : undefined,
    path: out.path,
    desc: out.desc || undefined,
    type: out.type || undefined,
    labels: out.labels?.length ? [...out.labels] : undefined,
    meta: out.meta === undefined ? undefined : asYaml(out.meta),
    cache: cache ? undefined : false,
    persist: out.persist ? true : undefined,
    remote: out.remote,
    push: push ? undefined : false,
    files: files?.map(fileFields),
  });
}

/**
 * The digest of an import's stage: the MD5 of its dump as JSON, without what does not matter.
 * Source: dvc/stage/utils.py.
 */
function stageDigest(stage: Fields): string {
  const { md5: _own, wdir, ...rest } = stage;
  return md5(pythonJson(strip(wdir === undefined || wdir === '.' ? rest : { ...rest, wdir })));
}

function strip(value: YamlValue): YamlValue {
  if (typeof value !== 'object' || value === null) return value;
  if (isList(value)) return value.map(strip);
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !NOT_IN_DIGEST.has(key))
      .map(([key, item]) => [key, strip(item)]),
  );
}

function dependency(source: Exclude<ImportSource, { kind: 'database' }>): Fields {
  if (source.kind === 'url') {
    const { url, md5: address, etag, checksum, size, nfiles, hash, versionId, fsConfig, files } = source;
    const known = { md5: address, etag, checksum, size, nfiles, version_id: versionId };
    return present({ ...known, hash, path: url, fs_config: fsConfig, files: files?.map(importedFileFields) });
  }
  const { path, url, rev, revLock, remote, config } = source;
  return { path, repo: present({ url, rev, rev_lock: revLock, config, remote }) };
}

/** One entry under `files:` of what was imported from a bucket that keeps versions. */
export function importedFileFields({ relpath, etag, md5: address, size, versionId }: ImportedFile): Fields {
  return present({ relpath, etag, md5: address, size, version_id: versionId });
}

function counts({ size, nfiles, isexec }: Partial<OutputEntry>): Readonly<Record<string, YamlValue | undefined>> {
  return { size, nfiles, isexec: isexec ? true : undefined };
}

/** `cloud:` of an entry. */
export function cloudFields({ remote, etag, versionId }: CloudVersion): Fields {
  return { [remote]: present({ etag, version_id: versionId }) };
}

/** One entry under `files:`. */
export function fileFields({ relpath, md5: address, size, isexec, cloud }: VersionedFile): Fields {
  return present({
    relpath,
    md5: address,
    size,
    isexec: isexec ? true : undefined,
    // As it was read, where nothing tells the remote.
    ...(cloud?.remote === '' ? { version_id: cloud.versionId, etag: cloud.etag } : {}),
    cloud: cloud === undefined || cloud.remote === '' ? undefined : cloudFields(cloud),
  });
}

function present(fields: Readonly<Record<string, YamlValue | undefined>>): Fields {
  const kept: Record<string, YamlValue> = {};
  for (const [key, value] of Object.entries(fields)) if (value !== undefined) kept[key] = value;
  return kept;
}

function isList(value: YamlValue): value is readonly YamlValue[] {
  return Array.isArray(value);
}

/** Free-form values came from YAML, so they are of these kinds; anything else is left out. */
function asYaml(value: unknown): YamlValue {
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return value;
  if (Array.isArray(value)) return value.map(asYaml);
  if (typeof value !== 'object' || value === undefined) return null;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, asYaml(item)]));
}
