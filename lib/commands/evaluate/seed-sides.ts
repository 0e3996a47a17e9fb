import { assayError } from '../../errors.ts';
import type { GateRules } from '../../gate/rules.ts';
import type { Project } from '../../project/project.ts';
import { modelFolder, openRun, type RunFolder } from '../../train/run-folder.ts';
import { shortKey } from '../../train/run-key.ts';
import type { Context } from '../context.ts';
import { projectWithSeed, seedRunKey, seedsFrom } from '../train/seed-runs.ts';
import { trainOnce } from '../train/train.ts';
import type { ContestedSide } from './score-both.ts';

/**
 * The candidate's other trainings, where the rules ask for several seeds: runs with the same inputs but for the seed. One
 * that is not here is trained, when it is of the present inputs. Throws E_RUN_MISSING, E_COMMAND_*.
 */
export async function seedSides(
  context: Context,
  contest: { readonly project: Project; readonly name: string; readonly rules: GateRules; readonly run: RunFolder },
): Promise<ContestedSide[]> {
  const { project, name, rules, run } = contest;
  const sides: ContestedSide[] = [];
  for (const seed of seedsFrom(run.record.inputs.seed, rules.seeds ?? 1).slice(1)) {
    const key = seedRunKey(run.record, seed);
    const here = await openRun(context.root, key);
    const { folder, record } =
      here ?? (await trainOnce(context, { project: projectWithSeed(project, name, seed), model: name })).run;
    if (record.key !== key) throw assayError('E_RUN_MISSING', { run: shortKey(key) });
    const title = `candidate with seed ${seed}`;
    sides.push({ kind: 'run', label: title, model: { title, folder: modelFolder(folder), record, code: 'here' } });
  }
  return sides;
}
