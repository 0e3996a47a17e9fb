import { gte } from 'semver';
import type { RepositoryName } from '../../forge/forge.ts';
import { proxiedFetch } from '../../proxied-fetch.ts';
import type { Context } from '../context.ts';
import { findingsOf } from './doctor-finding.ts';
import type { Finding } from './doctor-output.ts';

/** The oldest Node that the command line runs on; package.json's `engines` says the same. */
export const MINIMUM_NODE = '22.12.0';

/** Where a job may ask its forge. */
export interface ForgeAccess {
  readonly apiUrl: string;
  readonly token: string;
  readonly repository: RepositoryName;
}

const { ok, warn, fail, thrown } = findingsOf('environment');

/** Node, the table engine, and in a job the forge. */
export async function environmentFindings(
  context: Context,
  { nodeVersion, forge }: { readonly nodeVersion: string; readonly forge?: ForgeAccess | undefined },
): Promise<Finding[]> {
  return [nodeFinding(nodeVersion), await engineFinding(context), ...(await forgeFindings(context, forge))];
}

function nodeFinding(version: string): Finding {
  return gte(version, MINIMUM_NODE)
    ? ok('node', `Node ${version}`)
    : fail('node', `Node ${version} is older than ${MINIMUM_NODE}`, 'Install Node 24 (the actions bring their own).');
}

async function engineFinding(context: Context): Promise<Finding> {
  try {
    await (await context.openEngine([context.root])).close();
    return ok('duckdb', 'the table engine starts');
  } catch (error) {
    return thrown('duckdb', error);
  }
}

/** Outside of a job nobody needs a token. */
async function forgeFindings(context: Context, access: ForgeAccess | undefined): Promise<Finding[]> {
  if (context.environment.GITHUB_ACTIONS !== 'true') return [];
  if (access === undefined) {
    const fix = 'Hand github.token over as GITHUB_TOKEN under env: of the step.';
    return [warn('forge', 'this job has no GITHUB_TOKEN: nothing can be posted or looked up', fix)];
  }
  const { owner, name } = access.repository;
  try {
    const forge = await openForge(context, access);
    await forge.branchHead(context.environment.GITHUB_REF_NAME ?? 'main');
    return [ok('forge', `the forge answers for ${owner}/${name}`)];
  } catch (error) {
    return [thrown('forge', error)];
  }
}

/** The forge's API with a job's own token. */
export async function openForge({ log, clock, toolVersion, environment }: Context, access: ForgeAccess) {
  const { openGitHub } = await import('../../forge/github.ts');
  const fetch = proxiedFetch(environment);
  return openGitHub({ ...access, userAgent: `assay/${toolVersion}`, log, clock, fetch });
}
