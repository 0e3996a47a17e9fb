import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openGit } from '../../lib/git/git.ts';
import { planRegister } from '../../lib/registry/register.ts';
import { fixedClock, registration, registryOf } from './requests.ts';

/** A process of its own that registers a version; it waits with its first push until its rival is as far. */
const [folder = '', name = '', meeting = ''] = process.argv.slice(2);
const git = openGit(folder, { env: process.env });
let waited = false;
const meetingGit: typeof git = {
  ...git,
  attempt: async (args, options) => {
    if (args.includes('push') && !waited) {
      waited = true;
      writeFileSync(join(meeting, name), '');
      for (let i = 0; i < 2_000 && !['left', 'right'].every((one) => existsSync(join(meeting, one))); i++)
        await sleep(5);
    }
    return git.attempt(args, options);
  },
};
const request = registration('late', name, { lineage: { commit: name, data: [] } });
const outcome = await registryOf(meetingGit, fixedClock()).transact(planRegister(request));
if (outcome.kind !== 'done') throw new Error(outcome.kind);
process.stdout.write(JSON.stringify({ version: outcome.result.version, attempts: outcome.attempts }));
