import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { ENVIRONMENT } from '../commands/repository.ts';
import { compiledCode } from '../compiled-code.ts';

const PROGRAM = fileURLToPath(new URL('../../lib/cli/assay.ts', import.meta.url));
/** Linux's file that takes nothing. */
const FULL = '/dev/full';

describe.skipIf(!existsSync(FULL))('a disk without room', () => {
  it.each([[['--version']], [['data', '--help']], [['data', 'ls', '/nonexistent', '--json']]])(
    'below standard output is two lines and exit code 3, for %j',
    async (args) => {
      const full = openSync(FULL, 'w');
      const child = spawn(process.execPath, [PROGRAM, ...args], {
        env: { ...ENVIRONMENT, ...compiledCode() },
        stdio: ['ignore', full, 'pipe'],
      });
      closeSync(full);
      const chunks: Buffer[] = [];
      child.stderr?.on('data', (chunk: Buffer) => chunks.push(chunk));
      const [code] = await once(child, 'close');
      const lines = Buffer.concat(chunks).toString('utf8').trimEnd().split('\n');
      expect({ code, lines }).toEqual({
        code: 3,
        lines: [expect.stringMatching(/^error: .*ENOSPC.*\(E_OUTPUT_WRITE\)$/), expect.stringMatching(/^ {2}fix: /)],
      });
    },
  );

  it('below the error stream changes nothing of the answer', async () => {
    const full = openSync(FULL, 'w');
    const child = spawn(process.execPath, [PROGRAM, 'data', 'ls', '/nonexistent'], {
      env: { ...ENVIRONMENT, ...compiledCode() },
      stdio: ['ignore', 'ignore', full],
    });
    closeSync(full);
    const [code] = await once(child, 'close');
    expect(code).toBe(2);
  });
});
