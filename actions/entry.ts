/** An action's or the CLI's code; each becomes a part of the bundle that is loaded only when it is asked for. */
type Load = (bundleFolder: string) => Promise<() => Promise<void>>;

const action = (load: () => Promise<{ main(): Promise<void> }>): Load => {
  return async (bundleFolder) => {
    const [{ setBundleFolder }, { main }] = await Promise.all([import('./run-action.ts'), load()]);
    setBundleFolder(bundleFolder);
    return main;
  };
};

/** Every program in the bundle, by the name that its start file gives. */
const PROGRAMS: Readonly<Record<string, Load>> = {
  assay: async (bundleFolder) => {
    const { main } = await import('../lib/cli/main.ts');
    return () => main(bundleFolder);
  },
  'drift-check': action(() => import('./drift-check/main.ts')),
  'evaluate-gate': action(() => import('./evaluate-gate/main.ts')),
  get: action(() => import('./get/main.ts')),
  promote: action(() => import('./promote/main.ts')),
  publish: action(() => import('./publish/main.ts')),
  'pull-data': action(() => import('./pull-data/main.ts')),
  'pull-request': action(() => import('./pull-request/main.ts')),
  'push-data': action(() => import('./push-data/main.ts')),
  register: action(() => import('./register/main.ts')),
  rollback: action(() => import('./rollback/main.ts')),
  score: action(() => import('./score/main.ts')),
  train: action(() => import('./train/main.ts')),
  'validate-data': action(() => import('./validate-data/main.ts')),
};

/** Names that `start` knows. */
export const PROGRAM_NAMES: readonly string[] = Object.keys(PROGRAMS);

/**
 * Runs one program of the bundle. Called by the start files: dist/assay.js and actions/<name>/index.js.
 *
 * @throws Error for a name that is not in the bundle, which only a broken start file can ask for
 */
export async function start(name: string): Promise<void> {
  // Packages in the bundle still use what Node deprecates (punycode): users can do nothing about it.
  process.noDeprecation = true;
  const load = PROGRAMS[name];
  if (load === undefined) throw new Error(`no program "${name}" in this bundle`);
  const run = await load(import.meta.dirname);
  await run();
}
