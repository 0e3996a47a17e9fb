import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parsePointer, renderPointer, updatePointer } from '../../../lib/pointers/formats/pointer-file.ts';

const DIR = '5ea40360f5b4ec688df672a4db9c17d1.dir';

/** Exactly what DVC's own test asserts (tests/func/test_install.py). */
const DATA_DVC = `outs:
- md5: ${DIR}
  size: 6
  nfiles: 2
  hash: md5
  path: data
`;

describe('renderPointer', () => {
  test('writes what dvc add writes', () => {
    expect(renderPointer({ md5: DIR, size: 6, nfiles: 2, isexec: false, path: 'data' })).toBe(DATA_DVC);
  });

  test.each([
    '12345678901234567890123456789012',
    '1234567890123456789012345678e012',
    '00000000000000000000000000000000',
  ])('puts the md5 %s in quotes, which YAML takes for a number', (md5) => {
    const text = renderPointer({ md5, size: 1, isexec: true, path: 'x' });
    expect(text).toContain(`- md5: '${md5}'\n`);
    expect(parsePointer(text, 'x.dvc').outs[0]).toEqual({ path: 'x', md5, hash: 'md5', size: 1, isexec: true });
  });

  test('what is written is read back', () => {
    const hex = fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: 32, maxLength: 32 });
    const path = fc.string({ unit: 'grapheme', minLength: 1 }).filter((text) => !/\p{Surrogate}/u.test(text));
    fc.assert(
      fc.property(hex, fc.boolean(), fc.nat(), path, (md5, isexec, size, name) => {
        const output = { md5, size, isexec, path: name };
        expect(parsePointer(renderPointer(output), 'x.dvc').outs).toEqual([{ ...output, hash: 'md5' }]);
      }),
    );
  });
});

describe('updatePointer', () => {
  test('keeps comments, order and what it does not know', () => {
    const before = `# owned by the data team
outs:
- md5: ${DIR}
  size: 6
  nfiles: 2
  hash: md5
  path: data # raw
  desc: raw rows
meta:
  owner: ada
`;
    const after = updatePointer(
      before,
      { md5: `${'0'.repeat(32)}.dir`, size: 7, nfiles: 3, isexec: false, path: 'data' },
      'f',
    );
    expect(after).toBe(
      before
        .replace(DIR, `${'0'.repeat(32)}.dir`)
        .replace('size: 6', 'size: 7')
        .replace('nfiles: 2', 'nfiles: 3'),
    );
  });

  test('makes a DVC 2 entry a DVC 3 entry, and adds outputs', () => {
    const legacy = `outs:\n- md5: ${DIR}\n  size: 6\n  nfiles: 2\n  path: data\n`;
    const updated = updatePointer(legacy, { md5: DIR, size: 6, nfiles: 2, isexec: false, path: 'data' }, 'f');
    expect(parsePointer(updated, 'f').outs[0]?.hash).toBe('md5');
    const added = updatePointer(updated, { md5: '0'.repeat(32), size: 0, isexec: false, path: 'other' }, 'f');
    expect(parsePointer(added, 'f').outs.map((out) => out.path)).toEqual(['data', 'other']);
  });
});

describe('updatePointer leaves every other byte', () => {
  const OLD = 'd41d8cd98f00b204e9800998ecf8427e';
  const NEW = 'a'.repeat(32);
  const content = { path: 'a', md5: NEW, size: 3, isexec: false };

  test.each([
    [
      'line ends of Windows and comments',
      `outs:\r\n- md5: ${OLD} # c\r\n  path: a\r\nmeta: 1\r\n`,
      `outs:\r\n- md5: ${NEW} # c\r\n  path: a\r\n  size: 3\r\n  hash: md5\r\nmeta: 1\r\n`,
    ],
    [
      'lists that are indented, values over several lines',
      `outs:\n  - path: a\n    md5: ${OLD}\n    meta:\n      y: [1,\n        2]\n\n# end\nfrozen: true\n`,
      `outs:\n  - path: a\n    md5: ${NEW}\n    meta:\n      y: [1,\n        2]\n    size: 3\n    hash: md5\n\n# end\nfrozen: true\n`,
    ],
    ['no line end', `outs:\n- path: a\n  md5: ${OLD}`, `outs:\n- path: a\n  md5: ${NEW}\n  size: 3\n  hash: md5\n`],
    [
      'an empty value, a wide dash',
      'outs:\n-   md5:\n    path: a\n',
      `outs:\n-   md5: ${NEW}\n    path: a\n    size: 3\n    hash: md5\n`,
    ],
    [
      'a key that goes first',
      `outs:\n- isexec: true\n  md5: ${OLD}\n  size: 3\n  hash: md5\n  path: a\n`,
      `outs:\n- md5: ${NEW}\n  size: 3\n  hash: md5\n  path: a\n`,
    ],
    [
      'comments around what goes',
      `outs:\n# of all\n- isexec: true # x\n  # of md5\n\n  md5: ${OLD}\n  size: 3\n  # of nfiles\n  nfiles: 2\n  # of hash\n  hash: md5\n  path: a\n  # last\n`,
      `outs:\n# of all\n  # of md5\n\n- md5: ${NEW}\n  size: 3\n  # of nfiles\n  # of hash\n  hash: md5\n  path: a\n  # last\n`,
    ],
    [
      'files that were cloud-versioned',
      `outs:\n- hash: md5\n  path: a\n  files:\n  - relpath: x\n    md5: ${OLD}\n- md5: ${OLD}\n  path: b # b\n`,
      `outs:\n- hash: md5\n  path: a\n  md5: ${NEW}\n  size: 3\n- md5: ${OLD}\n  path: b # b\n`,
    ],
    [
      'a new output',
      `outs:\n  - md5: ${OLD}\n    path: b # x\n# end\n`,
      `outs:\n  - md5: ${OLD}\n    path: b # x\n  - md5: ${NEW}\n    size: 3\n    hash: md5\n    path: a\n# end\n`,
    ],
  ])('%s', (_what, before, after) => {
    expect(updatePointer(before, content, 'f')).toBe(after);
  });

  test('text in flow style is laid out anew, and says the same', () => {
    const after = updatePointer(`# top\nouts: [{md5: ${OLD}, path: a}]\n`, content, 'f');
    expect(after).toMatch(/^# top\n/);
    expect(parsePointer(after, 'f').outs).toEqual([{ ...content, hash: 'md5' }]);
  });
});

describe('parsePointer', () => {
  test('tells DVC 2 from DVC 3', () => {
    const [out] = parsePointer(DATA_DVC.replace('  hash: md5\n', ''), 'data.dvc').outs;
    expect(out).toEqual({ path: 'data', md5: DIR, hash: 'md5-dos2unix', size: 6, nfiles: 2, isexec: false });
  });

  test('reads wdir, remote, frozen imports and keys it does not know', () => {
    const text = `frozen: true\nwdir: ..\ndeps:\n- path: x\n  repo: {url: u}\n${DATA_DVC}  remote: archive\n  push: false\n`;
    const pointer = parsePointer(text, 'data.dvc');
    expect(pointer.wdir).toBe('..');
    expect(pointer.outs[0]?.remote).toBe('archive');
  });

  test('takes upper case for lower, as DVC does', () => {
    expect(parsePointer(DATA_DVC.replace(DIR, DIR.toUpperCase().replace('.DIR', '.dir')), 'f').outs[0]?.md5).toBe(DIR);
  });

  test.each([
    ['an md5 without quotes', 'outs:\n- md5: 12345678901234567890123456789012\n  path: a\n', 'x.dvc:2:8', 'quotes'],
    ['an md5 that leads out', 'outs:\n- md5: ../../canary\n  path: a\n', 'x.dvc:2:8', 'md5'],
    ['no outs', 'deps: []\n', 'x.dvc', 'outs'],
    ['outs that are no list', 'outs: 3\n', 'x.dvc:1:7', 'outs'],
    ['an empty file', '', 'x.dvc', 'none'],
    ['no path', `outs:\n- md5: ${DIR}\n`, 'x.dvc:2:3', 'path'],
    ['a key twice', `outs:\n- md5: ${DIR}\n  path: a\n  path: b\n`, 'x.dvc:4', 'unique'],
    ['aliases', 'a: &a [1]\nouts: *a\n', 'x.dvc', 'alias'],
    ['torn YAML', 'outs: [', 'x.dvc:1', ''],
    ['a merge conflict', `<<<<<<< HEAD\n${DATA_DVC}=======\n`, 'x.dvc:', ''],
    ['nesting without end', '['.repeat(100_000), 'x.dvc', ''],
  ])('refuses %s with its place', (_what, text, place, named) => {
    const message = expect.stringMatching(new RegExp(`${place.replaceAll('.', '\\.')}.*${named}`));
    expect(() => parsePointer(text, 'x.dvc')).toThrow(
      expect.objectContaining({ code: 'E_POINTER_CORRUPT', exitCode: 2, message }),
    );
  });

  test.each([
    ['external data', 'outs:\n- etag: abc\n  path: s3://bucket/x\n'],
    ['cloud-versioned data', 'outs:\n- hash: md5\n  path: d\n  files:\n  - relpath: a\n    size: 1\n'],
    ['another hash', `outs:\n- md5: ${DIR}\n  hash: blake3\n  path: a\n`],
  ])('says plainly that it does not read %s', (_what, text) => {
    expect(() => parsePointer(text, 'x.dvc')).toThrow(expect.objectContaining({ code: 'E_POINTER_UNSUPPORTED' }));
  });

  test('any text is read or refused by name', () => {
    const words = fc.constantFrom(
      'outs:',
      '- ',
      'md5: ',
      'path: a',
      DIR,
      '\n',
      '  ',
      '&a ',
      '*a',
      '{',
      '}',
      '!!js',
      ':',
      '#',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(words).map((list) => list.join('')),
        ),
        (text) => {
          try {
            parsePointer(text, 'x.dvc');
          } catch (error) {
            expect(error).toMatchObject({ code: expect.stringMatching(/^E_POINTER_/) });
          }
        },
      ),
    );
  });
});
