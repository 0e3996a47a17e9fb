import { describe, expect, test } from 'vitest';
import { type NewDvcFile, renderDvcFile } from '../../../lib/pointers/formats/render-dvc-file.ts';
import { renewDvcFile } from '../../../lib/pointers/formats/renew-dvc-file.ts';

const MD5 = 'acbd18db4cc2f85cedef654fccc4a4d8';
const OTHER = '37b51d194a7513e45b56f6524f2d51f2';
const OLD = '8fc199641730e3f512deac0bd9a0e0b6';
const web = (md5: string): NewDvcFile => ({
  frozen: true,
  import: { kind: 'url', url: 'raw.csv', md5, size: 3, hash: 'md5' },
  outs: [{ path: 'rows.csv', md5, size: 3 }],
});
const told = `# who looks after it
desc: departures of a month
md5: ${OLD}
frozen: true
deps:
- path: raw.csv # as it was sent
  md5: ${OTHER}
  size: 3
  hash: md5
outs:
- path: rows.csv # cleaned
  desc: one row a flight
  labels:
  - flights
  meta:
    owner: ops
  remote: cold
  push: false
  md5: ${OTHER}
  size: 3
  hash: md5
meta:
  ticket: 12
`;

describe('a .dvc file that is made over an old one', () => {
  test('keeps comments, order, descriptions, labels and remotes; only what the data are changes', () => {
    // `dvc import-url` of 3.67.1 makes this of the same file; the stage's digest is also of `remote` and `push`.
    expect(renewDvcFile(told, web(MD5), 'rows.csv.dvc')).toBe(
      told.replaceAll(OTHER, MD5).replace(OLD, 'fb11af3b210537cfaa39d4f36848849c'),
    );
  });

  test('says all that is new and nothing that has gone', () => {
    const fresh: NewDvcFile = {
      frozen: true,
      import: {
        kind: 'repository',
        url: 'https://example.org/r',
        path: 'rows.csv',
        rev: 'v2',
        revLock: '1'.repeat(40),
      },
      outs: [{ path: 'rows.csv', md5: MD5, size: 3, isexec: true }],
    };
    expect(renewDvcFile(told, fresh, 'rows.csv.dvc')).toBe(
      `# who looks after it
desc: departures of a month
md5: a3d3e803508a212cf53a61a38f785098
frozen: true
deps:
- path: rows.csv # as it was sent
  repo:
    url: https://example.org/r
    rev: v2
    rev_lock: '${'1'.repeat(40)}'
outs:
- path: rows.csv # cleaned
  desc: one row a flight
  labels:
  - flights
  meta:
    owner: ops
  remote: cold
  push: false
  md5: ${MD5}
  size: 3
  hash: md5
  isexec: true
meta:
  ticket: 12
`,
    );
  });

  test('keeps nothing of outputs with another name', () => {
    const renewed = renewDvcFile(told.replaceAll('rows.csv', 'old.csv'), web(MD5), 'rows.csv.dvc');
    expect(renewed).toContain('# who looks after it\ndesc: departures of a month\n');
    expect(renewed).not.toMatch(/one row|flights|owner|cold|push|old\.csv/);
    expect(renewed).toContain('- path: rows.csv # cleaned\n');
  });

  test('is the new file where there was none of it', () => {
    const { import: _source, frozen: _frozen, ...own } = web(MD5);
    expect(renewDvcFile(renderDvcFile(web(OTHER)), own, 'rows.csv.dvc')).toBe(renderDvcFile(own));
    expect(renewDvcFile(`{outs: [{md5: ${OTHER}, path: rows.csv}]}\n`, own, 'rows.csv.dvc')).toContain(MD5);
  });
});
