import { expect, test } from 'vitest';
import { historyBlocks } from '../../../lib/report/blocks/history-blocks.ts';
import { plainText } from '../../../lib/report/blocks/span.ts';
import { toTerminal } from '../../../lib/report/formats/terminal.ts';
import { eventLine } from '../../../lib/report/words/registry-words.ts';
import { digestNamed } from '../fixtures/digests.ts';
import { overridden, promoted, registered, released, rolledBack } from '../fixtures/events.ts';

const plain = { width: 100, colour: false };

test.each([
  [registered, '5 September 2013: 1.3.0 was registered, by mona.'],
  [promoted, '5 September 2013: 1.3.0 was promoted to production after 1.2.0, by mona.'],
  [
    overridden,
    '5 September 2013: 1.3.0 was promoted to production (the gate said “inconclusive”: hot fix for #77, @mona agreed), ' +
      'by mona.',
  ],
  [rolledBack, '5 September 2013: production was rolled back from 1.3.0 to 1.2.0 (complaints since noon), by mona.'],
  [released, '5 September 2013: 1.3.0 was released from quarantine (fixed), by mona.'],
])('the line of %o', (event, line) => {
  expect(plainText(eventLine(event))).toBe(line);
});

test('stages, versions, changes and looks', () => {
  const text = toTerminal(
    historyBlocks({
      model: 'late',
      stages: [{ stage: 'production', holder: '1.2.0' }],
      versions: [
        { version: '1.2.0', quarantined: false },
        { version: '1.3.0', quarantined: true },
      ],
      events: [promoted, rolledBack],
      looks: [
        {
          schema: 'assay/look/1',
          sequence: 1,
          model: 'late',
          look: digestNamed('look'),
          holdout: digestNamed('holdout'),
          rules: digestNamed('rules'),
          predictions: [],
          from: '2013-07-21T00:00:00.000Z',
          to: '2013-08-29T00:00:00.000Z',
          rows: 37_369,
          used: 3,
          at: '2013-09-05T09:30:00.000Z',
          by: 'mona',
        },
      ],
    }),
    plain,
  );
  expect(text).toContain('production: 1.2.0');
  expect(text).toContain('versions: 1.2.0, 1.3.0 (in quarantine)');
  expect(text.indexOf('was promoted')).toBeLessThan(text.indexOf('was rolled back'));
  expect(text).toMatch(/1 {2}21 July to 28 August 2013 {2}37,369 +3 {2}5 September 2013 {2}mona/);
});

test('a model without any version says so', () => {
  const nothing = { model: 'late', stages: [], versions: [], events: [], looks: [] };
  expect(toTerminal(historyBlocks(nothing), plain)).toBe('late has no version yet.');
});
