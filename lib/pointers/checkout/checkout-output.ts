import { lstatSync, mkdirSync, rmSync, statSync } from 'node:fs';
import { posix } from 'node:path';
import { assayError, detailed, hasCode } from '../../errors.ts';
import { setMode } from '../../stores/bytes/set-mode.ts';
import { removeIfEmpty } from '../../stores/folder/remove-if-empty.ts';
import { isExecutable, sameStamp } from '../cache/file-stamp.ts';
import { SMALL_FILE } from '../cache/hash-file.ts';
import type { ObjectCache } from '../cache/object-cache.ts';
import type { ObjectPlacer } from '../cache/place-object.ts';
import { ownStampAt } from '../cache/place-object.ts';
import type { MadeFile, StatScope } from '../cache/stat-cache.ts';
import { isInTheWay, writing } from '../cache/write-object.ts';
import { outputListing } from '../listings/output-listing.ts';
import type { TrackedOutput } from '../outputs/tracked-output.ts';
import { parentOf } from '../relative-paths.ts';
import { checkNothingLost } from './check-nothing-lost.ts';
import { type CheckoutPlan, type PlannedFile, planCheckout } from './checkout-plan.ts';
import { type DataFile, describeData, digestOnly, stampAt, type WorkData } from './describe-data.ts';
import { rememberMoved, settledTime } from './made-files.ts';
import { moveInto } from './move-into.ts';
import { realFolders } from './real-folder.ts';
import { removeEmptied } from './remove-emptied.ts';
import type { Ignored } from './scan-tree.ts';
import type { WorkStaging } from './work-staging.ts';

export interface CheckoutPorts {
  /** The repository's top, absolute. */
  readonly root: string;
  readonly cache: ObjectCache;
  readonly placer: ObjectPlacer;
  /** On the work tree's disks. */
  readonly staging: WorkStaging;
  readonly scope: StatScope;
  readonly jobs: number;
  readonly ignored?: Ignored | undefined;
}

export interface CheckoutOptions {
  /** Give up data that is nowhere else. */
  readonly force?: boolean;
  /** Make files anew that are as they should be: `cache.type` has changed. */
  readonly relink?: boolean;
  /** Only these files and folders of a folder, relative to it. */
  readonly inside?: readonly string[] | undefined;
}

/** What a checkout did to one output; files. */
export interface CheckoutResult {
  readonly state: 'unchanged' | 'added' | 'modified';
  readonly added: number;
  readonly modified: number;
  readonly deleted: number;
}

/** An output with an address, to be put in place. */
export type CommittedOutput = TrackedOutput & { readonly md5: string };

/**
 * Makes the work tree hold an output as its pointer says, from the cache: new files, changed ones, and those that have gone.
 * Each file appears whole under its name; a folder that was not there appears at once. Nothing is written through links or
 * outside of the repository, and data that the cache does not hold is not given up without `force`.
 *
 * @throws E_CHECKOUT_LOSES, E_CACHE_MISSING, E_CACHE_CORRUPT, E_LINK_TYPE, E_POINTER_OUTSIDE, E_DIR_OBJECT_CORRUPT,
 *   E_STORE_READ, E_STORE_WRITE
 */
export async function checkoutOutput(
  output: CommittedOutput,
  ports: CheckoutPorts,
  options: CheckoutOptions = {},
): Promise<CheckoutResult> {
  try {
    return await checkoutOnce(output, ports, options);
  } catch (error) {
    // The file that could not be linked has a name of ours yet.
    if (hasCode(error, 'E_LINK_TYPE')) throw detailed(error, { path: output.path });
    // Another process was faster: what it put there is looked at as anything else that is there.
    if (!isInTheWay(error)) throw error;
    return await checkoutOnce(output, ports, options);
  }
}

async function checkoutOnce(
  output: CommittedOutput,
  ports: CheckoutPorts,
  options: CheckoutOptions,
): Promise<CheckoutResult> {
  const { root, cache } = ports;
  const target = `${root}/${output.path}`;
  const folders = realFolders(root, output.declaredIn);
  folders.check(parentOf(output.path));
  const directory = output.md5.endsWith('.dir');
  const part = (file: PlannedFile) => options.inside === undefined || isInside(file.relpath, options.inside);
  const wanted: PlannedFile[] = directory
    ? outputListing(cache, output).filter(part)
    : [{ relpath: posix.basename(output.path), md5: output.md5 }];
  // A file in the folder's place is given up or not, as what it is.
  if (directory && !lstatSync(target, { throwIfNoEntry: false })?.isFile()) folders.check(output.path);
  const present = await describeData(target, { ...ports, digest: digestOnly(output.hash) });
  const isKept = (md5: string) => cache.has(md5, output.hash);
  const ofItsKind = present?.kind === (directory ? 'directory' : 'file');
  const plan = planCheckout(wanted, ofItsKind ? present.files.filter(part) : [], isKept);
  if (present !== undefined && options.force !== true) checkNothingLost(output, plan, { target, present }, isKept);
  checkAllThere(output, [...plan.added, ...plan.modified, ...(options.relink ? plan.kept : [])], cache);
  const work: Work = { output, ports, options, target, folders, present };
  if (!ofItsKind) await placeWhole(wanted, work);
  else await change(plan, work, present);
  const counts = { added: plan.added.length, modified: plan.modified.length, deleted: plan.deleted.length };
  if (present === undefined) return { state: 'added', ...counts };
  return { state: counts.added + counts.modified + counts.deleted > 0 ? 'modified' : 'unchanged', ...counts };
}

/** Whether a file of a folder is one of `parts`, or below one. */
export function isInside(relpath: string, parts: readonly string[]): boolean {
  return parts.some((part) => relpath === part || relpath.startsWith(`${part}/`));
}

interface Work {
  readonly output: CommittedOutput;
  readonly ports: CheckoutPorts;
  readonly options: CheckoutOptions;
  readonly target: string;
  readonly folders: ReturnType<typeof realFolders>;
  readonly present: WorkData | undefined;
}

function checkAllThere(output: CommittedOutput, files: readonly PlannedFile[], cache: ObjectCache): void {
  const missing = new Set(files.filter(({ md5 }) => !cache.has(md5, output.hash)).map(({ md5 }) => md5));
  const [object] = missing;
  if (object !== undefined) throw assayError('E_CACHE_MISSING', { object, output: output.path, count: missing.size });
}

/** Nothing of its kind is there: the whole appears by one renaming. */
async function placeWhole(
  wanted: readonly PlannedFile[],
  { output, ports, target, folders, present }: Work,
): Promise<void> {
  const staged = ports.staging.nextTo(target);
  const { hash, isexec } = output;
  folders.make(parentOf(output.path));
  const made: MadeFile[] = [];
  if (output.md5.endsWith('.dir')) {
    const below = realFolders(staged, output.declaredIn);
    writing(target, () => mkdirSync(staged));
    for (const { relpath, md5 } of wanted) {
      const slash = relpath.lastIndexOf('/');
      if (slash !== -1) below.make(relpath.slice(0, slash));
      made.push({
        path: relpath,
        md5,
        stamp: await ports.placer.make({ md5, hash, isexec: false }, `${staged}/${relpath}`),
      });
    }
  } else {
    made.push({
      path: target,
      md5: output.md5,
      stamp: await ports.placer.make({ md5: output.md5, hash, isexec }, staged),
    });
  }
  // Nobody else finds the files before the renaming: what is remembered of them now holds until they are changed.
  const folder = posix.dirname(staged);
  const settled = await settledTime(
    folder,
    made.map(({ stamp }) => stamp),
  );
  // Only what `checkNothingLost` let pass is there.
  if (present !== undefined) rmSync(target, { recursive: true });
  moveTo(staged, target);
  const [only] = made;
  if (output.md5.endsWith('.dir')) {
    if (settled !== undefined) ports.scope.setMade(made, settled);
  } else if (only !== undefined) await rememberMoved(ports.scope, only, { target, folder, settled });
}

async function change(plan: CheckoutPlan, work: Work, present: WorkData): Promise<void> {
  const { output, ports, options, target } = work;
  const before = new Map(present.files.map((file) => [file.relpath, file]));
  const directory = present.kind === 'directory';
  const at = (relpath: string) => (directory ? `${target}/${relpath}` : target);
  for (const relpath of plan.deleted) {
    checkStill(before.get(relpath), work);
    writing(at(relpath), () => rmSync(at(relpath), { force: true }));
  }
  if (plan.deleted.length > 0) removeEmptied(plan.deleted, target);
  const again = options.relink
    ? plan.kept
    : plan.kept.filter((file) => !directory && !rightMode(output, at(file.relpath)));
  const existing = new Set(present.folders);
  for (const file of [...plan.added, ...plan.modified, ...again]) {
    const path = at(file.relpath);
    if (directory) work.folders.make(posix.dirname(`${output.path}/${file.relpath}`));
    const staged = ports.staging.nextTo(path);
    const wanted = { md5: file.md5, hash: output.hash, isexec: output.isexec && !directory };
    const stamp = await ports.placer.make(wanted, staged);
    // To read a small one once more is less than to wait for the clock.
    const folder = posix.dirname(staged);
    const settled = stamp.size > SMALL_FILE ? await settledTime(folder, [stamp]) : undefined;
    checkStill(before.get(file.relpath), work);
    // An empty folder where a file belongs; one that is not empty refuses.
    if (existing.has(file.relpath)) removeIfEmpty(path);
    else if (!before.has(file.relpath)) checkFree(path, work);
    moveTo(staged, path);
    const made = { path: directory ? file.relpath : path, md5: file.md5, stamp };
    await rememberMoved(ports.scope, made, { target: path, folder, settled });
  }
}

/** Nobody changed a file since it was looked at. */
function checkStill(file: DataFile | undefined, { output, options }: Work): void {
  if (file === undefined || options.force === true) return;
  const now = stampAt(file.path);
  if (now === undefined || sameStamp(now, file.stamp)) return;
  throw assayError('E_CHECKOUT_LOSES', { output: output.path, files: [file.relpath], count: 1 });
}

/** What `.dvcignore` hides is data all the same. */
function checkFree(path: string, { output, options }: Work): void {
  if (options.force === true || ownStampAt(path) === undefined) return;
  throw assayError('E_CHECKOUT_LOSES', { output: output.path, files: [path], count: 1 });
}

function rightMode(output: CommittedOutput, path: string): boolean {
  const stamp = stampAt(path);
  if (stamp === undefined || !output.isexec || isExecutable(stamp)) return true;
  const { nlink } = statSync(path);
  // The object of the cache has the same mode where it is the same file.
  if (nlink > 1) return false;
  setMode(path, stamp.mode | ((stamp.mode & 0o444) >> 2));
  return true;
}

function moveTo(staged: string, target: string): void {
  writing(target, () => moveInto(staged, target));
}
