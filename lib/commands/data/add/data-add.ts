import { lstatSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { assayError } from '../../../errors.ts';
import { isExecutable, stampOf } from '../../../pointers/cache/file-stamp.ts';
import { keepingDigest, keptIn } from '../../../pointers/cache/keep-data.ts';
import { linkingDigest } from '../../../pointers/cache/link-data.ts';
import { describeData, digestOnly, type WorkData } from '../../../pointers/checkout/describe-data.ts';
import { type PlacedData, rememberPlaced } from '../../../pointers/checkout/placed-data.ts';
import { parseDvcFile, placeOfOutput } from '../../../pointers/formats/dvc-file.ts';
import { type PointerContent, renderPointer, updatePointer } from '../../../pointers/formats/pointer-file.ts';
import { type IgnoreFiles, openIgnoreFiles } from '../../../pointers/ignore/ignore-files.ts';
import { type DirEntry, renderDirObject } from '../../../pointers/listings/dir-object.ts';
import { requireSound } from '../../../pointers/outputs/output-index.ts';
import { foldersOf } from '../../../pointers/outputs/overlapping-outputs.ts';
import { pathProblem } from '../../../pointers/relative-paths.ts';
import { workTree } from '../../../pointers/repository-tree.ts';
import type { Context } from '../../context.ts';
import { appendGitignore } from '../append-gitignore.ts';
import { beginDvc } from '../data-begin.ts';
import type { DataAddOutput } from '../data-outputs.ts';
import { byteProgress } from '../data-progress.ts';
import { type DataWorkspace, withWorkspace } from '../data-workspace.ts';
import { stageWritten } from '../stage-written.ts';
import { writeWhole } from '../write-whole.ts';
import { type AddPlan, planAdding, refuseTracked } from './add-plan.ts';
import { mergedListing } from './merged-listing.ts';
import { unchangedLegacy } from './unchanged-legacy.ts';

export interface DataAddRequest {
  /** Files and folders, as typed. */
  readonly targets: readonly string[];
  readonly jobs?: number | undefined;
  /** False: only the pointers are written. A later `add` brings the bytes into the cache. */
  readonly commit?: boolean;
  /** Targets are patterns, as a shell has them, and `**` for any folders. */
  readonly glob?: boolean;
  /** False: files of the work tree stay files of their own, also where `cache.type` is a link. */
  readonly relink?: boolean;
}

/**
 * Puts files and folders under DVC's care, as `dvc add`: their bytes into the cache, a `.dvc` file beside them, a line in
 * `.gitignore`. What did not change since is not read again. A repository without `.dvc` gets one at its top.
 *
 * @throws E_DATA_*, E_DVC_*, E_OUTPUT_*, E_ARTIFACT_PATH, E_STORE_READ, E_STORE_WRITE, E_STORE_SOURCE_CHANGED
 */
export async function dataAdd(context: Context, request: DataAddRequest): Promise<DataAddOutput> {
  const { jobs, commit = true, glob = false, relink = true } = request;
  const targets = glob ? await matching(context.root, request.targets) : request.targets;
  const begun = await beginDvc(context);
  return withWorkspace(context, { jobs }, async (workspace) => {
    const index = requireSound(await workspace.index());
    const plans = await planAdding(targets, workspace, index);
    await refuseTracked(context, workspace, plans);
    const hidden = openIgnoreFiles(workTree(workspace.root), 'git');
    const written = new Set(begun);
    const added: DataAddOutput['added'] = [];
    const kept: PlacedData[] = [];
    for (const plan of plans) {
      const untouched = await unchangedLegacy(workspace, plan);
      if (untouched !== undefined) {
        added.push(untouched);
        continue;
      }
      // What is said to be git's stays git's.
      const cached = plan.known?.cache !== false;
      const { content, ...one } = await addOne(context, workspace, plan, { commit: commit && cached, relink });
      added.push(one);
      if (commit && cached) kept.push({ path: plan.path, md5: content.md5, hash: 'md5' });
      if (await keepPointer(workspace, plan, content)) written.add(one.pointer);
      if (!cached) continue;
      const ignored = await keepOutOfGit(workspace, plan.path, content.md5.endsWith('.dir'), hidden);
      if (ignored !== undefined) written.add(ignored);
    }
    rememberPlaced(workspace.root, kept);
    const files = [...written].sort();
    await stageWritten(context, workspace, files);
    return { schema: 'assay/data-add/1', added, written: files };
  });
}

/** What patterns name, each once, sorted; pointers are never meant. */
async function matching(root: string, patterns: readonly string[]): Promise<string[]> {
  const { glob } = await import('tinyglobby');
  const found = new Set<string>();
  for (const pattern of patterns) {
    const settings = { cwd: root, onlyFiles: false, expandDirectories: false, dot: false, followSymbolicLinks: false };
    const names = await glob([pattern], { ...settings, ignore: ['**/*.dvc', '**/.git/**', '**/.dvc/**'] });
    if (names.length === 0) throw assayError('E_DATA_NOTHING', { target: pattern, reason: 'nothing has such a name' });
    for (const name of names) found.add(name.replace(/\/+$/, ''));
  }
  // What lies in a folder that is named too is added with it.
  return [...found].filter((name) => !foldersOf(name).some((folder) => found.has(folder))).sort();
}

interface AddedContent extends PointerContent {
  /** The files of a folder. */
  readonly entries?: readonly DirEntry[];
}

async function addOne(
  context: Context,
  workspace: DataWorkspace,
  plan: AddPlan,
  how: { readonly commit: boolean; readonly relink: boolean },
): Promise<DataAddOutput['added'][number] & { content: AddedContent }> {
  const { cache } = workspace;
  const { known, path, pointer, parts } = plan;
  const data = new Map<string, WorkData | undefined>();
  for (const part of parts ?? ['']) data.set(part, await readData(context, workspace, plan, { part, ...how }));
  const whole = parts === undefined ? wholeOf(data.get(''), plan) : mergedListing(data, known, cache);
  if (whole.listing !== undefined && how.commit) cache.insertBytes(Buffer.from(whole.listing), whole.md5);
  const { md5, size, files } = whole;
  const isexec = md5.endsWith('.dir') ? false : data.get('')?.isexec === true;
  const same = known?.md5 === md5 && known.hash === 'md5' && known.isexec === isexec;
  const state = known === undefined ? 'new' : same ? 'unchanged' : 'changed';
  const counts = md5.endsWith('.dir') ? { nfiles: files, entries: whole.entries } : {};
  const content = { path: posix.basename(path), md5, size, ...counts, isexec };
  return { path, pointer, md5, size, files, state, content };
}

/** Reads an output, or a part of it, into the cache. */
async function readData(
  context: Context,
  { root, cache, config, staging, jobs, ...workspace }: DataWorkspace,
  plan: AddPlan,
  { part, commit, relink }: { readonly part: string; readonly commit: boolean; readonly relink: boolean },
): Promise<WorkData | undefined> {
  const path = posix.join(plan.path, part);
  const progress = byteProgress(context.progress, `adding ${path}`);
  const found = lstatSync(join(root, path), { throwIfNoEntry: false });
  const kind = found?.isDirectory() ? ('directory' as const) : ('file' as const);
  // As an object it could not be executed, and so no link to one either. What lies in a folder is not executable in DVC.
  const linked = relink && !(kind === 'file' && part === '' && found && isExecutable(stampOf(found)));
  const links = { cache, types: config.cacheTypes, placer: workspace.placer(), staging };
  const scope = workspace.scopeOf({ path, hash: 'md5', kind });
  const data = await describeData(join(root, path), {
    scope: commit ? keptIn(scope, cache) : scope,
    digest: commit ? (linked ? linkingDigest(links) : keepingDigest(cache)) : digestOnly('md5'),
    jobs,
    ignored: await workspace.ignoredIn(path),
    ...progress,
  });
  progress.end();
  // A pointer names what the cache has.
  cache.settle();
  for (const { relpath, reason } of data?.skipped ?? []) {
    context.log.warning(`${path}/${relpath} is left out: it is ${reason}`);
  }
  const hiding = data?.files.find(({ relpath }) => kind === 'directory' && posix.basename(relpath) === '.dvcignore');
  if (hiding !== undefined) throw assayError('E_DATA_IGNORE_FILE', { target: plan.target, file: hiding.relpath });
  const problem = pathProblem(data?.files.map((file) => file.relpath) ?? [], 'contained');
  if (problem !== undefined) throw assayError('E_ARTIFACT_PATH', problem);
  return data;
}

function wholeOf(data: WorkData | undefined, plan: AddPlan) {
  if (data === undefined) throw assayError('E_DATA_NOTHING', { target: plan.target, reason: 'it has gone' });
  const { md5, size, files } = data;
  const listing = data.kind === 'directory' ? { listing: data.listing ?? renderDirObject(files) } : {};
  return { md5, size, files: files.length, entries: files, ...listing };
}

/** Whether the pointer had to be written. */
async function keepPointer(workspace: DataWorkspace, plan: AddPlan, content: AddedContent): Promise<boolean> {
  const { root, cache } = workspace;
  const file = join(root, plan.pointer);
  const before = plan.known === undefined ? undefined : readFileSync(file, 'utf8');
  let text: string | undefined;
  if (before === undefined || plan.known === undefined) text = renderPointer(content);
  else {
    const { known, parts, path, pointer } = plan;
    const now = parseDvcFile(before, pointer);
    const out = now.outs[placeOfOutput(now, pointer, path)];
    // Parts go into what was read at the start: what another process has added since would be taken back.
    if (parts !== undefined && out?.md5 !== known.md5) {
      const [expected, actual] = [known.md5 ?? 'no address', out?.md5 ?? 'none'];
      throw assayError('E_STORE_SOURCE_CHANGED', { source: pointer, expected, actual });
    }
    if ((known.files ?? known.cloud) !== undefined) {
      const { renewVersioned } = await import('../../../pointers/versions/renew-versioned.ts');
      text = renewVersioned(before, pointer, known, content, cache);
    }
    // The path as the pointer itself says it, which may start from another folder (wdir).
    text ??= updatePointer(before, { ...content, path: out?.path ?? content.path }, pointer);
  }
  if (text === before) return false;
  if (before === undefined && lstatSync(file, { throwIfNoEntry: false }) !== undefined) {
    throw assayError('E_DATA_EXISTS', { path: plan.pointer });
  }
  writeWhole(workspace, plan.pointer, text);
  return true;
}

/** The `.gitignore` that was written, if one had to be. */
async function keepOutOfGit(
  { root, config }: DataWorkspace,
  path: string,
  folder: boolean,
  hidden: IgnoreFiles,
): Promise<string | undefined> {
  if (config.noScm || (await hidden.hide(path, folder ? 'directory' : 'file'))) return undefined;
  return appendGitignore(root, path);
}
