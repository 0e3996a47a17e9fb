import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DAY_MS } from '../../../lib/duration.ts';
import {
  dateWithDays,
  type EarlierContests,
  endOfData,
  halfOf,
  halvesCut,
  holdoutWindow,
  NO_CONTESTS,
  type TimeWindow,
  trainingEnd,
} from '../../../lib/gate/holdout/holdout-window.ts';

const at = (iso: string): number => Date.parse(iso.length === 10 ? `${iso}T00:00:00Z` : iso);
const iso = (time: number): string => new Date(time).toISOString().replace('T00:00:00.000Z', '');
const OLDEST = at('2013-01-01T05:15:00Z');

describe('whole days', () => {
  test.each([
    ['2013-12-31T23:59:00Z', '2014-01-01'],
    ['2013-12-31T00:00:00Z', '2014-01-01'],
  ])('data up to %s end at %s', (newest, end) => expect(iso(endOfData(at(newest)))).toBe(end));

  test.each([
    ['56d', 56 * DAY_MS, '2013-11-06'],
    ['a day', DAY_MS, '2013-12-31'],
    ['36 hours: the day is not cut, the holdout gets it whole', 1.5 * DAY_MS, '2013-12-30'],
    ['nothing', 0, '2014-01-01'],
  ])('training leaves the newest %s', (_name, last, end) => {
    expect(iso(trainingEnd(at('2013-12-31T20:00:00Z'), last))).toBe(end);
  });
});

describe('the window', () => {
  const newest = at('2013-12-31T20:00:00Z');
  test.each([
    ['begins after training, ends with the data', ['2013-11-06'], 0, '2013-11-06', '2014-01-01'],
    ['begins after the later of two', ['2013-10-01', '2013-11-06'], 0, '2013-11-06', '2014-01-01'],
    ['a label delay is left free on both ends', ['2013-11-06'], 3 * DAY_MS, '2013-11-09', '2013-12-29'],
    ['a delay of hours costs whole days', ['2013-11-06'], DAY_MS / 2, '2013-11-07', '2013-12-31'],
    ['training into a day excludes that day', ['2013-11-06T10:00:00Z'], 0, '2013-11-07', '2014-01-01'],
    ['is all of it, where nothing was trained', [], 0, '2013-01-01', '2014-01-01'],
    ['is empty, where training reaches its end', ['2014-01-01'], 0, '2014-01-01', '2014-01-01'],
    ['is empty, not negative, where the delay eats it', ['2013-12-30'], 5 * DAY_MS, '2014-01-04', '2014-01-04'],
  ] as const)('%s', (_name, trained, delay, from, to) => {
    const window = holdoutWindow(newest, trained.map(at), delay, OLDEST);
    expect([iso(window.from), iso(window.to)]).toEqual([from, to]);
  });
});

describe('halves', () => {
  test.each([
    [56, 28, 28],
    [9, 4, 5],
    [1, 0, 1],
    [0, 0, 0],
  ])('%d days: %d for development, %d sealed', (days, development, sealed) => {
    const window = { from: at('2013-11-01'), to: at('2013-11-01') + days * DAY_MS };
    const [early, late] = [halfOf(window, 'development'), halfOf(window, 'sealed')];
    expect([(early.to - early.from) / DAY_MS, (late.to - late.from) / DAY_MS]).toEqual([development, sealed]);
    expect([early.from, early.to, late.to]).toEqual([window.from, late.from, window.to]);
    expect(halfOf(window, 'whole')).toEqual(window);
  });

  test('on the promised day the half holds the days that were asked for', () => {
    const cases = fc.record({
      days: fc.integer({ min: 2, max: 200 }),
      more: fc.integer({ min: 1, max: 100 }),
      delay: fc.integer({ min: 0, max: 10 }),
      half: fc.constantFrom('development' as const, 'sealed' as const, 'whole' as const),
    });
    fc.assert(
      fc.property(cases, ({ days, more, delay, half }) => {
        const from = at('2013-06-01');
        const window = { from, to: from + days * DAY_MS };
        const size = (end: number): number => {
          const part = halfOf({ from, to: end }, half);
          return (part.to - part.from) / DAY_MS;
        };
        const needed = size(window.to) + more;
        const date = dateWithDays(window, half, size(window.to), needed, delay * DAY_MS);
        // On that day the data are complete up to the day before; labels up to a delay before that.
        const then = holdoutWindow(date - 1, [from - delay * DAY_MS], delay * DAY_MS, from);
        expect(size(then.to)).toBeGreaterThanOrEqual(needed);
        expect(size(then.to - 2 * DAY_MS)).toBeLessThan(needed);
      }),
      { seed: 1 },
    );
  });
});

describe('the cut between the halves', () => {
  const day = (n: number): number => at('2024-01-01') + n * DAY_MS;
  const span = ({ from, to }: TimeWindow): [number, number] => [(from - day(0)) / DAY_MS, (to - day(0)) / DAY_MS];
  const both = (window: TimeWindow, earlier: EarlierContests) => {
    const cut = halvesCut(window, earlier);
    return [span(halfOf(window, 'development', cut)), span(halfOf(window, 'sealed', cut))];
  };

  test.each<[string, number[], number[], [number, number][]]>([
    [
      'is the middle, where there was nothing before',
      [],
      [],
      [
        [0, 20],
        [20, 40],
      ],
    ],
    [
      'stays, where an older version was before',
      [-30],
      [],
      [
        [0, 20],
        [20, 40],
      ],
    ],
    [
      'is that of the newer version which a rollback has left',
      [20],
      [],
      [
        [0, 30],
        [30, 40],
      ],
    ],
    [
      'does not go back behind a look',
      [],
      [26],
      [
        [0, 26],
        [26, 40],
      ],
    ],
    [
      'leaves nothing sealed that was open before',
      [60],
      [50],
      [
        [0, 40],
        [40, 40],
      ],
    ],
  ])('%s', (_name, learnt, looked, halves) => {
    const earlier = { learntUntil: learnt.map(day), lookedFrom: looked.map(day) };
    expect(both({ from: day(0), to: day(40) }, earlier)).toEqual(halves);
  });

  /** A registry over months: versions are registered and promoted, stages are rolled back to any of them, looks are taken. */
  const histories = fc.record({
    delay: fc.integer({ min: 0, max: 4 }),
    steps: fc.array(
      fc.record({
        days: fc.integer({ min: 0, max: 9 }),
        last: fc.integer({ min: 0, max: 40 }),
        register: fc.boolean(),
        candidate: fc.nat(),
        holder: fc.nat(),
        look: fc.boolean(),
      }),
      { minLength: 2, maxLength: 25 },
    ),
  });

  /** How many days were sealed after they had been open, over a whole history. */
  function reopened(
    { delay, steps }: typeof histories extends fc.Arbitrary<infer T> ? T : never,
    guarded: boolean,
  ): number {
    const [learntUntil, lookedFrom] = [[day(30)], [] as number[]];
    const open = new Set<number>();
    let today = 60;
    let broken = 0;
    for (const { days, last, register, candidate, holder, look } of steps) {
      today += days;
      if (register) learntUntil.push(day(today - last));
      const sides = [candidate, holder].map((n) => learntUntil[n % learntUntil.length] ?? 0);
      const window = holdoutWindow(day(today) - 1, sides, delay * DAY_MS, OLDEST);
      const earlier = guarded ? { learntUntil, lookedFrom } : NO_CONTESTS;
      const cut = halvesCut(window, earlier, delay * DAY_MS);
      const [development, sealed] = [halfOf(window, 'development', cut), halfOf(window, 'sealed', cut)];
      for (let time = development.from; time < development.to; time += DAY_MS) open.add(time);
      for (let time = sealed.from; time < sealed.to; time += DAY_MS) if (open.has(time)) broken++;
      if (look) lookedFrom.push(sealed.from);
    }
    return broken;
  }

  test('never moves back: no day that was open is ever sealed again, also after rollbacks', () => {
    fc.assert(
      fc.property(histories, (history) => reopened(history, true) === 0),
      { seed: 2, numRuns: 500 },
    );
    // The histories are such that it would, without what is known of the earlier contests.
    expect(fc.sample(histories, { seed: 2, numRuns: 500 }).some((history) => reopened(history, false) > 0)).toBe(true);
  });

  test('on the promised day the half has its days, past everything that was open before', () => {
    const cases = fc.record({
      days: fc.integer({ min: 2, max: 100 }),
      more: fc.integer({ min: 1, max: 60 }),
      half: fc.constantFrom('development' as const, 'sealed' as const),
      learntUntil: fc.array(fc.integer({ min: -20, max: 150 }).map(day), { maxLength: 2 }),
      lookedFrom: fc.array(fc.integer({ min: -20, max: 150 }).map(day), { maxLength: 2 }),
    });
    fc.assert(
      fc.property(cases, ({ days, more, half, ...earlier }) => {
        const size = (to: number): number => {
          const window = { from: day(0), to };
          const part = halfOf(window, half, halvesCut(window, earlier));
          return (part.to - part.from) / DAY_MS;
        };
        const window = { from: day(0), to: day(days) };
        const needed = size(window.to) + more;
        const date = dateWithDays(window, half, size(window.to), needed, 0, earlier);
        expect(size(date)).toBeGreaterThanOrEqual(needed);
        expect(size(date - 2 * DAY_MS)).toBeLessThan(needed);
      }),
      { seed: 3, numRuns: 1000 },
    );
  });
});
