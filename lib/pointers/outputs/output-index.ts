import { posix } from 'node:path';
import { AssayError, assayError } from '../../errors.ts';
import { byCodePoint } from '../code-point-order.ts';
import type { DvcFile } from '../formats/dvc-file.ts';
import type { OutputEntry } from '../formats/output-entry.ts';
import { readPlainPointer } from '../formats/plain-pointer.ts';
import type { Parameters } from '../formats/template-vars.ts';
import {
  dvcIgnoreDefaults,
  type IgnoreRules,
  isIgnoredItself,
  NO_IGNORE_RULES,
  withIgnoreFile,
} from '../ignore/ignore-rules.ts';
import { type PathRules, pathProblem } from '../relative-paths.ts';
import { type RepositoryTree, type TreeEntry, workTree } from '../repository-tree.ts';
import { overlaps } from './overlapping-outputs.ts';
import { type DeclaringStage, placedOutput } from './placed-output.ts';
import type { ExternalOutput, IndexProblem, OutputIndex, TrackedOutput } from './tracked-output.ts';

/** Levels of folders that are searched for pointers. */
const MAX_TREE_DEPTH = 128;
/** Pointer files of one repository. */
const MAX_POINTER_FILES = 1_000_000;

export interface IndexPorts {
  /** Where the files are read: the work tree when left out, else a commit. */
  readonly tree?: RepositoryTree;
  /** `portable` also refuses outputs that some systems cannot hold, or hold as one. */
  readonly paths?: PathRules;
}

/**
 * Every output that the repository's `.dvc` files and `dvc.yaml`/`dvc.lock` track. As DVC does, it leaves out what
 * `.dvcignore` and `.gitignore` name, what lies in tracked folders, and repositories in the repository; links are not followed.
 *
 * @param root the folder that holds `.dvc`
 * @throws E_STORE_READ, E_DVC_LIMIT; everything else that is wrong becomes one of `problems`
 */
export async function readIndex(
  root: string,
  { tree = workTree(root), paths = 'contained' }: IndexPorts = {},
): Promise<OutputIndex> {
  const found: Found = {
    root,
    tree,
    outputs: [],
    external: [],
    pipelines: [],
    problems: [],
    repositories: [],
    folders: new Set(),
    files: 0,
  };
  await walk('', { dvc: dvcIgnoreDefaults(), git: NO_IGNORE_RULES }, found);
  const outputs = found.outputs.sort((a, b) => byCodePoint(a.path, b.path) || byCodePoint(a.declaredIn, b.declaredIn));
  const clashes = overlaps(outputs);
  const problems = [...found.problems, ...clashes];
  const clash =
    clashes.length === 0
      ? pathProblem(
          outputs.map((output) => output.path),
          paths,
        )
      : undefined;
  if (clash !== undefined) {
    const declaredIn = outputs.find((output) => output.path === clash.path)?.declaredIn ?? '';
    problems.push({ file: declaredIn, error: assayError('E_OUTPUT_NAMES', { ...clash, declaredIn }) });
  }
  return {
    outputs,
    external: found.external.sort((a, b) => byCodePoint(a.url, b.url)),
    pipelines: found.pipelines,
    problems: problems.sort((a, b) => byCodePoint(a.file, b.file)),
    ...(found.repositories.length === 0 ? {} : { repositories: found.repositories.sort(byCodePoint) }),
  };
}

/** Throws the first of an index' problems. What one pointer says wrong could be what a command would have to keep. */
export function requireSound(index: OutputIndex): OutputIndex {
  const [problem] = index.problems;
  if (problem !== undefined) throw problem.error;
  return index;
}

interface Found {
  readonly root: string;
  readonly tree: RepositoryTree;
  readonly outputs: TrackedOutput[];
  readonly external: ExternalOutput[];
  readonly pipelines: string[];
  readonly problems: IndexProblem[];
  readonly repositories: string[];
  /** Paths of outputs so far: data is not searched for pointers. */
  readonly folders: Set<string>;
  /** Opened for the first pipeline. */
  parameters?: Parameters;
  files: number;
}

interface Rules {
  readonly dvc: IgnoreRules;
  readonly git: IgnoreRules;
}

async function walk(folder: string, above: Rules, found: Found): Promise<void> {
  if (folder.split('/').length > MAX_TREE_DEPTH) {
    throw assayError('E_DVC_LIMIT', { what: `"${folder}"`, limit: MAX_TREE_DEPTH, unit: 'levels of folders' });
  }
  const entries = await found.tree.list(folder);
  const names = new Map(entries.map((entry) => [entry.name, entry.kind]));
  // A repository in the repository has pointers of its own.
  if (folder !== '' && names.get('.dvc') === 'directory') {
    found.repositories.push(folder);
    return;
  }
  const at = (name: string) => (folder === '' ? name : `${folder}/${name}`);
  const rules = await rulesOf(folder, names, above, found);
  const hidden = (path: string, kind: 'file' | 'directory') =>
    isIgnoredItself(rules.dvc, path, kind) || isIgnoredItself(rules.git, path, kind);
  const sorted = [...names].sort(([a], [b]) => byCodePoint(a, b));
  for (const [name, kind] of sorted) {
    const path = at(name);
    if (kind === 'directory' || !isPointerName(name) || hidden(path, 'file')) continue;
    if (++found.files > MAX_POINTER_FILES) {
      throw assayError('E_DVC_LIMIT', { what: 'the repository', limit: MAX_POINTER_FILES, unit: 'pointer files' });
    }
    await collect(path, kind, found);
  }
  for (const [name, kind] of sorted) {
    const path = at(name);
    if (kind === 'directory' && !found.folders.has(path) && !hidden(path, 'directory')) await walk(path, rules, found);
  }
}

function isPointerName(name: string): boolean {
  return name === 'dvc.yaml' || (name.endsWith('.dvc') && name !== '.dvc');
}

async function rulesOf(folder: string, names: ReadonlyMap<string, string>, above: Rules, found: Found): Promise<Rules> {
  const read = async (rules: IgnoreRules, name: string, syntax: 'dvc' | 'git') => {
    const kind = names.get(name);
    // What git passes over, DVC stumbles on.
    if (kind === undefined || kind === 'link' || (kind !== 'file' && syntax === 'git')) return rules;
    const file = posix.join(folder, name);
    if (syntax === 'dvc' && isIgnoredItself(rules, file, 'file')) return rules;
    try {
      return withIgnoreFile(rules, folder, (await found.tree.read(file)) ?? '', { file, syntax });
    } catch (error) {
      return keepProblem(file, error, found) ?? rules;
    }
  };
  return { dvc: await read(above.dvc, '.dvcignore', 'dvc'), git: await read(above.git, '.gitignore', 'git') };
}

function keepProblem(file: string, error: unknown, { problems }: Found): undefined {
  if (!(error instanceof AssayError) || error.code === 'E_STORE_READ') throw error;
  problems.push({ file, error });
  return undefined;
}

async function collect(file: string, kind: TreeEntry['kind'], found: Found): Promise<void> {
  try {
    if (kind === 'link') throw assayError('E_DVC_LINK', { file });
    if (kind !== 'file') throw assayError('E_DVC_NO_FILE', { file, kind: 'a pipe, a socket or a device' });
    if (posix.basename(file) === 'dvc.yaml') await collectPipeline(file, found);
    else await collectPointer(file, found);
  } catch (error) {
    keepProblem(file, error, found);
  }
}

async function collectPointer(file: string, found: Found): Promise<void> {
  const { outs, wdir, frozen, import: source } = await readPointer((await found.tree.read(file)) ?? '', file);
  const stage = { file, wdir, frozen, ...(source === undefined ? {} : { import: source }) };
  for (const out of outs) addOutput(out, stage, found);
}

/** YAML and schemas take longer to load than most repositories take to read, so plain pointers do without. */
async function readPointer(text: string, file: string): Promise<DvcFile> {
  const plain = readPlainPointer(text);
  if (plain !== undefined) return { outs: [plain], wdir: '.', frozen: false };
  const { parseDvcFile } = await import('../formats/dvc-file.ts');
  return parseDvcFile(text, file);
}

async function collectPipeline(file: string, found: Found): Promise<void> {
  found.pipelines.push(file);
  const [{ parseDvcYaml }, { parseDvcLock }, { openParameters }] = await Promise.all([
    import('../formats/dvc-yaml.ts'),
    import('../formats/dvc-lock.ts'),
    import('../formats/template-vars.ts'),
  ]);
  const { tree } = found;
  found.parameters ??= openParameters(tree);
  const { parameters } = found;
  const { stages, problems } = await parseDvcYaml((await tree.read(file)) ?? '', file, tree, { parameters });
  for (const error of problems) found.problems.push({ file, error });
  const lockFile = file.replace(/yaml$/, 'lock');
  const lockText = await tree.read(lockFile);
  const locked = lockText === undefined ? undefined : parseDvcLock(lockText, lockFile);
  for (const { name, wdir, frozen, outs } of stages) {
    for (const declared of outs) {
      const entry = locked?.get(name)?.get(declared.path);
      // The lock tells what the data is, the pipeline what to do with it.
      const out: OutputEntry = { hash: 'md5', isexec: false, ...entry, ...declared };
      addOutput(out, { file, wdir, frozen, stage: name }, found);
    }
  }
}

function addOutput(out: OutputEntry, stage: DeclaringStage, found: Found): void {
  const placed = placedOutput(out, stage, found.root);
  if ('error' in placed) found.problems.push(placed);
  else if ('url' in placed) found.external.push(placed);
  else {
    found.folders.add(placed.path);
    found.outputs.push(placed);
  }
}
