import { describe, expect, test } from 'vitest';
import { TOOL_VERSION } from '../../lib/commands/tool-version.ts';
import { newFolder } from '../git/repository.ts';
import { assay } from './command-line.ts';

describe('what is loaded of the command line', () => {
  test('the version needs no verb', async () => {
    expect(await assay(await newFolder(), ['--version'])).toEqual({ code: 0, out: `${TOOL_VERSION}\n`, err: '' });
  });

  test.each([
    ['a verb of the group', ['data', 'statu'], '(Did you mean status?)'],
    ['the group', ['dat'], '(Did you mean data?)'],
    ['another verb', ['promot'], '(Did you mean promote?)'],
  ])('a mistake in %s is answered by what was meant', async (_what, args, suggestion) => {
    const { code, err } = await assay(await newFolder(), args);
    expect(code).toBe(2);
    expect(err).toContain(suggestion);
  });

  test.each([[['data', 'bogus']], [['data', 'push', '--bogus']], [['data', 'add']], [['data', 'pull', '-j', '0']]])(
    'a mistake as in %j is one line, and one with what to do',
    async (args) => {
      const { code, out, err } = await assay(await newFolder(), args);
      expect({ code, out }).toEqual({ code: 2, out: '' });
      expect(err).toMatch(/^error: .*\n {2}fix: .*--help\.\n$/);
    },
  );

  test('a group without a verb shows its help alone', async () => {
    const { code, err } = await assay(await newFolder(), ['data']);
    expect({ code, err }).toEqual({ code: 2, err: expect.not.stringContaining('fix:') });
  });

  test('the help of the group by itself names its verbs', async () => {
    const { code, out } = await assay(await newFolder(), ['data', '--help']);
    expect(code).toBe(0);
    for (const verb of ['add', 'push', 'pull', 'fetch', 'checkout', 'status', 'diff', 'gc', 'verify', 'du'])
      expect(out).toMatch(new RegExp(`^  ${verb} `, 'm'));
  });

  test('an error of a data verb is a document under --json', async () => {
    const { code, out } = await assay(await newFolder(), ['data', 'status', '--json']);
    expect(code).toBe(2);
    expect(JSON.parse(out)).toMatchObject({ schema: 'assay/error/1', code: 'E_DATA_NO_REPOSITORY' });
  });
});
