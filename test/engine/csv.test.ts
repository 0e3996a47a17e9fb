import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { tableSource } from '../../lib/engine/table-source.ts';
import { type EngineFixture, engineFixture } from './engine-fixture.ts';

let fixture: EngineFixture;
beforeAll(async () => {
  fixture = await engineFixture();
});
afterAll(() => fixture.close());

describe('values', () => {
  test.each<[string, string, Record<string, readonly (string | number | null)[]>]>([
    ['line feeds', 'a,b\n1,x\n2,y\n', { a: [1, 2], b: ['x', 'y'] }],
    ['no last line end', 'a,b\n1,x\n2,y', { a: [1, 2], b: ['x', 'y'] }],
    ['carriage return and line feed', 'a,b\r\n1,x\r\n2,y\r\n', { a: [1, 2], b: ['x', 'y'] }],
    ['carriage returns', 'a,b\r1,x\r2,y\r', { a: [1, 2], b: ['x', 'y'] }],
    ['blank lines at the end', 'a,b\n1,x\n\n\n', { a: [1], b: ['x'] }],
    ['one column, where a blank line is a null', 'a\nx\n\ny\n', { a: ['x', null, 'y'] }],
    ['a byte order mark', '\ufeffa,b\n1,x\n', { a: [1], b: ['x'] }],
    ['a byte order mark before a quote', '\ufeff"a","b"\n1,x\n', { a: [1], b: ['x'] }],
    ['quotes, separators and line breaks in quotes', 'a,b\n"x ""y"", z\nw",1\n', { a: ['x "y", z\nw'], b: [1] }],
    ['quotes and separators in the header', '"a ""q"", r",b\n1,2\n', { 'a "q", r': [1], b: [2] }],
    ['line breaks of the other kind in quotes', 'a,b\n"x\r\ny",1\n"x\ry",2\n', { a: ['x\r\ny', 'x\ry'], b: [1, 2] }],
    ['line feeds in quotes', 'a,b\r\n"x\ny",1\r\n', { a: ['x\ny'], b: [1] }],
    ['empty and quoted empty text', 'a,b\n,x\n"",y\nz,z\n', { a: [null, '', 'z'], b: ['x', 'y', 'z'] }],
    ['empty and quoted empty numbers', 'a,b\n,x\n"",y\n7,z\n', { a: [null, null, 7], b: ['x', 'y', 'z'] }],
    ['no rows', 'a,b\n', { a: [], b: [] }],
    [
      'what other readers take for a comment or a null',
      'a,b\n#1,NA\nnull,NULL\n',
      { a: ['#1', 'null'], b: ['NA', 'NULL'] },
    ],
    ['a header that looks like data', '1,2\n3,4\n', { 1: [3], 2: [4] }],
    ['a semicolon is no separator', 'a;b,c\n1;2,3\n', { 'a;b': ['1;2'], c: [3] }],
  ])('%s', async (_, content, expected) => {
    expect(await fixture.read(await fixture.table('values.csv', content))).toEqual(expected);
  });

  test('a tab separates a .tsv, a comma does not', async () => {
    expect(await fixture.read(await fixture.table('values.tsv', 'a\tb\n1,5\tx\n'))).toEqual({ a: ['1,5'], b: ['x'] });
  });

  test.each(['values.csv.gz', 'values.csv.zst'])('%s is decompressed', async (name) => {
    expect(await fixture.read(await fixture.table(name, 'a,b\n1,x\n'))).toEqual({ a: [1], b: ['x'] });
  });
});

describe('types', () => {
  test.each<[string, readonly string[], string]>([
    ['integers', ['1', '-2', '+3', '0', ' 4 '], 'integer'],
    ['integers beyond 2^53', ['9007199254740993'], 'integer'],
    ['integers beyond 2^63 are identifiers', ['12345678901234567890'], 'string'],
    ['leading zeros are kept', ['01234', '99999'], 'string'],
    ['floats', ['1.5', '-.5', '1e3', '2', 'NaN', '-inf'], 'float'],
    ['no float has a leading zero too many', ['00.5'], 'string'],
    ['hexadecimal and grouped numbers', ['0x10', '1,000', '1_000'], 'string'],
    ['booleans', ['true', 'False', 'TRUE'], 'boolean'],
    ['zero and one are numbers', ['0', '1'], 'integer'],
    ['yes and no are text', ['yes', 'no'], 'string'],
    ['days', ['2013-01-31', '2014-12-01'], 'date'],
    ['a day that is none', ['2013-02-30'], 'string'],
    ['local dates are not guessed at', ['31/01/2013'], 'string'],
    ['times without a zone', ['2013-01-31 10:00', '2013-01-31T10:00:01.5'], 'timestamp'],
    ['times with a zone', ['2013-01-31T10:00:00Z', '2013-01-31 10:00:00+02:00'], 'timestamp'],
    ['times with and without a zone', ['2013-01-31T10:00:00Z', '2013-01-31T10:00:00'], 'string'],
    ['a number among text', ['1', 'x'], 'string'],
    ['nothing at all', ['', ''], 'string'],
  ])('%s', async (_, values, type) => {
    const lines = values.map((value) => `"${value}",x`).join('\n');
    const [column] = await fixture.engine.describe(await fixture.table('types.csv', `a,b\n${lines}\n`));
    expect(column).toMatchObject({ name: 'a', type });
  });

  // Types are guessed from the first 64 rows, then from 4096.
  test.each([63, 64, 4095, 4096, 19_999])('a value of another kind in row %i widens the type', async (at) => {
    const rows = Array.from({ length: 20_000 }, (_, row) => (row === at ? 'x' : String(row)));
    const [column] = await fixture.engine.describe(await fixture.table('late.csv', `a\n${rows.join('\n')}\n`));
    expect(column?.type).toBe('string');
  });

  test('an offset is applied, a time without one is UTC', async () => {
    const table = await fixture.table('zones.csv', 'a,b\n2013-01-31T10:00:00+02:00,2013-01-31 10:00:00\n');
    expect(await fixture.read(table)).toEqual({ a: [Date.UTC(2013, 0, 31, 8)], b: [Date.UTC(2013, 0, 31, 10)] });
  });

  test.each<[string, string, string]>([
    ['1', '2.5', 'float'],
    ['2013-01-01', '2013-01-01 10:00', 'timestamp'],
    ['1', 'x', 'string'],
    ['1', '', 'integer'],
    ['true', '1', 'string'],
  ])('files with %s and %s make one column', async (first, second, type) => {
    const files = [
      await fixture.file('m1.csv', `a,b\n${first},1\n`),
      await fixture.file('m2.csv', `a,b\n${second},1\n`),
    ];
    const source = tableSource({ name: 'table', files });
    expect((await fixture.engine.describe(source))[0]?.type).toBe(type);
    const { a } = await fixture.read(source);
    expect(a).toHaveLength(2);
  });
});

describe('bad input', () => {
  test.each<[string, string | Uint8Array, string, RegExp]>([
    ['no bytes', '', 'E_TABLE_EMPTY', /bad\.csv is empty/],
    ['only line ends', '\n\n', 'E_TABLE_EMPTY', /no header line/],
    ['a short line', 'a,b\n1,2\n3\n', 'E_TABLE_CSV_RAGGED', /1 of 2 fields in .*bad\.csv:3$/],
    ['a long line', 'a,b\n1,2,3\n', 'E_TABLE_CSV_RAGGED', /3 of 2 fields in .*bad\.csv:2$/],
    ['a superfluous separator', 'a,b\n1,2,\n', 'E_TABLE_CSV_RAGGED', /3 of 2 fields in .*bad\.csv:2$/],
    ['a ragged line after a quoted line break', 'a,b\n"1\n1",2\n3\n', 'E_TABLE_CSV_RAGGED', /bad\.csv:4$/],
    ['a blank line between rows', 'a,b\n1,2\n\n3,4\n', 'E_TABLE_CSV_BLANK', /bad\.csv:3$/],
    ['a blank line before the header', '\na,b\n1,2\n', 'E_TABLE_CSV_BLANK', /bad\.csv:1$/],
    ['an open quote', 'a,b\n1,"2\n3,4\n', 'E_TABLE_CSV_QUOTE', /never closed in .*bad\.csv:2$/],
    ['a quote inside a field', 'a,b\n1,x"y\n', 'E_TABLE_CSV_QUOTE', /bad\.csv:2$/],
    ['text after a quoted field', 'a,b\n1,"x"y\n', 'E_TABLE_CSV_QUOTE', /bad\.csv:2$/],
    ['mixed line ends', 'a,b\r\n1,2\n', 'E_TABLE_CSV_LINE_ENDS', /bad\.csv:2$/],
    ['Latin 1', Buffer.from('a,b\n1,x\n2,caf\xe9\n', 'latin1'), 'E_TABLE_NOT_UTF8', /bad\.csv:3$/],
    ['UTF-16', Buffer.from('\ufeffa,b\n1,2\n', 'utf16le'), 'E_TABLE_NOT_UTF8', /bad\.csv:1$/],
    ['a column without a name', 'a,\n1,2\n', 'E_TABLE_COLUMN_UNNAMED', /column 2 of .*bad\.csv/],
    ['a line break in a name', '"a\nb",c\n1,2\n', 'E_TABLE_COLUMN_LINE_BREAK', /column 1 of .*bad\.csv/],
    ['a column twice', 'a,b,a\n1,2,3\n', 'E_TABLE_COLUMN_DUPLICATE', /"a" twice/],
    ['columns that differ in case', 'a,b,A\n1,2,3\n', 'E_TABLE_COLUMN_DUPLICATE', /"a" and "A"/],
  ])('%s', async (_, content, code, message) => {
    const source = await fixture.table('bad.csv', content);
    const failure = fixture.engine.describe(source);
    await expect(failure).rejects.toMatchObject({ code, message: expect.stringMatching(message), exitCode: 2 });
  });

  test('a cut gzip stream, and what is none', async () => {
    const whole = gzipSync('a,b\n1,2\n'.repeat(1000));
    const cut = tableSource({ name: 'table', files: [await fixture.file('cut.csv', 'x')] });
    const { writeFile } = await import('node:fs/promises');
    for (const bytes of [whole.subarray(0, whole.length - 10), Buffer.from('a,b\n1,2\n')]) {
      const path = `${fixture.folder}/cut.csv.gz`;
      await writeFile(path, bytes);
      await expect(fixture.engine.describe({ ...cut, files: [path] })).rejects.toMatchObject({
        code: 'E_TABLE_CORRUPT',
      });
    }
  });

  test.each<[string, string, string]>([
    ['b,a', 'E_TABLE_COLUMNS_ORDER', 'a,b'],
    ['a,c', 'E_TABLE_COLUMNS_DIFFER', 'a,b'],
    ['a', 'E_TABLE_COLUMNS_DIFFER', 'a,b'],
  ])('a second file with the header %s', async (second, code, first) => {
    const row = (header: string) => `${header}\n${header.replaceAll(/[a-z]/g, '1')}\n`;
    const files = [await fixture.file('f1.csv', row(first)), await fixture.file('f2.csv', row(second))];
    const failure = fixture.engine.describe(tableSource({ name: 'table', files }));
    await expect(failure).rejects.toMatchObject({ code, message: expect.stringContaining('f2.csv') });
  });

  test('a file that changes is read anew', async () => {
    const source = await fixture.table('changing.csv', 'a\n1\n');
    expect((await fixture.engine.describe(source))[0]?.type).toBe('integer');
    await fixture.file('changing.csv', 'a\nlonger\n');
    expect((await fixture.engine.describe(source))[0]?.type).toBe('string');
  });
});
