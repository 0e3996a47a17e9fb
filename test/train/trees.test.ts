import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compileTrees, scoreTrees } from '../../lib/model/score-trees.ts';
import type { BuiltInTask } from '../../lib/model/signature.ts';
import { silentProgress } from '../../lib/ports.ts';
import { createRandom } from '../../lib/stats/resampling/random.ts';
import { quantileEdges } from '../../lib/train/trees/binning.ts';
import { boost } from '../../lib/train/trees/boost.ts';
import { meanLoss } from '../../lib/train/trees/loss.ts';
import { TreeParameters } from '../../lib/train/trees/tree-parameters.ts';
import { frameOf } from './frames.ts';

type Columns = Record<string, (number | string | boolean | null)[]>;

async function grow(columns: Columns, target: number[], task: BuiltInTask, parameters: object = {}, seed = 1) {
  const frame = frameOf(columns);
  const boosted = await boost({
    frame,
    features: Object.keys(columns),
    target: Float64Array.from(target),
    task,
    parameters: TreeParameters.parse(parameters),
    seed,
    progress: silentProgress,
  });
  const { ensemble } = boosted;
  const compiled = compileTrees(ensemble.columns, ensemble.trees);
  return { ...boosted, score: (rows: Columns) => [...scoreTrees(ensemble, compiled, task, frameOf(rows))] };
}

/** A table with every kind of column; the target hangs on all of them. */
function table(rows: number, seed: number) {
  const random = createRandom([seed, 0]);
  const columns = { x: [] as (number | null)[], flag: [] as boolean[], letter: [] as (string | null)[] };
  const target: number[] = [];
  for (let i = 0; i < rows; i++) {
    const x = random.uniform() < 0.1 ? null : random.uniform();
    const letter = random.uniform() < 0.1 ? null : 'abcdefgh'.charAt(random.below(8));
    const flag = random.uniform() < 0.5;
    columns.x.push(x);
    columns.flag.push(flag);
    columns.letter.push(letter);
    const chance = 0.5 * (x ?? 0.9) + (flag ? 0.2 : 0) + (letter === 'a' || letter === null ? 0.3 : 0);
    target.push(random.uniform() < chance ? 1 : 0);
  }
  return { columns, target };
}

describe('one tree against arithmetic', () => {
  const step = Array.from({ length: 40 }, (_, i) => i);
  const once = { max_iter: 1, learning_rate: 1, min_samples_leaf: 1, max_leaf_nodes: 2 };

  test('regression: the halves of a step become their means', async () => {
    const { score } = await grow(
      { x: step },
      step.map((x) => (x < 20 ? 3 : 7)),
      'regression',
      once,
    );
    for (const [x, expected] of [
      [-5, 3],
      [19, 3],
      [19.4, 3],
      [19.6, 7],
      [99, 7],
    ] as const) {
      expect(score({ x: [x] })[0]).toBeCloseTo(expected, 12);
    }
  });

  test('binary: a Newton step from the log odds', async () => {
    // 30 of 40 are 1: p = ¾. On the left 10 of 20: G = 20·¾ − 10 = 5, H = 20·¾·¼ = 3.75, a step of −4/3.
    const side = step.map((i) => (i < 20 ? 0 : 1));
    const target = step.map((i) => (i < 20 ? i % 2 : 1));
    const { score } = await grow({ side }, target, 'binary', once);
    const sigmoid = (z: number) => 1 / (1 + Math.exp(-z));
    expect(score({ side: [0] })[0]).toBeCloseTo(sigmoid(Math.log(3) - 4 / 3), 12);
    expect(score({ side: [1] })[0]).toBeCloseTo(sigmoid(Math.log(3) + 4 / 3), 12);
  });

  test('the penalty shrinks a leaf as −G / (H + λ) says', async () => {
    const { score } = await grow(
      { x: step },
      step.map((x) => (x < 20 ? 3 : 7)),
      'regression',
      { ...once, l2_regularization: 20 },
    );
    expect(score({ x: [0] })[0]).toBeCloseTo(5 - 1, 12);
  });

  test.each([
    ['with the high half', 7],
    ['with the low half', 3],
  ])('missing values go %s where that is where they belong', async (_name, missing) => {
    const x = [...step, ...step.map(() => null)];
    const target = [...step.map((v) => (v < 20 ? 3 : 7)), ...step.map(() => missing)];
    const { score } = await grow({ x }, target, 'regression', once);
    expect(score({ x: [null, 0, 39] }).map((s) => Math.round(s * 1e9) / 1e9)).toEqual([missing, 3, 7]);
  });

  test('values that were never missing in training follow the larger half later', async () => {
    const { score } = await grow(
      { x: step },
      step.map((x) => (x < 30 ? 3 : 7)),
      'regression',
      once,
    );
    expect(score({ x: [null] })[0]).toBeCloseTo(3, 12);
  });

  test('categories are grouped by what they do, not by their name; a new one follows the larger half', async () => {
    const letter = Array.from({ length: 120 }, (_, i) => 'abcdef'.charAt(i % 6));
    const target = letter.map((l) => (l === 'b' || l === 'e' ? 9 : 1));
    const { score } = await grow({ letter }, target, 'regression', once);
    const scores = score({ letter: ['a', 'b', 'c', 'd', 'e', 'f', 'never seen', null] });
    expect(scores.map((s) => Math.round(s * 1e9) / 1e9)).toEqual([1, 9, 1, 1, 9, 1, 1, 1]);
  });

  test('beyond 255 categories the rare ones share a bin, which new ones join', async () => {
    const letter = [
      ...Array.from({ length: 10 * 20 }, (_, i) => `frequent ${i % 10}`),
      ...Array.from({ length: 244 * 3 }, (_, i) => `common ${i % 244}`),
      ...Array.from({ length: 60 }, (_, i) => `rare ${i}`),
    ];
    const target = letter.map((l) => (l.startsWith('rare') ? 5 : 1));
    const { score, ensemble } = await grow({ letter }, target, 'regression', once);
    expect(ensemble.columns[0]).toMatchObject({ rest: true });
    const scores = score({ letter: ['rare 7', 'never seen', 'common 3', 'frequent 1', null] });
    expect(scores.map((s) => Math.round(s * 1e9) / 1e9)).toEqual([5, 5, 1, 1, 1]);
  });

  test('infinities are ordinary large numbers', async () => {
    const x = step.map((v) => (v < 20 ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY));
    const { score, ensemble } = await grow(
      { x },
      step.map((v) => (v < 20 ? 3 : 7)),
      'regression',
      once,
    );
    const edges = [Number.NEGATIVE_INFINITY, -1e308, 1e308, Number.POSITIVE_INFINITY];
    expect(score({ x: edges }).map(Math.round)).toEqual([3, 3, 7, 7]);
    expect(JSON.parse(JSON.stringify(ensemble))).toEqual(ensemble);
  });
});

describe('columns that say nothing', () => {
  const target = Array.from({ length: 100 }, (_, i) => i % 2);
  test.each([
    ['a constant', { c: target.map(() => 4) }],
    ['one text', { c: target.map(() => 'same') }],
    ['nothing but nulls', { c: target.map(() => null) }],
  ])('%s gives the mean', async (_name, columns: Columns) => {
    const { score, ensemble } = await grow(columns, target, 'binary');
    expect(ensemble.trees.every((tree) => tree.feature.length === 1)).toBe(true);
    expect(score({ c: [1, null] })[0]).toBeCloseTo(0.5, 12);
  });
});

describe('boosting', () => {
  test.each(['binary', 'regression'] as const)('%s: every tree lowers the training loss', async (task) => {
    const { columns, target } = table(400, 3);
    const { ensemble } = await grow(columns, target, task, { max_iter: 25 });
    const losses = ensemble.trees.map((_, i) => {
      const part = { ...ensemble, trees: ensemble.trees.slice(0, i + 1) };
      const raw = scoreTrees(part, compileTrees(part.columns, part.trees), 'regression', frameOf(columns));
      return meanLoss(raw, Float64Array.from(target), task);
    });
    for (const [i, loss] of losses.entries()) if (i > 0) expect(loss).toBeLessThan(losses[i - 1] ?? 0);
  });

  test('the scores it gives back are those of the model, bit for bit', async () => {
    const { columns, target } = table(500, 4);
    for (const parameters of [{}, { early_stopping: true, n_iter_no_change: 3 }]) {
      const { scores, score } = await grow(columns, target, 'binary', parameters);
      expect(score(columns)).toEqual([...scores]);
    }
  });

  test('the same seed gives the same bits, another seed another choice of watched rows', async () => {
    const { columns, target } = table(600, 5);
    const trees = async (seed: number) =>
      (await grow(columns, target, 'binary', { early_stopping: true }, seed)).ensemble;
    expect(JSON.stringify(await trees(1))).toBe(JSON.stringify(await trees(1)));
    expect(JSON.stringify(await trees(1))).not.toBe(JSON.stringify(await trees(2)));
  });

  test('early stopping ends on noise, and keeps no tree that made it worse', async () => {
    const random = createRandom([9, 9]);
    const x = Array.from({ length: 2000 }, () => random.uniform());
    const target = x.map(() => random.below(2));
    const { ensemble, watched } = await grow({ x }, target, 'binary', { early_stopping: true, max_iter: 500 });
    expect(watched).toBe(200);
    expect(ensemble.trees.length).toBeLessThan(50);
  });

  test('a watched tail that leaves one class only to learn from is not set aside', async () => {
    const target = Array.from({ length: 100 }, (_, i) => (i < 95 ? 0 : 1));
    const { watched } = await grow({ x: target }, target, 'binary', { early_stopping: true, validation: 'tail' });
    expect(watched).toBe(0);
  });

  test('a score belongs to its row: order of rows and of columns does not matter', async () => {
    const { columns, target } = table(300, 6);
    const { score } = await grow(columns, target, 'binary', { max_iter: 10 });
    const expected = score(columns);
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 299 }), { minLength: 1, maxLength: 700 }), (rows) => {
        const pick = <T>(values: readonly T[]) => rows.map((row) => values[row] as T);
        const picked = { letter: pick(columns.letter), flag: pick(columns.flag), x: pick(columns.x) };
        expect(score(picked)).toEqual(pick(expected));
      }),
      { numRuns: 20 },
    );
  });
});

test('bins: ascending edges, at most as many as asked, and few values apart from each other', () => {
  const values = fc.array(fc.double(), { minLength: 1, maxLength: 60 });
  fc.assert(
    fc.property(values, fc.integer({ min: 2, max: 255 }), (list, most) => {
      const finite = list.map((x) => Math.min(Math.max(x, -Number.MAX_VALUE), Number.MAX_VALUE));
      const edges = [...quantileEdges(Float64Array.from(finite), most)];
      expect(edges.length).toBeLessThan(most);
      for (const [i, edge] of edges.entries()) {
        expect(Number.isFinite(edge)).toBe(true);
        if (i > 0) expect(edge).toBeGreaterThan(edges[i - 1] ?? 0);
      }
    }),
    { numRuns: 200 },
  );
});
