import { isAbsolute, posix, relative, resolve, sep } from 'node:path';
import { assayError } from '../../../errors.ts';
import { listFolder } from '../../../git/read-objects.ts';
import { resolveCommit } from '../../../git/status.ts';
import type { ImportSource } from '../../../pointers/formats/dvc-file.ts';
import type { Context } from '../../context.ts';
import { beginDvc, withBegun } from '../data-begin.ts';
import type { DataImportOutput } from '../data-outputs.ts';
import { withWorkspace } from '../data-workspace.ts';
import { bringFrom } from '../source/data-bring.ts';
import type { DataGetRequest } from '../source/data-get.ts';
import { type DataSource, withSource } from '../source/data-source.ts';
import { sourcesAround } from '../source/nested-sources.ts';
import { LINK, pathBehindLinks } from '../source/source-links.ts';
import { isAddress, type SourceOverrides } from '../source/source-overrides.ts';
import { modernOf, outputOf } from './brought-data.ts';
import type { Downloading } from './data-import-url.ts';
import { importTarget, keepImport, refuseSecretOptions, refuseSecrets } from './keep-import.ts';

/**
 * Brings data of another repository, or files that git keeps there, and remembers where it comes from, as `dvc import`: the
 * pointer names address, path and commit, so everybody gets the same bytes, and they stay that repository's to keep.
 *
 * @throws as `dataGet`, and E_DATA_TARGET_OUTSIDE, E_CHECKOUT_LOSES, E_DATA_SECRET
 */
export async function dataImport(
  context: Context,
  request: DataGetRequest & { readonly download?: Downloading },
): Promise<DataImportOutput> {
  const { url, rev, force = false, download = 'data', config, remote, remoteOptions, jobs } = request;
  refuseSecrets(url);
  refuseSecretOptions('--remote-config', remoteOptions ?? {});
  if (config !== undefined && remote !== undefined && remoteOptions !== undefined) {
    throw assayError('E_DATA_OPTIONS', { one: '--config', other: '--remote with --remote-config' });
  }
  const begun = await beginDvc(context);
  const path = posix.normalize(request.path).replace(/\/+$/, '');
  const imported = await withWorkspace(context, {}, async (workspace) => {
    const place = await importTarget(workspace, request.out ?? nameOf(path, url, context.root), force);
    const noted = notedOverrides(request, workspace.root, context.root);
    const address = fromTop(url, workspace.root, context.root);
    const named = { kind: 'repository', url: address, path, ...(rev === undefined ? {} : { rev }), ...noted } as const;
    if (download === 'nothing') return keepImport(context, workspace, place, { source: named, unseen: true, force });
    // A commit and not a work tree as it happens to be: everybody has to get the same again.
    return withSource(context, { url, rev: rev ?? 'HEAD', config, remote, remoteOptions }, async (from) => {
      const revLock = from.commit ?? (await resolveCommit(from.git));
      const source = { ...named, revLock };
      if (download === 'digests') {
        await requirePath(from, path, url);
        return { ...(await keepImport(context, workspace, place, { source, force })), commit: revLock };
      }
      const ports = { cache: workspace.cache, stage: workspace.staging.next, jobs };
      const brought = await modernOf(await bringFrom(from, path, url, ports), workspace.cache);
      const content = outputOf(brought);
      return { ...(await keepImport(context, workspace, place, { content, source, force })), commit: revLock };
    });
  });
  return withBegun(begun, imported);
}

/** The whole repository has no name but its own. */
function nameOf(path: string, url: string, cwd: string): string {
  return posix.basename(path === '.' ? resolve(cwd, url).replace(/\.git$/, '') : path);
}

/** A relative path of this machine starts from the top, wherever the command was started: DVC there finds it too. */
function fromTop(url: string, root: string, cwd: string): string {
  if (isAddress(url) || isAbsolute(url) || cwd === root) return url;
  return relative(root, resolve(cwd, url)).split(sep).join('/') || '.';
}

/** What the pointer keeps of the overrides, in DVC's forms. Source: dvc/repo/imp.py. */
function notedOverrides(
  { config, remote, remoteOptions }: SourceOverrides,
  root: string,
  cwd: string,
): Pick<Extract<ImportSource, { kind: 'repository' }>, 'config' | 'remote'> {
  if (remote !== undefined && remoteOptions !== undefined) {
    return { config: { core: { remote }, remote: { [remote]: remoteOptions } } };
  }
  const only = remote ?? remoteOptions;
  // A relative one is read from the top, wherever the command was started.
  const file =
    config === undefined || isAbsolute(config) ? config : relative(root, resolve(cwd, config)).split(sep).join('/');
  return { ...(file === undefined ? {} : { config: file }), ...(only === undefined ? {} : { remote: only }) };
}

/** What is not downloaded has to be there all the same. */
async function requirePath(source: DataSource, path: string, where: string): Promise<void> {
  if (path === '.') return;
  const within = (one: string) => one === path || one.startsWith(`${path}/`) || path.startsWith(`${one}/`);
  for (const { source: repository, prefix } of await sourcesAround(source, path)) {
    if (repository.index.outputs.some((output) => within(`${prefix}${output.path}`))) return;
  }
  const { git, commit } = source;
  const kept = await listFolder(git, commit ?? (await resolveCommit(git)));
  const named = kept.find((file) => file.path === path || file.path.startsWith(`${path}/`));
  if (named !== undefined && (named.path !== path || named.mode !== LINK)) return;
  await requirePath(source, await pathBehindLinks(source, path, where), where);
}
