import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ErrorCode } from '../../lib/errors.ts';
import { loadBuiltInModel } from '../../lib/model/built-in-model.ts';
import { silentLog, silentProgress } from '../../lib/ports.ts';
import { createRandom } from '../../lib/stats/resampling/random.ts';
import { backendOf, type TrainRequest, trainBuiltIn } from '../../lib/train/built-in.ts';
import { tfjsBackend } from '../../lib/train/tfjs/backend.ts';
import golden from '../golden/networks/sklearn.json' with { type: 'json' };
import { frameOf } from './frames.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assay-built-in-'));
});
afterAll(() => rm(folder, { recursive: true }));

const random = createRandom([11, 0]);
const rows = 300;
const x = Array.from({ length: rows }, (_, i) => (i % 13 === 0 ? null : random.uniform() * 10));
const letter = Array.from({ length: rows }, (_, i) => (i % 17 === 0 ? null : 'abc'.charAt(random.below(3))));
const late = x.map((value, i) => (random.uniform() * 10 < (value ?? 8) + (letter[i] === 'a' ? 3 : 0) ? 1 : 0));
const amount = x.map((value, i) => 1000 + 40 * (value ?? 5) + (letter[i] === 'a' ? 100 : 0));
const frame = frameOf({ x, letter, late, amount, flag: late.map((v) => v === 1), constant: late.map(() => 1) });

const request = (changes: Partial<TrainRequest>): TrainRequest => ({
  trainer: 'trees',
  frame,
  features: ['x', 'letter'],
  target: 'late',
  task: 'binary',
  parameters: {},
  seed: 1,
  folder: join(folder, 'model'),
  native: false,
  log: silentLog,
  progress: silentProgress,
  ...changes,
});

const quick = { trees: { max_iter: 5 }, logistic: { steps: 20 }, mlp: { steps: 20, hidden: '4,3' } } as const;
const TRAINERS = ['trees', 'logistic', 'mlp'] as const;

describe.each(TRAINERS)('%s', (trainer) => {
  const parameters = quick[trainer];

  test.each(['binary', 'regression'] as const)(
    '%s: the saved model takes new rows, gaps and new texts',
    async (task) => {
      const target = task === 'binary' ? 'late' : 'amount';
      const at = join(folder, `${trainer}-${task}`);
      const result = await trainBuiltIn(request({ trainer, parameters, task, target, folder: at }));
      expect(result).toMatchObject({ backend: await backendOf(trainer, { native: false }), rows, unlabelled: 0 });
      const model = await loadBuiltInModel(at);
      expect(model.kind).toBe(trainer);
      expect(model.signature.inputs.map(({ name, nullable }) => [name, nullable])).toEqual([
        ['x', true],
        ['letter', true],
      ]);
      const scores = model.score(frameOf({ letter: ['a', 'new', null], other: [1, 2, 3], x: [1, null, 1e300] }));
      expect(scores).toHaveLength(3);
      for (const score of scores) {
        expect(Number.isFinite(score)).toBe(true);
        if (task === 'binary') expect(score).toBe(Math.min(Math.max(score, 0), 1));
      }
    },
  );

  test('the same inputs write the same bytes, another seed need not', async () => {
    const bytes = async (at: string) =>
      Promise.all(
        (await readdir(at)).sort().map(async (name) => [name, (await readFile(join(at, name))).toString('hex')]),
      );
    const [first, second] = [join(folder, `${trainer}-1`), join(folder, `${trainer}-2`)];
    await trainBuiltIn(request({ trainer, parameters, folder: first }));
    await trainBuiltIn(request({ trainer, parameters, folder: second }));
    expect(await bytes(second)).toEqual(await bytes(first));
  });

  test('rows without a target are left out and counted; the model is that of the others', async () => {
    const half = (values: (number | string | null)[]) => values.slice(0, 200);
    const gaps = frameOf({ x, letter, late: late.map((value, i) => (i < 200 ? value : null)) });
    const known = frameOf({ x: half(x), letter: half(letter), late: half(late) });
    const [a, b] = [join(folder, `${trainer}-gaps`), join(folder, `${trainer}-known`)];
    const result = await trainBuiltIn(request({ trainer, parameters, frame: gaps, folder: a }));
    await trainBuiltIn(request({ trainer, parameters, frame: known, folder: b }));
    expect(result).toMatchObject({ rows: 200, unlabelled: 100 });
    const scoresOf = async (at: string) => (await loadBuiltInModel(at)).score(frame);
    expect(await scoresOf(a)).toEqual(await scoresOf(b));
  });
});

test('a model learns: far better than chance on what it can know', async () => {
  for (const [trainer, least] of [
    ['trees', 0.8],
    ['logistic', 0.75],
    ['mlp', 0.75],
  ] as const) {
    const parameters = trainer === 'trees' ? {} : { steps: 200 };
    const { metrics } = await trainBuiltIn(request({ trainer, parameters, folder: join(folder, `fit-${trainer}`) }));
    expect(metrics.train_roc_auc).toBeGreaterThan(least);
  }
});

describe('against scikit-learn', () => {
  test('logistic regression finds the same coefficients', async () => {
    const at = join(folder, 'golden-logistic');
    const columns = { a: golden.a, b: golden.b, late: golden.binary };
    await trainBuiltIn(
      request({
        trainer: 'logistic',
        frame: frameOf(columns),
        features: ['a', 'b'],
        // Their penalty is ½‖w‖² / C on the sum of the losses, ours λ‖w‖² on their mean.
        parameters: { l2: 1 / (2 * golden.C * golden.a.length), steps: 600, learning_rate: 0.1 },
        folder: at,
      }),
    );
    const scores = (await loadBuiltInModel(at)).score(frameOf(columns));
    for (const [i, score] of scores.entries()) expect(score).toBeCloseTo(golden.probabilities[i] ?? 0, 4);
  });

  test('linear regression too, in the unit of the target', async () => {
    const at = join(folder, 'golden-linear');
    const columns = { a: golden.a, b: golden.b, y: golden.value };
    await trainBuiltIn(
      request({
        trainer: 'logistic',
        task: 'regression',
        frame: frameOf(columns),
        features: ['a', 'b'],
        target: 'y',
        parameters: { l2: 0, steps: 600, learning_rate: 0.1 },
        folder: at,
      }),
    );
    const scores = (await loadBuiltInModel(at)).score(frameOf(columns));
    for (const [i, score] of scores.entries()) expect(score).toBeCloseTo(golden.values[i] ?? 0, 1);
  });
});

test('tf.loadLayersModel reads a saved network and gives the same scores', async () => {
  const at = join(folder, 'layers');
  const dense = frameOf({ x: x.map((value) => value ?? 1), late });
  await trainBuiltIn(request({ trainer: 'mlp', parameters: quick.mlp, frame: dense, features: ['x'], folder: at }));
  const { tf } = await tfjsBackend({ native: false });
  const { modelTopology, weightsManifest } = JSON.parse(await readFile(join(at, 'model.json'), 'utf8'));
  const bytes = await readFile(join(at, 'weights.bin'));
  const weightData = Uint8Array.from(bytes).buffer;
  const layers = await tf.loadLayersModel(
    tf.io.fromMemory({ modelTopology, weightSpecs: weightsManifest[0].weights, weightData }),
  );
  const [{ mean, scale }] = JSON.parse(await readFile(join(at, 'preprocess.json'), 'utf8')).columns;
  const inputs = [0, 2.5, 9].map((value) => (value - mean) * scale);
  const theirs = layers.predict(tf.tensor2d(inputs, [3, 1]));
  const ours = (await loadBuiltInModel(at)).score(frameOf({ x: [0, 2.5, 9] }));
  const values = Array.isArray(theirs) ? [] : await theirs.data();
  expect(values).toHaveLength(3);
  for (const [i, score] of ours.entries()) expect(values[i]).toBeCloseTo(score, 6);
});

const refused: [string, Partial<TrainRequest>, ErrorCode, RegExp][] = [
  ['a parameter it does not have', { parameters: { max_iters: 3 } }, 'E_TRAINER_PARAMETER', /"max_iters"/],
  [
    'a parameter of another type',
    { parameters: { max_iter: 'many' } },
    'E_TRAINER_PARAMETER_VALUE',
    /"max_iter".*"many"/,
  ],
  ['a parameter out of range', { parameters: { learning_rate: 0 } }, 'E_TRAINER_PARAMETER_VALUE', /learning_rate/],
  ['bad hidden layers', { trainer: 'mlp', parameters: { hidden: '64,x' } }, 'E_TRAINER_PARAMETER_VALUE', /64,x/],
  [
    'a number where a switch belongs',
    { parameters: { early_stopping: 1 } },
    'E_TRAINER_PARAMETER_VALUE',
    /early_stopping/,
  ],
  ['no features', { features: [] }, 'E_TRAINER_NO_FEATURES', /late/],
  ['the target as a feature', { features: ['x', 'late'] }, 'E_TRAINER_FEATURE', /"late".*target/],
  ['a feature twice', { features: ['x', 'x'] }, 'E_TRAINER_FEATURE', /"x".*twice/],
  ['a feature that is not there', { features: ['nowhere'] }, 'E_MODEL_COLUMN_MISSING', /"nowhere"/],
  ['a target that is not there', { target: 'nowhere' }, 'E_MODEL_COLUMN_MISSING', /"nowhere"/],
  ['another value than 0 and 1', { target: 'amount' }, 'E_TRAINER_TARGET', /"amount" has the value \d+.* in row 1\b/],
  ['a text as target', { target: 'letter', features: ['x'] }, 'E_TRAINER_TARGET', /value "[abc]" in row 2\b/],
  ['one class only', { target: 'constant' }, 'E_MODEL_ONE_CLASS', /all 300 .*constant = 1/],
  ['no labelled row', { frame: frameOf({ x, letter, late: x.map(() => null) }) }, 'E_TRAINER_NO_ROWS', /300/],
  ['no row', { frame: frameOf({ x: [], letter: [], late: [] }) }, 'E_TRAINER_NO_ROWS', /none of the 0/],
];

describe('refused before anything is written', () => {
  test.each(refused)('%s', async (_name, changes, code, message) => {
    const at = join(folder, 'never');
    const thrown = trainBuiltIn(request({ ...changes, folder: at }));
    await expect(thrown).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
    await expect(readdir(at)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  test('a misspelt parameter gets a suggestion and the whole list', async () => {
    await expect(trainBuiltIn(request({ parameters: { max_iters: 3 } }))).rejects.toMatchObject({
      fix: expect.stringMatching(/"max_iter"\?.*learning_rate.*tol/),
    });
  });

  test('training that diverges', async () => {
    const wild = request({ trainer: 'mlp', parameters: { l2: 1e300 }, folder: join(folder, 'never') });
    await expect(trainBuiltIn(wild)).rejects.toMatchObject({ code: 'E_TRAINER_DIVERGED' });
  });
});

test.each(TRAINERS)('%s: a boolean target, columns without information', async (trainer) => {
  const empty = frameOf({
    nothing: late.map(() => null),
    one: late.map(() => 5),
    text: late.map(() => 'same'),
    flag: late.map((v) => v === 1),
  });
  const at = join(folder, `empty-${trainer}`);
  const features = ['nothing', 'one', 'text'];
  const parameters = trainer === 'trees' ? {} : { steps: 300 };
  await trainBuiltIn(request({ trainer, parameters, frame: empty, features, target: 'flag', folder: at }));
  const share = late.filter((value) => value === 1).length / rows;
  const scores = (await loadBuiltInModel(at)).score(
    frameOf({ nothing: [null, 3], one: [5, 9], text: ['same', 'new'] }),
  );
  expect(scores[0]).toBeCloseTo(share, 2);
  expect(Number.isFinite(scores[1])).toBe(true);
});

test('the backend of trees is told without TensorFlow.js', async () => {
  expect(await backendOf('trees')).toBe('assay-trees/1');
  expect(await backendOf('mlp', { native: false })).toBe('tfjs-wasm/4.22.0');
  expect(await backendOf('mlp', { native: 'a-package-that-is-not-installed' })).toBe('tfjs-wasm/4.22.0');
});
