import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AssayError, type ErrorCode } from '../../../lib/errors.ts';
import { indexIds, orderById, rowsOfIds, scoresInOrder } from '../../../lib/gate/evidence/pair-by-id.ts';

function refusal(work: () => unknown): AssayError {
  try {
    work();
  } catch (error) {
    if (error instanceof AssayError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

const scored = (ids: (string | null)[], scores: number[]) => ({ ids, scores: Float64Array.from(scores) });
const ORDER = ['a', 'b', 'c'];

describe('a side is refused, by its name and the first offender', () => {
  const cases: [string, ReturnType<typeof scored>, ErrorCode, RegExp][] = [
    ['an id twice', scored(['a', 'b', 'b', 'c', 'c'], [1, 2, 3, 4, 5]), 'E_PAIR_DUPLICATE_ID', /2 id.*"b"/],
    ['an id missing', scored(['a', 'c'], [1, 2]), 'E_PAIR_MISSING_ID', /1 of 3.*"b"/],
    ['no rows at all', scored([], []), 'E_PAIR_MISSING_ID', /3 of 3.*"a"/],
    ['a null id', scored(['a', null, 'c'], [1, 2, 3]), 'E_PAIR_NULL_ID', /row 2/],
    ['a NaN', scored(['a', 'b', 'c'], [1, Number.NaN, 3]), 'E_SCORE_NOT_FINITE', /1 score.*NaN of id "b"/],
    [
      'infinities',
      scored(['c', 'b', 'a'], [Number.POSITIVE_INFINITY, 2, Number.NEGATIVE_INFINITY]),
      'E_SCORE_NOT_FINITE',
      /2 score.*-Infinity of id "a"/,
    ],
  ];
  test.each(cases)('%s', (_name, side, code, text) => {
    const error = refusal(() => scoresInOrder('candidate', ORDER, side));
    expect(error.code).toBe(code);
    expect(error.message).toContain('candidate');
    expect(error.message).toMatch(text);
    expect(error.exitCode).toBe(2);
  });

  test('a NaN of an example that is not asked for does not matter', () => {
    expect([...scoresInOrder('x', ['a'], scored(['b', 'a'], [Number.NaN, 7]))]).toEqual([7]);
  });

  test.each(['__proto__', 'constructor', 'toString', ''])('an id may be %j', (id) => {
    expect([...scoresInOrder('x', [id, 'a'], scored(['a', id], [1, 2]))]).toEqual([2, 1]);
    expect(refusal(() => scoresInOrder('x', [id], scored(['a'], [1]))).code).toBe('E_PAIR_MISSING_ID');
  });
});

test('the order of the rows of a file changes nothing', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.tuple(fc.string(), fc.double({ noNaN: true, noDefaultInfinity: true })), {
        selector: ([id]) => id,
        minLength: 1,
      }),
      fc.integer(),
      (rows, seed) => {
        const ids = rows.map(([id]) => id).sort();
        const of = (given: typeof rows) =>
          scoresInOrder(
            'x',
            ids,
            scored(
              given.map(([id]) => id),
              given.map(([, score]) => score),
            ),
          );
        const shuffled = rows
          .map((row, i) => ({ row, key: Math.imul(i + 1, seed | 1) }))
          .sort((a, b) => a.key - b.key)
          .map(({ row }) => row);
        expect(of(shuffled)).toEqual(of(rows));
      },
    ),
    { seed: 1 },
  );
});

test('an index counts every further occurrence of a repeated id', () => {
  expect(refusal(() => indexIds('holdout', ['a', 'a', 'a'])).message).toContain('2 id(s)');
  expect([...indexIds('holdout', ['b', 'a'])]).toEqual([
    ['b', 0],
    ['a', 1],
  ]);
});

test('wide scores are put in order row by row, and the column of the first that is not finite is named', () => {
  const side = { ids: ['b', 'a'], scores: Float64Array.of(1, 2, 3, 4), width: 2, columns: ['p_x', 'p_y'] };
  expect([...scoresInOrder('x', ['a', 'b'], side)]).toEqual([3, 4, 1, 2]);
  const bad = { ...side, scores: Float64Array.of(1, Number.NaN, Number.NaN, Number.NaN) };
  const error = refusal(() => scoresInOrder('candidate', ['a', 'b'], bad));
  expect(error.message).toMatch(/^2 score.*column "p_x".*NaN of id "a"; then "b"/);
});

describe('the first offenders are listed', () => {
  const many = Array.from({ length: 9 }, (_none, n) => `e${n}`);
  test('five of them, and that there are more', () => {
    const error = refusal(() => rowsOfIds('candidate', many, []));
    expect(error.message).toBe('the candidate lacks 9 of 9 ids, the first is "e0"; then "e1", "e2", "e3", "e4", …');
    const scores = many.map(() => Number.NaN);
    expect(refusal(() => scoresInOrder('x', many, scored(many, scores))).message).toContain('"e3", "e4", …');
  });

  test('each id that is there more than once is listed once', () => {
    const ids = ['b', 'a', 'a', 'a', 'b'];
    for (const work of [() => indexIds('x', ids), () => orderById('x', ids)]) {
      expect(refusal(work).message).toMatch(/3 id\(s\) more than once, the first is "[ab]"; then "[ab]", …$/);
    }
  });

  test('rows without an id', () => {
    expect(refusal(() => orderById('x', ['a', null, 'b', null])).message).toContain('no id in row 2, 4');
  });

  test('the parts of a compound id are told apart', () => {
    expect(refusal(() => rowsOfIds('x', ['AA\u001f7'], [])).message).toContain('"AA / 7"');
  });
});

test('rows are found by id wherever they stand, and ordered by it', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.string(), { minLength: 1 }), fc.infiniteStream(fc.nat()), (ids, keys) => {
      const order = orderById('x', ids);
      const sorted = Array.from(order, (row) => ids[row]);
      expect(sorted).toEqual([...ids].sort());
      const shuffled = ids.map((id) => ({ id, key: keys.next().value ?? 0 })).sort((a, b) => a.key - b.key);
      const theirs = shuffled.map(({ id }) => id);
      expect(Array.from(rowsOfIds('x', ids, theirs), (row) => theirs[row])).toEqual(ids);
    }),
    { seed: 2 },
  );
});
