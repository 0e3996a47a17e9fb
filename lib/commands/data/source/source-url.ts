import { posix } from 'node:path';
import { assayError } from '../../../errors.ts';
import { listFolder } from '../../../git/read-objects.ts';
import { resolveCommit } from '../../../git/status.ts';
import { remoteIn } from '../../../pointers/config/dvc-config.ts';
import type { CloudVersion } from '../../../pointers/formats/output-entry.ts';
import { objectKey } from '../../../pointers/object-key.ts';
import type { TrackedOutput } from '../../../pointers/outputs/tracked-output.ts';
import { openStore } from '../../../stores/open-store.ts';
import { STORE_REF } from '../../../stores/ref/ref-store.ts';
import { withoutSecrets } from '../../../stores/without-secrets.ts';
import type { Context } from '../../context.ts';
import type { DataUrlOutput } from '../data-outputs.ts';
import { splitVersion, withVersion } from '../imports/url-location.ts';
import { remoteOf } from '../store/data-remote.ts';
import { type DataSource, type SourceName, withSource } from './data-source.ts';
import { innermost, outputAt } from './nested-sources.ts';
import { sourceListing } from './source-listing.ts';
import { unnamedRemote } from './unnamed-remote.ts';

/**
 * Where another repository's data lie in its storage, as `dvc get --show-url`: the object of a file, the listing of a folder, or
 * on a version-aware remote the file at its own path. Nothing is looked for there, and no credentials are in it.
 *
 * @throws E_DATA_NOT_TRACKED for what git keeps too, E_DATA_OPTION for imports, E_DATA_SOURCE, E_GIT_*
 */
export async function sourceUrl(
  context: Context,
  request: SourceName & { readonly path: string },
): Promise<DataUrlOutput> {
  const asked = posix.normalize(request.path).replace(/\/+$/, '');
  return withSource(context, request, async (whole) => {
    const { source, path } = await innermost(whole, asked);
    const output = outputAt(source, path);
    const found = output && (await objectAt(source, output, path));
    if (output === undefined || found === undefined) {
      const inGit = output === undefined && (await isInGit(source, path));
      throw assayError('E_DATA_NOT_TRACKED', { path: asked, where: request.url, inGit });
    }
    return { schema: 'assay/data-url/1', path: asked, url: await addressOf(source, output, { path, ...found }) };
  });
}

async function isInGit({ git, commit }: DataSource, path: string): Promise<boolean> {
  const files = await listFolder(git, commit ?? (await resolveCommit(git)));
  return files.some((file) => file.path === path || file.path.startsWith(`${path}/`));
}

interface FoundObject {
  /** `<32 hex>`, with `.dir` for a folder; where the pointer tells. */
  readonly md5?: string | undefined;
  readonly cloud?: CloudVersion | undefined;
}

async function objectAt(source: DataSource, output: TrackedOutput, path: string): Promise<FoundObject | undefined> {
  if (path === output.path) {
    const { md5, cloud, files } = output;
    return md5 === undefined && cloud === undefined && files === undefined ? undefined : { md5, cloud };
  }
  const relpath = path.slice(output.path.length + 1);
  const versioned = output.files?.find((file) => file.relpath === relpath);
  return versioned ?? (await sourceListing(source, output))?.find((file) => file.relpath === relpath);
}

async function addressOf(
  source: DataSource,
  output: TrackedOutput,
  { path, md5, cloud }: FoundObject & { readonly path: string },
): Promise<string> {
  const { config } = source;
  const { import: from, hash, push } = output;
  if (from?.kind === 'repository') {
    const reason = `"${output.path}" was imported from ${withoutSecrets(from.url)}, whose storage has it`;
    throw assayError('E_DATA_OPTION', { option: '--show-url', reason });
  }
  if (from?.kind === 'url' && !push) {
    const { url, version = from.versionId } = splitVersion(from.url);
    const below = path.slice(output.path.length);
    const file = from.files?.find(({ relpath }) => `/${relpath}` === below);
    return withVersion(withoutSecrets(`${url}${below}`), file?.versionId ?? version);
  }
  const remote = remoteIn(config, remoteOf(output, config));
  const base = remote === undefined ? await unnamedBase(source) : withoutSecrets(remote.url).replace(/\/+$/, '');
  if (remote?.versionAware === true) return withVersion(`${base}/${path}`, cloud?.versionId);
  if (md5 === undefined) throw assayError('E_DATA_NOT_TRACKED', { path, where: base });
  return `${base}/${objectKey(md5, hash)}`;
}

/** Where a repository without a default remote has its data: `store:` of its assay.yaml, else its cache. */
async function unnamedBase({ context, root, config }: DataSource): Promise<string> {
  const location = await unnamedRemote(context, root);
  if (location === undefined) return config.cache;
  if (location.kind === 'ref') {
    const reason = `its data are in ${STORE_REF}, where git alone finds them`;
    throw assayError('E_DATA_OPTION', { option: '--show-url', reason });
  }
  return openStore(location, { log: context.log }).describe().location;
}
