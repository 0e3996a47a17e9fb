import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** What one run of a program took. */
export interface Measured {
  /** Seconds. */
  readonly wall: number;
  /** Seconds of all its threads and of the children it waited for. */
  readonly cpu: number;
  /** MiB: the highest of its processes. */
  readonly peak: number;
}

export interface Measurer {
  /** Runs a program in `cwd` and measures it. @throws Error with its output when it does not end with 0 */
  measure(command: readonly string[], cwd: string): Promise<Measured>;
}

/**
 * @param python an interpreter, for `measured.py`: the numbers are the system's own (wait4)
 * @param env the whole environment of what is measured
 */
export function createMeasurer(python: string, env: NodeJS.ProcessEnv, scratch: string): Measurer {
  const output = join(scratch, 'output');
  return {
    async measure(command, cwd) {
      const [program = '', ...args] = command;
      const { stdout } = await run(
        python,
        ['-I', '-S', join(import.meta.dirname, 'measured.py'), output, program, ...args],
        { cwd, env },
      );
      const { wall, cpu, peak, code } = JSON.parse(stdout);
      if (code !== 0) throw new Error(`${command.join(' ')} ended with ${code}:\n${await readFile(output, 'utf8')}`);
      return { wall, cpu, peak };
    },
  };
}
