import { AssayError } from '../../errors.ts';
import type { Project } from '../../project/project.ts';
import type { Context } from '../context.ts';
import { marginReach } from '../simulate/margin-reach.ts';
import { findingsOf } from './doctor-finding.ts';
import type { Finding } from './doctor-output.ts';

const { ok, warn, thrown } = findingsOf('gate');

/** Whether each model's holdout can tell what its rules ask. Only of datasets that are here: nothing is brought. */
export async function gateFindings(context: Context, project: Project, sound: ReadonlySet<string>): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const [name, model] of Object.entries(project.config.models)) {
    if (![model.train.data, model.holdout.data ?? model.train.data].every((dataset) => sound.has(dataset))) continue;
    try {
      const { rows, clusters, clusterUnit, warnings, next } = await marginReach(context, project, name);
      const size = `${rows.toLocaleString('en-US')} rows in ${clusters} ${clusterUnit}s`;
      if (warnings.length === 0)
        findings.push(ok(name, `pull requests are judged on ${size}: the margins can be reached`));
      for (const one of warnings) findings.push(warn(name, one, `${sentence(next ?? 'bring more labelled rows')}.`));
    } catch (error) {
      findings.push(thrown(name, error, isTooEarly(error) ? 'warn' : 'fail'));
    }
  }
  return findings;
}

/** Rows that have to come yet are nothing that is wrong. */
function isTooEarly(error: unknown): boolean {
  return error instanceof AssayError && (error.code.startsWith('E_SIMULATE_') || error.code === 'E_HOLDOUT_EMPTY');
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
