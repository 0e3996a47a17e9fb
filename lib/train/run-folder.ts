import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { canonicalFile, canonicalJson, type Digest, digestOf } from '../digest.ts';
import { assayError } from '../errors.ts';
import { fileDigests } from './file-digests.ts';
import { runFolderName, runKey, shortKey } from './run-key.ts';
import { RunRecord, recordDigest } from './run-record.ts';

/** Where Assay keeps what it can make again; it ignores itself in git. */
export const STATE_FOLDER = '.assay';

/** Lines of its `.gitignore`. */
const IGNORE_ALL = '*\n';

/** A finished run on disk. */
export interface RunFolder {
  readonly folder: string;
  readonly record: RunRecord;
}

/** `<root>/.assay`, made and git-ignored on first use. */
export async function stateFolder(root: string): Promise<string> {
  const folder = join(root, STATE_FOLDER);
  await mkdir(folder, { recursive: true });
  const ignore = join(folder, '.gitignore');
  if ((await readFile(ignore, 'utf8').catch(() => '')) === IGNORE_ALL) return folder;
  // Never half there: what another process sees of this folder meanwhile would belong to its run's identity.
  const temporary = join(folder, `.${randomUUID()}.tmp`);
  await writeFile(temporary, IGNORE_ALL);
  await rename(temporary, ignore);
  return folder;
}

export function runFolderPath(root: string, key: Digest): string {
  return join(root, STATE_FOLDER, 'runs', runFolderName(key));
}

/** Folder of the model files inside a run's folder. */
export function modelFolder(runFolder: string): string {
  return join(runFolder, 'model');
}

/**
 * The run with this key, verified: its record is of this key and every output has the digest it was written with.
 * @returns undefined when there is none. Throws E_RUN_CORRUPT for one that is damaged.
 */
export async function openRun(root: string, key: Digest): Promise<RunFolder | undefined> {
  const folder = runFolderPath(root, key);
  let text: string;
  try {
    text = await readFile(join(folder, 'run.json'), 'utf8');
  } catch {
    return undefined;
  }
  return { folder, record: await verifyRun(folder, text, key) };
}

/**
 * The key of a run as a user writes it: whole, with or without `sha256:`, or its first digits as messages show them
 * when only one run here begins so.
 */
export async function runKeyOf(root: string, wanted: string): Promise<Digest> {
  const digits = wanted.replace(/^sha256:/, '');
  const names = await readdir(join(root, STATE_FOLDER, 'runs')).catch(() => []);
  const [first, ...others] = digits === '' ? [] : names.filter((name) => name.startsWith(digits));
  return `sha256:${first !== undefined && others.length === 0 ? first : digits}`;
}

/** Checks a run's record and outputs against its key, wherever it came from. Throws E_RUN_CORRUPT. */
export async function verifyRun(folder: string, text: string, key: Digest): Promise<RunRecord> {
  const corrupt = (file: string, reason: string, cause?: unknown) =>
    assayError('E_RUN_CORRUPT', { run: shortKey(key), file, reason }, cause);
  let record: RunRecord;
  try {
    record = RunRecord.parse(JSON.parse(text));
  } catch (error) {
    throw corrupt('run.json', 'is not a run record', error);
  }
  if (record.key !== key || runKey(record.inputs) !== key) throw corrupt('run.json', 'is of another run');
  if (record.digest !== undefined && record.digest !== recordDigest(record))
    throw corrupt('run.json', 'does not have the digest that it names');
  const outputs = await fileDigests(modelFolder(folder)).catch((error: unknown) => {
    throw corrupt('model/', 'cannot be read', error);
  });
  const differing = record.outputs.find(
    (output, index) => canonicalJson(output) !== canonicalJson(outputs[index] ?? null),
  );
  if (differing !== undefined)
    throw corrupt(`model/${differing.path}`, 'does not have the digest that the record names');
  if (outputs.length !== record.outputs.length) throw corrupt('model/', 'has files that the record does not name');
  if ((await profileDigest(folder)) !== record.profile)
    throw corrupt('profile.json', 'does not have the digest that the record names');
  return record;
}

/** Undefined for a profile that is not there or not JSON. */
async function profileDigest(folder: string): Promise<Digest | undefined> {
  try {
    return digestOf(JSON.parse(await readFile(join(folder, 'profile.json'), 'utf8')));
  } catch {
    return undefined;
  }
}

/** The same run with other facts of git: in the place of its record, at once. */
export async function restampRun({ folder, record }: RunFolder, git: RunRecord['git']): Promise<RunFolder> {
  const stamped = RunRecord.parse({ ...record, git });
  const temporary = join(folder, `.run-${randomUUID()}.json`);
  await writeFile(temporary, canonicalFile(stamped));
  await rename(temporary, join(folder, 'run.json'));
  return { folder, record: stamped };
}

/** A run in the making: a folder beside its final place, so that it appears whole or not at all. */
export async function beginRun(root: string, key: Digest): Promise<string> {
  await stateFolder(root);
  const runs = dirname(runFolderPath(root, key));
  await mkdir(runs, { recursive: true });
  const folder = await mkdtemp(join(runs, '.making-'));
  await mkdir(modelFolder(folder));
  return folder;
}

/** Writes record and profile and moves the folder to its place; a run that stands there already (a rerun) is replaced. */
export async function finishRun(root: string, making: string, made: RunRecord, profile: unknown): Promise<RunFolder> {
  const record = { ...made, digest: recordDigest(made) };
  await writeFile(join(making, 'profile.json'), canonicalFile(profile));
  await writeFile(join(making, 'run.json'), canonicalFile(RunRecord.parse(record)));
  const folder = runFolderPath(root, record.key);
  await rm(folder, { recursive: true, force: true });
  await rename(making, folder);
  return { folder, record };
}
