import { assayError } from '../lib/errors.ts';
import { flag, list, optional } from './io.ts';

/** Most transfers at a time that can be asked for; as on the command line. */
const MAX_JOBS = 9999;

/** The inputs that both data actions have. Throws E_INPUT_VALUE. */
export function dataRequest() {
  return { targets: list('targets'), recursive: flag('recursive'), remote: optional('remote'), jobs: jobs() };
}

function jobs(): number | undefined {
  const value = optional('jobs');
  if (value === undefined) return undefined;
  // 1e3 and 0x10 are numbers to JavaScript alone.
  if (!/^[1-9]\d*$/.test(value) || Number(value) > MAX_JOBS) {
    throw assayError('E_INPUT_VALUE', { name: 'jobs', value, allowed: [`1 to ${MAX_JOBS}`] });
  }
  return Number(value);
}
