import { beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { evaluateGate } from '../../../lib/commands/evaluate/evaluate-gate.ts';
import { train } from '../../../lib/commands/train/train.ts';
import { Decision } from '../../../lib/gate/decision.ts';
import { decisionBlocks } from '../../../lib/report/blocks/decision-blocks.ts';
import { csv, pairAuc, type Row, rowsOf, sigmoid } from '../days.ts';
import {
  commandYaml,
  commit,
  copyOf,
  opened,
  runsIn,
  treesYaml,
  WEIGHTS,
  type Workspace,
  type Yaml,
} from '../repository.ts';
import { TRAIN } from '../train/user-code.ts';
import { newProduction, promoted, registered } from '../verbs.ts';

/** A month more than production was trained on. */
const ROWS = rowsOf({ days: 150 });
/** The last 60 days are the holdout, their first half the development one. */
const DEVELOPMENT: readonly Row[] = ROWS.slice(90 * 12, 120 * 12);
const auc = (score: (row: Row) => number) => pairAuc(DEVELOPMENT.map((row) => ({ ...row, score: score(row) })));

let production: Workspace;
beforeAll(async () => {
  production = await newProduction();
});

async function judged(workspace: Workspace, files: Readonly<Record<string, string>>, refit = true) {
  await commit(workspace, files);
  const { context, project } = await opened(workspace);
  await train(context, { project });
  const { decision } = await evaluateGate(context, { project, refit });
  return { decision: Decision.parse(decision), said: context.said.join('\n') };
}

const withYaml = (yaml: Yaml, rows: readonly object[] = ROWS) => ({
  'assay.yaml': stringify(yaml),
  'data/days.csv': csv(rows),
});
const good = (changes: object = {}) => commandYaml({}, { parameters: WEIGHTS.good, ...changes });

describe('another recipe on other rows', () => {
  it('is told apart: the old command, as its commit has it, is fitted on the new rows', async () => {
    const workspace = await copyOf(production);
    // The new commit's own train step would make another model of the old parameters.
    const turned = TRAIN.replace('{ x, z, seed', '{ x: -x, z: -z, seed');
    const { decision } = await judged(workspace, { ...withYaml(good()), 'train.mjs': turned });
    const weak = auc(({ x, z }) => sigmoid(0.3 * x + 0.6 * z));
    expect(decision.oldRecipe).toMatchObject({ side: { kind: 'run', label: 'the recipe of 1.0.0 on the new rows' } });
    // This command's model does not depend on the rows: by fresher data alone nothing changes.
    expect(decision.oldRecipe?.data).toMatchObject({ metric: 'roc_auc', reason: 'identical' });
    expect(decision.oldRecipe?.recipe.baseline).toBeCloseTo(weak, 12);
    expect(decision.oldRecipe?.recipe.candidate).toBeCloseTo(1 - auc(({ x, z }) => sigmoid(1.5 * x + 0.6 * z)), 12);
    expect(decision.verdict).toBe('fail');
    expect((await workspace.git.text(['worktree', 'list'])).split('\n')).toHaveLength(1);
    const runs = await runsIn(workspace);
    await judged(workspace, { 'note.md': 'x' }, false);
    expect(runs).toHaveLength(3);
  });

  it('is told apart for a built-in trainer, whose rows matter', async () => {
    const workspace = await copyOf(production);
    await judged(workspace, withYaml(treesYaml(), rowsOf()), false);
    await registered(workspace);
    await promoted(workspace);
    const { decision } = await judged(workspace, withYaml(treesYaml({}, { features: ['x'] })));
    const { recipe, data } = decision.oldRecipe ?? {};
    expect(decision.baseline.version).toBe('1.1.0');
    // The old recipe on new rows is what lies between: both steps add up to the whole difference.
    expect((recipe?.difference ?? 0) + (data?.difference ?? 0)).toBeCloseTo(
      decision.comparisons[0]?.difference ?? 1,
      12,
    );
    expect(recipe?.baseline).not.toBe(data?.baseline);
    expect(JSON.stringify(decisionBlocks(decision))).toContain(
      'was fitted on the new rows; it is no part of the verdict',
    );
  });
});

describe('nothing to tell apart', () => {
  it.each([
    ['the same rows', withYaml(good(), rowsOf())],
    ['the same recipe', withYaml(commandYaml({}, { parameters: WEIGHTS.weak }))],
    ['not wanted', withYaml(good({ refit: false }))],
  ])('%s', async (_why, files) => {
    const { decision } = await judged(await copyOf(production), files);
    expect(decision).not.toHaveProperty('oldRecipe');
  });
});
