import { createRequire } from 'node:module';
import { createContext } from '../../../lib/commands/create-context.ts';
import { promote } from '../../../lib/commands/registry/promote.ts';
import { silentLog, silentProgress } from '../../../lib/ports.ts';
import { loadProject } from '../../../lib/project/project.ts';

/**
 * A process of its own that promotes and is killed at a step, as by a power cut: `before 1` just before its first push
 * (the look), `after 1` just after it, `past 1` just before the next commit's objects are written, `before 2` and `after 2` at
 * the second (the stage).
 */
const [root = '', step = '', which = ''] = process.argv.slice(2);
const { resolve: resolveInstalled } = createRequire(import.meta.url);
const context = createContext({
  root,
  env: Object.fromEntries(
    Object.entries(process.env).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
  ),
  log: silentLog,
  progress: silentProgress,
  userLine: () => {},
  defaultStore: 'folder',
  actor: { name: 'Ada', email: 'ada@example.org' },
  resolveInstalled,
});
const die = () => process.kill(process.pid, 'SIGKILL');
let pushes = 0;
const git: typeof context.git = {
  ...context.git,
  attempt: async (args, options) => {
    const isPush = args.includes('push');
    if (isPush) pushes++;
    if (isPush && step === 'before' && String(pushes) === which) die();
    const answer = await context.git.attempt(args, options);
    if (isPush && step === 'after' && String(pushes) === which) die();
    return answer;
  },
  run: async (args, options) => {
    if (step === 'past' && String(pushes) === which) die();
    return context.git.run(args, options);
  },
};
const { decision } = await promote({ ...context, git }, { project: await loadProject(root) });
process.stdout.write(JSON.stringify(decision ?? null));
