import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { glob } from 'tinyglobby';
import { beforeAll, describe, expect, it } from 'vitest';
import { evaluateGate } from '../../lib/commands/evaluate/evaluate-gate.ts';
import { get } from '../../lib/commands/registry/get.ts';
import { promote } from '../../lib/commands/registry/promote.ts';
import { register } from '../../lib/commands/registry/register.ts';
import { type TrainResult, train } from '../../lib/commands/train/train.ts';
import { validateData } from '../../lib/commands/validate-data.ts';
import { modelFolder } from '../../lib/train/run-folder.ts';
import { commit, ENVIRONMENT, newWorkspace, opened, type Workspace } from '../commands/repository.ts';

const EXAMPLE = join(import.meta.dirname, '../../examples/python-sklearn');

/** A Python environment with the example's requirements; CI makes one and names it here. */
const BIN = join(process.env.ASSAY_TEST_VENV ?? '/nonexistent', 'bin');
const REASON = 'the Python example: set ASSAY_TEST_VENV to an environment that has its requirements.txt';

/** Every start of scikit-learn takes seconds, more when the machine is busy. */
const TIMEOUT_MS = 180_000;

/** What scikit-learn says of a model file on the labelled rows of a window: rows, ROC AUC, log loss. */
const SCORE_BY_HAND = `
import json, sys
import joblib, pandas as pd
from sklearn.metrics import log_loss, roc_auc_score
rows = pd.read_csv("data/departures.csv")
at = pd.to_datetime(rows.scheduled_at, utc=True)
rows = rows[(at >= sys.argv[2]) & (at < sys.argv[3]) & rows.late.notna()]
scores = joblib.load(sys.argv[1]).predict_proba(rows)[:, 1]
print(json.dumps([len(rows), roc_auc_score(rows.late, scores), log_loss(rows.late, scores)]))
`;

async function exampleFiles(): Promise<Record<string, string>> {
  const paths = await glob('**/*', { cwd: EXAMPLE, dot: true, ignore: ['.assay/**', '.venv/**', '**/__pycache__/**'] });
  const texts = await Promise.all(
    paths.map(async (path) => [path, await readFile(join(EXAMPLE, path), 'utf8')] as const),
  );
  return { ...Object.fromEntries(texts), '.gitignore': '__pycache__/\n' };
}

describe.skipIf(!existsSync(join(BIN, 'python')))(REASON, { timeout: TIMEOUT_MS }, () => {
  const env = { ...ENVIRONMENT, PATH: `${BIN}:${ENVIRONMENT.PATH}` };
  const open = () => opened(workspace, { env });
  let workspace: Workspace;
  let trained: TrainResult;

  beforeAll(async () => {
    workspace = await newWorkspace(await exampleFiles());
    const { context, project } = await open();
    trained = await train(context, { project });
  }, TIMEOUT_MS);

  it('has data that pass their checks', async () => {
    const { context, project } = await open();
    expect((await validateData(context, { project })).map(({ verdict }) => verdict)).toEqual(['pass']);
  });

  it('trains on the rows before the holdout alone, and keeps what the script measured', async () => {
    const { record } = trained.run;
    const [header = '', ...lines] = (await readFile(join(workspace.root, 'data/departures.csv'), 'utf8'))
      .trim()
      .split('\n');
    const time = header.split(',').indexOf('scheduled_at');
    const end = record.inputs.data.to?.slice(0, 10) ?? '';
    expect(record.rows).toBe(lines.filter((line) => (line.split(',')[time] ?? '') < end).length);
    expect(record.rows).toBeLessThan(lines.length);
    expect(record.outputs.map(({ path }) => path)).toEqual(['metrics.json', 'model.joblib']);
    const metrics = JSON.parse(await readFile(join(modelFolder(trained.run.folder), 'metrics.json'), 'utf8'));
    expect(record.metrics).toEqual(metrics);
  });

  it('judges the model by the numbers that scikit-learn itself gets', async () => {
    const { context, project } = await open();
    const { decision } = await evaluateGate(context, { project });
    const { from = '', to = '', rows } = decision.holdout;
    const model = join(modelFolder(trained.run.folder), 'model.joblib');
    const args = ['-c', SCORE_BY_HAND, model, from, to];
    const [count, auc, loss] = JSON.parse(
      execFileSync(join(BIN, 'python'), args, { cwd: workspace.root, env, encoding: 'utf8' }),
    );
    const candidate = (metric: string) => decision.comparisons.find((one) => one.metric === metric)?.candidate;
    expect(rows).toBe(count);
    expect(candidate('roc_auc')).toBeCloseTo(auc, 12);
    expect(candidate('log_loss')).toBeCloseTo(loss, 12);
  });

  it('is not trained again for another README, and is for another script', async () => {
    await commit(workspace, { 'README.md': 'Another text.\n' });
    const { context, project } = await open();
    expect((await train(context, { project })).reused).toBe(true);

    const script = await readFile(join(workspace.root, 'train.py'), 'utf8');
    await commit(workspace, { 'train.py': `${script}\n# another\n` });
    const other = await train(context, { project });
    expect(other.reused).toBe(false);
    expect(other.run.record.key).not.toBe(trained.run.record.key);
    await commit(workspace, { 'train.py': script });
  });

  it('is registered, promoted and brought back byte for byte', async () => {
    const { context, project } = await open();
    const registered = await register(context, { project });
    expect(registered.version).toBe('1.0.0');
    const result = await promote(context, { project });
    expect(result.decision?.verdict).toBe('pass');
    expect(result.promoted?.version).toBe('1.0.0');
    const brought = await get(context, {
      project,
      reference: 'late@production',
      cwd: workspace.folder,
      output: 'brought',
    });
    const bytes = (folder: string) => readFile(join(folder, 'model.joblib'));
    expect(await bytes(brought.folder)).toEqual(await bytes(modelFolder(trained.run.folder)));
  });
});
