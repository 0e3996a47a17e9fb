import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BaselineText, parseBaseline } from '../../lib/gate/baseline.ts';

describe('parseBaseline', () => {
  it.each([
    ['stage:staging', { kind: 'stage', stage: 'staging' }],
    ['version:1.2.0', { kind: 'version', version: '1.2.0' }],
    ['version:v1.2.0-rc.1', { kind: 'version', version: '1.2.0-rc.1' }],
    ['1.2.0', { kind: 'version', version: '1.2.0' }],
    ['v1.2.0+build.5', { kind: 'version', version: '1.2.0+build.5' }],
    ['proven', { kind: 'proven' }],
    ['constant', { kind: 'constant', of: 'mean' }],
    ['majority', { kind: 'constant', of: 'majority' }],
    ['file:old/a b:c.csv', { kind: 'file', path: 'old/a b:c.csv' }],
  ])('%s', (text, choice) => {
    expect(parseBaseline(text)).toEqual(choice);
    expect(BaselineText.safeParse(text).success).toBe(true);
  });

  it.each(['', 'production', 'stage:', 'file:', 'version:', 'version:newest', '1.2', 'tag:1.2.0', 'Proven'])(
    'nothing else: %j',
    (text) => {
      expect(parseBaseline(text)).toBeUndefined();
      expect(BaselineText.safeParse(text).success).toBe(false);
    },
  );

  it('and the pattern that assay.yaml is checked by agree', () => {
    const word = fc.constantFrom(
      'stage',
      'version',
      'file',
      'proven',
      'constant',
      ':',
      '1.2.0',
      'v',
      'a',
      '.',
      '-',
      '',
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 4 }), (words) => {
        const text = words.join('');
        expect(BaselineText.safeParse(text).success).toBe(parseBaseline(text) !== undefined);
      }),
    );
  });
});
