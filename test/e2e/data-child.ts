// Started by the tests of killed and simultaneous data verbs: loads everything, says so, and then runs one verb, so that a
// kill meets work and not the program's start. Usage: VERB JSON, in the repository.
import { createContext } from '../../lib/commands/create-context.ts';
import { dataAdd } from '../../lib/commands/data/add/data-add.ts';
import { dataGc, YOUNG_MS } from '../../lib/commands/data/gc/data-gc.ts';
import { dataCheckout } from '../../lib/commands/data/transfer/data-checkout.ts';
import { dataFetch } from '../../lib/commands/data/transfer/data-fetch.ts';
import { dataPull } from '../../lib/commands/data/transfer/data-pull.ts';
import { dataPush } from '../../lib/commands/data/transfer/data-push.ts';
import { AssayError } from '../../lib/errors.ts';
import { silentLog, silentProgress } from '../../lib/ports.ts';
import { createLocalStore } from '../../lib/stores/folder/local-store.ts';
import { moveStore } from '../../lib/stores/move-store.ts';

const [verb = '', json = '{}'] = process.argv.slice(2);
const request = JSON.parse(json);
const context = createContext({
  root: process.cwd(),
  env: { PATH: process.env.PATH ?? '' },
  log: silentLog,
  progress: silentProgress,
  userLine: () => {},
  defaultStore: 'folder',
  // An object of this test is not young.
  clock: { now: () => new Date(Date.now() + (verb === 'gc' ? 2 * YOUNG_MS : 0)) },
  resolveInstalled: (specifier) => specifier,
});

const VERBS: Readonly<Record<string, () => Promise<object>>> = {
  add: () => dataAdd(context, request),
  push: () => dataPush(context, { targets: [], ...request }),
  fetch: () => dataFetch(context, { targets: [], ...request }),
  pull: () => dataPull(context, { targets: [], ...request }),
  checkout: () => dataCheckout(context, { targets: [], ...request }),
  gc: () => dataGc(context, { workspace: true, force: true, ...request }),
  move: () => moveStore(createLocalStore(request.from), createLocalStore(request.to), request.temporary),
};

process.stdout.write('ready\n');
const outcome = await VERBS[verb]?.().catch((error: unknown) => ({ error }));
const error = outcome !== undefined && 'error' in outcome ? outcome.error : undefined;
if (error !== undefined) {
  const { message, stack = '' } = error instanceof Error ? error : new Error(String(error));
  process.stdout.write(`${error instanceof AssayError ? `${error.code} ${message}` : `uncatalogued ${stack}`}\n`);
}
process.exitCode = error === undefined ? 0 : 1;
