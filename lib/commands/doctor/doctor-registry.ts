import { Profile } from '../../profile/profile.ts';
import type { Project } from '../../project/project.ts';
import { REGISTRY_BRANCH } from '../../registry/layout.ts';
import type { Snapshot } from '../../registry/snapshot.ts';
import type { Context } from '../context.ts';
import { holderOf } from '../evaluate/evaluate-gate.ts';
import { projectRegistry, readDocument } from '../registry/open-registry.ts';
import { findingsOf } from './doctor-finding.ts';
import type { Finding } from './doctor-output.ts';

const { ok, warn, fail, thrown } = findingsOf('registry');

/** The registry's branch and tags, who holds which stage, and the profile that drift is held against. Writes nothing. */
export async function registryFindings(context: Context, project: Project): Promise<Finding[]> {
  let snapshot: Snapshot;
  try {
    snapshot = await projectRegistry(context).read();
  } catch (error) {
    return [thrown('registry', error)];
  }
  const [problem] = snapshot.problems;
  if (problem !== undefined) {
    const fix = `Look at git log ${REGISTRY_BRANCH}: a record was changed or removed; put back what was there in a commit on top.`;
    return [fail('registry', `${problem.file}: ${problem.reason}; reading goes on from the tags, writing stops`, fix)];
  }
  const head =
    snapshot.head === null ? 'nothing is registered yet' : `${REGISTRY_BRANCH} at ${snapshot.head.slice(0, 12)}`;
  const findings = [ok('registry', head)];
  for (const [name, model] of Object.entries(project.config.models)) {
    findings.push(...modelFindings(snapshot, name, model.stages));
    if (model.drift !== undefined)
      findings.push(...(await driftFindings(context, snapshot, name, model.stages.at(-1))));
  }
  return findings;
}

function modelFindings({ state }: Snapshot, name: string, stages: readonly string[]): Finding[] {
  const model = state.models.get(name);
  if (model === undefined) return [];
  const held = [...model.stages].filter(([stage]) => stages.includes(stage));
  const holders = held.map(([stage, { holder }]) => `${stage}: ${holder ?? 'nobody'}`).join(', ') || 'no stage is held';
  const unknown = [...model.stages.keys()].filter((stage) => !stages.includes(stage));
  const tagged = model.tagged.size === 0 ? '' : `; ${model.tagged.size} more known by GTO's tags alone`;
  return [
    ok(name, `${model.versions.size} version${model.versions.size === 1 ? '' : 's'}${tagged}; ${holders}`),
    ...(unknown.length === 0
      ? []
      : [
          warn(
            name,
            `the registry has stages that assay.yaml does not: ${unknown.join(', ')}`,
            `Add them to models.${name}.stages.`,
          ),
        ]),
  ];
}

/** Registering stores the profile: without one in front of it a drift check has nothing to say. */
async function driftFindings(
  context: Context,
  snapshot: Snapshot,
  name: string,
  stage = 'production',
): Promise<Finding[]> {
  const holder = holderOf(snapshot, name, stage);
  if (holder === undefined) return [ok(name, `drift is watched from the first promotion to ${stage} on`)];
  const record = snapshot.state.models.get(name)?.versions.get(holder);
  if (record === undefined) {
    const fix = 'Register a version with Assay and promote it: that stores a profile.';
    return [fail(name, `${holder}, which holds ${stage}, was registered by GTO alone: drift has no baseline`, fix)];
  }
  try {
    await readDocument(context, snapshot, { model: name, kind: 'profiles', digest: record.profile }, Profile);
    return [ok(name, `the baseline of drift is that of ${holder}`)];
  } catch (error) {
    return [thrown(name, error)];
  }
}
