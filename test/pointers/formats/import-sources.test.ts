import { describe, expect, test } from 'vitest';
import { parseDvcFile } from '../../../lib/pointers/formats/dvc-file.ts';
import { renderDvcFile } from '../../../lib/pointers/formats/render-dvc-file.ts';
import { updateImport } from '../../../lib/pointers/formats/update-import.ts';

const MD5 = 'f97c5d29941bfb1b2fdab0874906ab82';

/** As DVC 3.67.1 writes it: a file and a folder of buckets that keep versions (seen), and a repository (its `dict_md5`). */
const FILE = `md5: 3012911dcdabaefa9ad3932a426fe66d
frozen: true
deps:
- etag: f97c5d29941bfb1b2fdab0874906ab82
  size: 3
  version_id: 01M81PQZDBQSZ674889CDXC0TK
  hash: md5
  path: s3://bkt/ext/file.csv
  fs_config:
    endpointurl: http://127.0.0.1:17070
    region: us-east-1
    version_aware: true
outs:
- md5: f97c5d29941bfb1b2fdab0874906ab82
  size: 3
  hash: md5
  path: file.csv
  push: false
`;
const FOLDER = `md5: a631a9370f85241949442d4b6bd7ee5d
frozen: true
deps:
- hash: md5
  path: s3://bkt/ext/dir
  fs_config:
    endpointurl: http://127.0.0.1:17070
    region: us-east-1
    version_aware: true
  files:
  - relpath: a
    etag: 47bce5c74f589f4867dbd57e9ca9f808
    size: 3
    version_id: 01M81PQZDVMJHNJZDEP8JRRRKH
  - relpath: sub/b
    etag: 65ba841e01d6db7733e90a5b7f9e6f80
    size: 4
    version_id: 01M81PQZE0ZX6DRBCXKQGSSF47
outs:
- md5: f50b0ba44f8206a976d2599a2436d00d.dir
  size: 7
  nfiles: 2
  hash: md5
  path: dir
  push: false
`;
const CONFIGURED = `md5: efa615f82dcc80a6a70e7328491049b6
frozen: true
deps:
- path: data/a
  repo:
    url: https://example.org/team/flights
    rev_lock: ff9d606299907e5db9c95a8a2dc214bdaeea5121
    config:
      core:
        remote: third
      remote:
        third:
          url: s3://team-bucket/two
outs:
- md5: 5bbf5a52328e7439ae6e719dfe712200
  size: 4
  hash: md5
  path: a3
`;

describe('the source of an import', () => {
  test.each([
    ['a version of a file', FILE],
    ['versions of a folder', FOLDER],
    ['a repository with another configuration', CONFIGURED],
  ])('is read and written as DVC writes it: %s', (_name, text) => {
    const { outs, frozen, import: source } = parseDvcFile(text, 'x.dvc');
    if (source === undefined || source.kind === 'database') throw new Error('no source');
    expect(renderDvcFile({ outs, frozen, import: source })).toBe(text);
  });

  test('that was only looked at leaves no word of the old data', () => {
    const source = {
      kind: 'url',
      url: 's3://bkt/ext/dir',
      hash: 'md5',
      files: [{ relpath: 'c', versionId: 'v' }],
    } as const;
    const text = updateImport(`# kept\n${FOLDER}`, { output: undefined, source }, 'dir.dvc');
    expect(text).toContain('outs:\n- hash: md5\n  path: dir\n  push: false\n');
    expect(text).toContain('  files:\n  - relpath: c\n    version_id: v\nouts:');
    expect(text).toMatch(/^# kept\nmd5: (?!a631a937)/);
  });

  test('becomes a file where it was a folder', () => {
    const source = { kind: 'url', url: 's3://bkt/ext/dir', hash: 'md5', etag: MD5, size: 3, versionId: 'v' } as const;
    const output = { path: 'dir', md5: MD5, size: 3, isexec: false };
    const { import: read, outs } = parseDvcFile(updateImport(FOLDER, { output, source }, 'dir.dvc'), 'dir.dvc');
    expect(read).toMatchObject({ kind: 'url', versionId: 'v', etag: MD5, fsConfig: { version_aware: true } });
    expect(read).not.toHaveProperty('files');
    expect(outs).toMatchObject([{ md5: MD5, push: false }]);
  });

  test.each(['../out', '/etc/passwd', 'a/../../b', '.git/hooks/x'])('stays in its folder: %s', (relpath) => {
    expect(() => parseDvcFile(FOLDER.replace('relpath: a\n', `relpath: ${relpath}\n`), 'dir.dvc')).toThrow(
      expect.objectContaining({ code: 'E_POINTER_CORRUPT' }),
    );
  });

  test('has options of plain values', () => {
    const nested = FILE.replace('region: us-east-1', 'region: [us-east-1]');
    expect(() => parseDvcFile(nested, 'x.dvc')).toThrow(expect.objectContaining({ code: 'E_POINTER_CORRUPT' }));
  });
});

describe('versions of files whose remote nobody names', () => {
  // As `dvc update` of a worktree remote leaves new files (seen of 3.67.1).
  const pointer = (beside: string) => `outs:
- hash: md5
  path: data
  files:
  - relpath: a
    md5: ${MD5}
    size: 4
    version_id: v1
    etag: ${MD5}
${beside}`;
  const kept = `  - relpath: c
    md5: ${MD5}
    size: 5
    cloud:
      team:
        etag: ${MD5}
        version_id: v2
`;

  test('are of the remote that the others name', () => {
    const [out] = parseDvcFile(pointer(kept), 'data.dvc').outs;
    expect(out?.files?.map(({ cloud }) => cloud)).toEqual([
      { remote: 'team', versionId: 'v1', etag: MD5 },
      { remote: 'team', versionId: 'v2', etag: MD5 },
    ]);
  });

  test('are read and written as they are where nobody does', () => {
    const { outs } = parseDvcFile(pointer(''), 'data.dvc');
    expect(outs[0]?.files).toMatchObject([{ cloud: { remote: '', versionId: 'v1' } }]);
    expect(renderDvcFile({ outs })).toBe(pointer(''));
  });
});
