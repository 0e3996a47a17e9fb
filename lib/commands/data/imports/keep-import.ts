import { lstatSync } from 'node:fs';
import { join, posix } from 'node:path';
import { assayError } from '../../../errors.ts';
import { type CommittedOutput, checkoutOutput } from '../../../pointers/checkout/checkout-output.ts';
import { rememberPlaced } from '../../../pointers/checkout/placed-data.ts';
import type { ImportSource } from '../../../pointers/formats/dvc-file.ts';
import { renderDvcFile } from '../../../pointers/formats/render-dvc-file.ts';
import { renewDvcFile } from '../../../pointers/formats/renew-dvc-file.ts';
import { isGitIgnored } from '../../../pointers/ignore/gitignore.ts';
import { pathProblem } from '../../../pointers/relative-paths.ts';
import { workTree } from '../../../pointers/repository-tree.ts';
import { withoutSecrets } from '../../../stores/without-secrets.ts';
import type { Context } from '../../context.ts';
import { refuseIgnored } from '../add/add-plan.ts';
import { appendGitignore } from '../append-gitignore.ts';
import type { DataImportOutput } from '../data-outputs.ts';
import type { DataWorkspace } from '../data-workspace.ts';
import { refuseLoss } from '../source/refuse-loss.ts';
import { stageWritten } from '../stage-written.ts';
import { writeWhole } from '../write-whole.ts';

/** What was brought, as the output that it becomes; its bytes are in the cache. */
export interface ImportedContent {
  readonly folder: boolean;
  readonly md5: string;
  /** Bytes. */
  readonly size: number;
  readonly isexec: boolean;
  /** Of a folder. */
  readonly nfiles?: number | undefined;
  readonly listing?: string | undefined;
}

/** What lets in for who has the address: signatures of S3, Google and Azure, and what servers call a token or key. */
const SECRET_PARAMETER =
  /^(x-amz-(signature|security-token)|x-goog-signature|sig(nature)?|(access_|private_)?token|api_?key|password)$/i;

/** Pointers are public: an address in one must not let anybody in. @throws E_DATA_SECRET */
export function refuseSecrets(url: string): void {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  const user = parsed?.username !== '' && /^https?:$/.test(parsed?.protocol ?? '');
  const signed = [...(parsed?.searchParams.keys() ?? [])].some((name) => SECRET_PARAMETER.test(name));
  if (parsed !== undefined && (parsed.password !== '' || user || signed)) {
    throw assayError('E_DATA_SECRET', { url: withoutSecrets(url) });
  }
}

/** Options that let somebody in. Source: dvc/config_schema.py; what is not there yet is known by its name. */
const SECRET_OPTION = /secret|password|passphrase|token|connection_string|account_key|customer_key/i;

/**
 * The same of options that a pointer keeps.
 *
 * @param option what gave them, as it is typed
 * @throws E_DATA_SECRET
 */
export function refuseSecretOptions(option: string, values: Readonly<Record<string, unknown>>): void {
  for (const [key, value] of Object.entries(values)) {
    if (typeof value === 'object' && value !== null) refuseSecretOptions(option, { ...value });
    if (SECRET_OPTION.test(key)) throw assayError('E_DATA_SECRET', { option: `${key} of ${option}` });
    if (typeof value === 'string') refuseSecrets(value);
  }
}

/**
 * Where an import goes, and that nothing is there yet, nor tracked around it.
 *
 * @throws E_DATA_TARGET_OUTSIDE, E_DATA_EXISTS, E_DATA_INSIDE_OUTPUT, E_DATA_CONTAINS_OUTPUT, E_OUTPUT_OVERLAP, and as
 * `refuseIgnored`
 */
export async function importTarget(
  workspace: DataWorkspace,
  out: string,
  force: boolean,
): Promise<{ readonly path: string; readonly pointer: string }> {
  const { root } = workspace;
  const path = workspace.below(out);
  if (path === '' || pathProblem([path], 'contained') !== undefined)
    throw assayError('E_DATA_TARGET_OUTSIDE', { target: out, root });
  const pointer = `${path}.dvc`;
  const there = [path, pointer].find((one) => lstatSync(join(root, one), { throwIfNoEntry: false }) !== undefined);
  if (there !== undefined && !force) throw assayError('E_DATA_EXISTS', { path: there });
  for (const { path: output, declaredIn } of (await workspace.index()).outputs) {
    if (path.startsWith(`${output}/`)) throw assayError('E_DATA_INSIDE_OUTPUT', { target: out, output });
    if (output.startsWith(`${path}/`)) throw assayError('E_DATA_CONTAINS_OUTPUT', { target: out, output, declaredIn });
    if (output !== path || declaredIn === pointer) continue;
    throw assayError('E_OUTPUT_OVERLAP', { path, declaredIn: pointer, other: output, otherDeclaredIn: declaredIn });
  }
  await refuseIgnored(workspace, { path, pointer });
  return { path, pointer };
}

/** What becomes of imported data. */
export interface KeepOptions {
  /** Absent where nothing was downloaded. */
  readonly content?: ImportedContent | undefined;
  /** Where it comes from; absent for data of one's own. */
  readonly source?: Exclude<ImportSource, { kind: 'database' }> | undefined;
  /** The source was not looked at. */
  readonly unseen?: boolean;
  /** False: the source itself keeps it, in versions. */
  readonly push?: boolean;
  readonly force: boolean;
  /** False where the data went to the remote alone. */
  readonly place?: boolean;
}

/**
 * Puts imported data into the work tree, its pointer beside it, and keeps the data out of git.
 *
 * @throws E_CHECKOUT_LOSES, E_DATA_FOLDER_STAYS, E_STORE_WRITE
 */
export async function keepImport(
  context: Pick<Context, 'environment'>,
  workspace: DataWorkspace,
  { path, pointer }: { readonly path: string; readonly pointer: string },
  { content, source, unseen = false, push = true, force, place = true }: KeepOptions,
): Promise<DataImportOutput> {
  if (content !== undefined && place) {
    const { root, cwd } = workspace;
    const around = { target: join(root, path), shown: path, cwd: join(root, cwd) };
    if (force) refuseLoss({ ...around, folder: content.folder });
    await placeImport(workspace, { path, pointer }, content, force);
  }
  const name = posix.basename(path);
  const fresh = {
    ...(source === undefined ? {} : { frozen: true, import: source, unseen }),
    outs: [{ path: name, push, ...(content === undefined ? {} : entryOf(content)) }],
  };
  const old = await workTree(workspace.root).read(pointer);
  writeWhole(workspace, pointer, old === undefined ? renderDvcFile(fresh) : renewDvcFile(old, fresh, pointer));
  const written = [pointer];
  const folder = content?.folder ?? false;
  const kind = folder ? 'directory' : 'file';
  if (!workspace.config.noScm && !(await isGitIgnored(workTree(workspace.root), path, kind))) {
    written.push(appendGitignore(workspace.root, path));
  }
  await stageWritten(context, workspace, written);
  const { md5, size = 0, nfiles = content === undefined ? 0 : 1 } = content ?? {};
  return {
    schema: 'assay/data-import/1',
    path,
    ...(md5 === undefined ? {} : { md5 }),
    size,
    files: nfiles,
    pointer,
    written: written.sort(),
  };
}

function entryOf({ md5, size, isexec, nfiles }: ImportedContent) {
  return { md5, size, isexec, ...(nfiles === undefined ? {} : { nfiles }) };
}

/** Makes the work tree hold what was imported. @throws E_CHECKOUT_LOSES, E_STORE_WRITE */
export async function placeImport(
  workspace: DataWorkspace,
  { path, pointer }: { readonly path: string; readonly pointer: string },
  { folder, md5, size, isexec, listing }: ImportedContent,
  force: boolean,
): Promise<void> {
  if (listing !== undefined) workspace.cache.insertBytes(Buffer.from(listing), md5);
  const output: CommittedOutput = {
    ...{ path, declaredIn: pointer, kind: folder ? 'directory' : 'file', hash: 'md5', md5, size, isexec },
    ...{ cache: true, push: true, persist: false, frozen: true },
  };
  await placeOutput(workspace, output, force);
}

/** Makes the work tree hold an output whose data the cache has. @throws E_CHECKOUT_LOSES, E_CACHE_MISSING, E_STORE_WRITE */
export async function placeOutput(workspace: DataWorkspace, output: CommittedOutput, force: boolean): Promise<void> {
  await checkoutOutput(output, await workspace.checkoutPorts(output), { force });
  rememberPlaced(workspace.root, [output]);
}
