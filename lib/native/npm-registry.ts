import { assayError, messageOf } from '../errors.ts';
import { runProcess } from '../process.ts';

/**
 * Where packages come from on this machine: the setting ASSAY_NPM_REGISTRY (an address or a folder of tarballs), else what
 * npm itself is configured with, which honours a company's mirror in .npmrc. Asked only when something has to be fetched.
 *
 * @param env the process's environment
 * @throws E_NATIVE_NO_REGISTRY when there is no setting and npm cannot be asked
 */
export async function npmRegistry(env: Readonly<Record<string, string | undefined>>, cwd: string): Promise<string> {
  const named = env.ASSAY_NPM_REGISTRY || env.npm_config_registry;
  if (named !== undefined && named !== '') return named;
  const lines: string[] = [];
  const given = Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  try {
    await runProcess({
      title: 'npm config',
      command: ['npm', 'config', 'get', 'registry'],
      cwd,
      env: Object.fromEntries(given),
      onLine: (line) => lines.push(line.trim()),
    });
  } catch (error) {
    throw assayError('E_NATIVE_NO_REGISTRY', { reason: messageOf(error) }, error);
  }
  const registry = lines.find((line) => /^https?:\/\//i.test(line));
  if (registry === undefined) throw assayError('E_NATIVE_NO_REGISTRY', { reason: 'npm names no registry' });
  return registry;
}
