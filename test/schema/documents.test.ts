import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { assay } from '../cli/command-line.ts';
import { CHECKS, files, newWorkspace, treesYaml, type Workspace } from '../commands/repository.ts';

const ROOT = join(import.meta.dirname, '..', '..');

/** The published schema, as somebody else would compile it: from its file, with another library. */
async function published(kind: string): Promise<ValidateFunction> {
  const text = await readFile(join(ROOT, 'registry-schema', `${kind}.json`), 'utf8');
  return new Ajv2020({ strict: true, strictTypes: false, allErrors: true, validateFormats: false }).compile(
    JSON.parse(text),
  );
}

async function expectValid(document: unknown, kind = kindOf(document)): Promise<void> {
  const validate = await published(kind);
  validate(document);
  expect(validate.errors ?? [], kind).toEqual([]);
}

function kindOf(document: unknown): string {
  const schema =
    typeof document === 'object' && document !== null && 'schema' in document ? document.schema : undefined;
  const kind = /^assay\/([a-z-]+)\/1$/.exec(String(schema))?.[1];
  if (kind === undefined) throw new Error(`no document of ours: ${JSON.stringify(document).slice(0, 200)}`);
  return kind;
}

/** All JSON documents below a folder that name a schema of ours. */
async function documentsBelow(folder: string): Promise<unknown[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const names = entries.filter((entry) => entry.isFile() && entry.name.endsWith('.json'));
  return Promise.all(
    names.map(async (entry) => JSON.parse(await readFile(join(entry.parentPath, entry.name), 'utf8'))),
  );
}

let workspace: Workspace;
const json = async (...args: string[]): Promise<unknown> => {
  const { out, err, code } = await assay(workspace.root, [...args, '--json']);
  if (out === '') throw new Error(`assay ${args.join(' ')} ended with ${code}: ${err}`);
  return JSON.parse(out);
};

beforeAll(async () => {
  workspace = await newWorkspace(files(treesYaml()));
});

describe('what the verbs print under --json', () => {
  // In the order of a user's day: each verb needs what the ones before it left.
  test.each([
    ['init', ['init', '--dry-run']],
    ['doctor', ['doctor']],
    ['validations', ['validate-data']],
    ['run', ['train']],
    ['decision', ['evaluate-gate']],
    ['evaluation', ['pull-request']],
    ['registration', ['register']],
    ['promotion', ['promote']],
    ['get', ['get', 'late@production']],
    ['history', ['history']],
    ['drift', ['drift-check']],
    ['error', ['get', 'late@nowhere']],
  ])('%s', async (kind, args) => {
    const document = await json(...args);
    expect(kindOf(document)).toBe(kind);
    await expectValid(document);
  });

  test('a document with a key too many, or one that is missing, is none', async () => {
    const document = await json('history');
    const validate = await published('history');
    expect(validate({ ...Object(document), extra: 1 })).toBe(false);
    const { head: _left, ...rest } = Object(document);
    expect(validate(rest)).toBe(false);
  });
});

test('what a run leaves in its folder', async () => {
  const documents = await documentsBelow(join(workspace.root, '.assay', 'runs'));
  expect([...new Set(documents.map(kindOf))].sort()).toEqual(['model', 'profile', 'run']);
  for (const document of documents) await expectValid(document);
});

test('what is in the registry', async () => {
  const { git } = workspace;
  const listed = (await git.text(['ls-tree', '-r', '--name-only', 'refs/remotes/origin/assay/registry'])).split('\n');
  const paths = listed.filter((path) => path.endsWith('.json'));
  const kinds = new Set<string>();
  for (const path of paths) {
    const document: unknown = JSON.parse(await git.text(['show', `refs/remotes/origin/assay/registry:${path}`]));
    kinds.add(kindOf(document));
    await expectValid(document);
  }
  expect([...kinds].sort()).toEqual(expect.arrayContaining(['decision', 'event', 'look', 'profile', 'run', 'version']));
});

describe('the files that people write', () => {
  test.each(['flights', 'python-sklearn'])('assay.yaml of examples/%s', async (example) => {
    await expectValid(parse(await readFile(join(ROOT, 'examples', example, 'assay.yaml'), 'utf8')), 'project');
  });

  test('checks files', async () => {
    await expectValid(parse(CHECKS), 'checks');
    await expectValid(parse(await readFile(join(ROOT, 'examples/flights/checks/flights.yaml'), 'utf8')), 'checks');
  });

  test('a misspelt key is refused', async () => {
    const validate = await published('checks');
    expect(validate({ ...parse(CHECKS), colums: {} })).toBe(false);
  });
});
