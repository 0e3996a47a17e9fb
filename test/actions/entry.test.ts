import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const ENTRY = join(import.meta.dirname, '..', '..', 'actions', 'entry.ts');

test('what Node says of deprecated parts that packages use does not reach users', () => {
  const program = (start: string) => {
    const code = `${start} process.getBuiltinModule('punycode'); process.emitWarning('old', 'DeprecationWarning');`;
    return spawnSync(process.execPath, ['--input-type=module', '-e', code], { encoding: 'utf8' }).stderr;
  };
  expect(program('')).toContain('DeprecationWarning');
  expect(program(`import { start } from ${JSON.stringify(ENTRY)}; await start('none').catch(() => {});`)).toBe('');
});
