import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Decision } from '../../../lib/gate/decision.ts';
import { compiledCode } from '../../compiled-code.ts';
import { copyOf, ENVIRONMENT, type Workspace } from '../repository.ts';
import { newCandidate, promoted, stateOf } from '../verbs.ts';

const PROGRAM = fileURLToPath(new URL('promote-process.ts', import.meta.url));

interface Ended {
  readonly signal: string | null;
  readonly code: number | null;
  readonly output: string;
}

function promoteIn({ root }: Workspace, step: string): Promise<Ended> {
  const child = spawn(process.execPath, [PROGRAM, root, ...step.split(' ')], {
    env: { ...ENVIRONMENT, ...compiledCode() },
  });
  let output = '';
  child.stdout.on('data', (bytes) => {
    output += String(bytes);
  });
  return new Promise((resolve) => {
    child.on('close', (code, signal) => resolve({ code, signal, output }));
  });
}

let candidate: Workspace;
let undisturbed: Decision | undefined;
let looksBefore: number;
beforeAll(async () => {
  candidate = await newCandidate();
  looksBefore = (await stateOf(candidate))?.looks.length ?? 0;
  undisturbed = (await promoted(await copyOf(candidate))).decision;
});

describe('a promotion that is killed', () => {
  it('is one that can end, when it is not', async () => {
    const ended = await promoteIn(await copyOf(candidate), 'never 0');
    expect(ended).toMatchObject({ signal: null, code: 0 });
    expect(JSON.parse(ended.output)).toEqual(undisturbed);
  });

  it.each([
    ['before 1', 0, '1.0.0'],
    ['after 1', 1, '1.0.0'],
    ['past 1', 1, '1.0.0'],
    ['before 2', 1, '1.0.0'],
    ['after 2', 1, '1.1.0'],
  ])(
    '%s has left %i look(s), shown nothing, and %s holds; the next one ends as the first would have',
    async (step, looks, holder) => {
      const workspace = await copyOf(candidate);
      expect(await promoteIn(workspace, step)).toEqual({ signal: 'SIGKILL', code: null, output: '' });
      const after = await stateOf(workspace);
      expect(after?.looks).toHaveLength(looksBefore + looks);
      expect(after?.stages.get('production')?.holder).toBe(holder);
      const again = await promoted(workspace);
      expect(again.promoted?.version).toBe('1.1.0');
      if (holder === '1.0.0') expect(again.decision).toEqual(undisturbed);
      const state = await stateOf(workspace);
      expect(state?.looks).toHaveLength(looksBefore + 1);
      expect(state?.stages.get('production')?.holder).toBe('1.1.0');
    },
  );
});
