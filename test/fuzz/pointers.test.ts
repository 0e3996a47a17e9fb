import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AssayError } from '../../lib/errors.ts';
import { byCodePoint } from '../../lib/pointers/code-point-order.ts';
import { parseConfigFile } from '../../lib/pointers/config/config-file.ts';
import { parseDvcFile } from '../../lib/pointers/formats/dvc-file.ts';
import { parseDvcLock } from '../../lib/pointers/formats/dvc-lock.ts';
import { parseDvcYaml } from '../../lib/pointers/formats/dvc-yaml.ts';
import { updatePointer } from '../../lib/pointers/formats/pointer-file.ts';
import { renderDvcFile } from '../../lib/pointers/formats/render-dvc-file.ts';
import { addGitignoreEntry, gitignoreEntry } from '../../lib/pointers/ignore/gitignore.ts';
import { isIgnored, NO_IGNORE_RULES, withIgnoreFile } from '../../lib/pointers/ignore/ignore-rules.ts';
import { parseDirObject, renderDirObject } from '../../lib/pointers/listings/dir-object.ts';
import type { RepositoryTree } from '../../lib/pointers/repository-tree.ts';

const hex = fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: 32, maxLength: 32 });
/** Names as people and tests for Windows think of them, YAML's and git's own characters among them. */
const name = fc
  .string({ unit: fc.constantFrom(...'aAb01.-_ #!*?[]{}:,&%@`\'"\\|>=~é😀\uff5e'), minLength: 1, maxLength: 12 })
  .filter((text) => !/^\.+$|\\/.test(text));
// biome-ignore-start lint/suspicious/noTemplateCurlyInString: DVC's templates look like that
const any = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc
    .array(
      fc.constantFrom(
        'outs:',
        '- ',
        'md5: ',
        'path: a',
        'stages:',
        ' ',
        '\n',
        '&a ',
        '*a',
        '{',
        '}',
        '[',
        ']',
        '${a}',
        ':',
        '#',
        "'",
        '"',
        '<<: ',
        '!!set ',
        'foreach: ',
        'do:',
        'matrix: ',
        'schema: ',
        '2.0',
        '\0',
        '=',
        'x',
      ),
    )
    .map((list) => list.join('')),
);
// biome-ignore-end lint/suspicious/noTemplateCurlyInString: DVC's templates look like that

/** Whatever is thrown has to be of the catalogue. */
async function refusedByName(read: () => unknown): Promise<void> {
  try {
    await read();
  } catch (error) {
    expect(error).toBeInstanceOf(AssayError);
  }
}

test('a .dvc file that is written is read back', () => {
  const out = fc.record({
    path: name,
    md5: hex,
    size: fc.nat(),
    isexec: fc.boolean(),
    cache: fc.boolean(),
    push: fc.boolean(),
    persist: fc.boolean(),
    desc: name,
    type: name,
    labels: fc.array(name, { minLength: 1, maxLength: 3 }),
    remote: name,
    hash: fc.constantFrom('md5' as const, 'md5-dos2unix' as const),
  });
  fc.assert(
    fc.property(
      fc.uniqueArray(out, { minLength: 1, maxLength: 3, selector: (o) => o.path }),
      fc.boolean(),
      (outs, frozen) => {
        expect(parseDvcFile(renderDvcFile({ outs, frozen }), 'x.dvc')).toEqual({ outs, frozen, wdir: '.' });
      },
    ),
  );
});

test('the short way to read a pointer says what YAML says', () => {
  const plainName = fc.string({ unit: fc.constantFrom(...'aeTrufnl_./-01'), minLength: 1, maxLength: 6 });
  const path = fc.oneof(plainName, name, fc.constantFrom('true', 'Null', 'FALSE', '1e5', 'a.b/c'));
  const address = fc.oneof(hex, fc.string({ unit: fc.constantFrom(...'0123456789e'), minLength: 32, maxLength: 32 }));
  const lines = fc.record({ address, path, folder: fc.boolean(), isexec: fc.boolean(), size: fc.nat() });
  const read = (text: string) => {
    try {
      return parseDvcFile(text, 'x.dvc');
    } catch (error) {
      return error instanceof AssayError ? error.code : error;
    }
  };
  fc.assert(
    fc.property(lines, ({ address: md5, path: at, folder, isexec, size }) => {
      const counts = `  size: ${size}\n${folder ? '  nfiles: 2\n' : ''}${isexec ? '  isexec: true\n' : ''}`;
      const text = `outs:\n- md5: ${md5}${folder ? '.dir' : ''}\n${counts}  hash: md5\n  path: ${at}\n`;
      // A comment takes the long way.
      expect(read(text)).toEqual(read(`${text}# long\n`));
    }),
    { numRuns: 500 },
  );
});

test('a cloud-versioned folder that is written is read back', () => {
  const file = fc.record({
    relpath: fc.uuid(),
    md5: hex,
    size: fc.nat(),
    isexec: fc.boolean(),
    cloud: fc.record({ remote: name, etag: name, versionId: name }),
  });
  fc.assert(
    fc.property(fc.uniqueArray(file, { minLength: 1, maxLength: 4, selector: (f) => f.relpath }), (files) => {
      const [out] = parseDvcFile(renderDvcFile({ outs: [{ path: 'd', files }] }), 'x.dvc').outs;
      expect(out?.files).toEqual(files);
      expect(out).toMatchObject({ md5: expect.stringMatching(/\.dir$/), nfiles: files.length });
    }),
  );
});

test('an update changes the content of one output and no comment', () => {
  fc.assert(
    fc.property(hex, hex, fc.nat(), fc.boolean(), name, (md5, other, size, isexec, path) => {
      const text = `# top\n${renderDvcFile({
        outs: [
          { path: 'first', md5: other },
          { path: `second ${path}`, md5: other, size: 1, isexec: true },
        ],
      })}# end\n`;
      const content = { path: `second ${path}`, md5, size, isexec };
      const updated = updatePointer(text, content, 'x.dvc');
      expect(parseDvcFile(updated, 'x.dvc').outs).toMatchObject([{ path: 'first', md5: other }, content]);
      expect(updated).toMatch(/^# top\n.*# end\n$/s);
    }),
  );
});

test('a .dir that is written is read back', () => {
  fc.assert(
    fc.property(fc.uniqueArray(name, { maxLength: 20 }), hex, (names, md5) => {
      const entries = names
        .map((relpath) => ({ relpath: `d/${relpath}`, md5 }))
        .filter(({ relpath }) => !/\/[a-z]:/i.test(relpath));
      const read = parseDirObject(Buffer.from(renderDirObject(entries)), 'x.dir');
      expect(read).toEqual([...entries].sort((a, b) => byCodePoint(a.relpath, b.relpath)));
    }),
  );
});

test('a .gitignore entry hides its name and no other', () => {
  fc.assert(
    fc.property(name, name, (hidden, shown) => {
      const text = addGitignoreEntry('# ours\n', hidden);
      const rules = withIgnoreFile(NO_IGNORE_RULES, '', text, { file: '.gitignore', syntax: 'git' });
      expect(isIgnored(rules, hidden, 'file')).toBe(true);
      expect(isIgnored(rules, shown, 'file')).toBe(shown === hidden);
      expect(addGitignoreEntry(text, hidden)).toBe(text);
      expect(gitignoreEntry(hidden)).toMatch(/^\//);
    }),
  );
});

test('any text is read or refused by name', async () => {
  await fc.assert(
    fc.asyncProperty(any, async (text) => {
      const tree: RepositoryTree = { list: async () => [], read: async () => text };
      await refusedByName(() => parseDvcFile(text, 'x.dvc'));
      await refusedByName(() => parseDvcLock(text, 'dvc.lock'));
      await refusedByName(() => parseDvcYaml(text, 'dvc.yaml', tree));
      await refusedByName(() => parseConfigFile(text, 'config'));
      await refusedByName(() =>
        isIgnored(withIgnoreFile(NO_IGNORE_RULES, '', text, { file: 'i', syntax: 'dvc' }), 'a/b', 'file'),
      );
    }),
  );
});
