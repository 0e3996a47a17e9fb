import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatDay, formatDays, formatSpan } from '../../lib/report/words/date-format.ts';
import {
  counted,
  formatBytes,
  formatLevel,
  formatLimit,
  formatNumber,
  formatPValue,
  formatSeconds,
  formatShare,
  formatValue,
} from '../../lib/report/words/number-format.ts';

describe('numbers', () => {
  test.each([
    [formatNumber(-0.0004, 3), '0.000'],
    [formatNumber(-0.0006, 3), '−0.001'],
    [formatNumber(1_234_567.891, 1), '1,234,567.9'],
    [formatNumber(999, 0), '999'],
    [formatNumber(Number.NaN, 2), 'not a number'],
    [counted(1, 'day'), '1 day'],
    [counted(2_100, 'row'), '2,100 rows'],
    [formatPValue(0), '< 0.001'],
    [formatPValue(0.0042), '0.0042'],
    [formatPValue(0.049), '0.05'],
    [formatPValue(1), '> 0.99'],
    [formatShare(0), '0.0 %'],
    [formatShare(0.0001), '< 0.1 %'],
    [formatShare(0.99999), '> 99.9 %'],
    [formatShare(1), '100.0 %'],
    [formatLevel(0.95), '95 %'],
    [formatLevel(0.005), '0.5 %'],
    [formatLimit(0.01), '0.01'],
    [formatLimit(0.00823), '0.0082'],
    [formatLimit(27.6), '28'],
    [formatValue(0.49112), '0.491'],
    [formatValue(12.3456), '12.35'],
    [formatValue(100), '100'],
    [formatBytes(0), '0 B'],
    [formatBytes(1_400_000), '1.4 MB'],
    [formatBytes(999_999), '1.0 MB'],
    [formatSeconds(8.42), '8.4 s'],
    [formatSeconds(59.6), '1 min 0 s'],
    [formatSeconds(7_440), '2 h 4 min'],
  ])('%s is %s', (found, expected) => {
    expect(found).toBe(expected);
  });

  test('a number reads back as the number it was rounded to', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -1e9, max: 1e9, noNaN: true }),
        fc.integer({ min: 0, max: 8 }),
        (value, decimals) => {
          const read = Number(formatNumber(value, decimals).replaceAll(',', '').replace('−', '-'));
          expect(read + 0).toBe(Number(value.toFixed(decimals)) + 0);
        },
      ),
    );
  });

  test('a p value is never shown as none or as all', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), (p) => {
        expect(formatPValue(p)).not.toMatch(/^(?:0\.0+|1\.0+)$/);
      }),
    );
  });
});

describe('dates', () => {
  test.each([
    [formatDay('2013-09-05'), '5 September 2013'],
    [formatDay('2013-09-05', '2013-08-31T00:00:00Z'), '5 September'],
    [formatDay('2014-01-05', '2013-08-31'), '5 January 2014'],
    [formatDay('soon'), 'soon'],
    [formatDay('2013-13-45'), '2013-13-45'],
    [formatDays('2013-09-03', '2013-09-30'), '3 to 30 September 2013'],
    [formatDays('2013-08-28', '2013-09-03'), '28 August to 3 September 2013'],
    [formatDays('2013-12-30', '2014-01-05'), '30 December 2013 to 5 January 2014'],
    [formatDays('2013-09-03', '2013-09-03'), '3 September 2013'],
    [formatSpan('2013-08-06T00:00:00Z', '2013-09-03T00:00:00Z'), '6 August to 2 September 2013'],
  ])('%s is %s', (found, expected) => {
    expect(found).toBe(expected);
  });
});
