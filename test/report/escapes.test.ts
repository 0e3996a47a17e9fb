import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { htmlText, htmlUrl } from '../../lib/report/formats/html-escape.ts';
import { displayWidth, terminalText } from '../../lib/report/formats/terminal-escape.ts';
import { untrustedLog, untrustedLogLine } from '../../lib/report/formats/untrusted-log.ts';
import { visibleLines, visibleText } from '../../lib/report/formats/visible-text.ts';

const anything = fc.string({ unit: 'binary', maxLength: 80 });
const TOKEN = '5f2b8c1e-1d6f-4b7e-9a55-0c2d7e6f8a91';

describe('visibleText', () => {
  test.each([
    ['late', 'late'],
    ['a\u202egnp.exe', 'a⟨U+202E⟩gnp.exe'],
    ['zero\u200bwidth', 'zero⟨U+200B⟩width'],
    ['soft\u00adhyphen', 'soft⟨U+00AD⟩hyphen'],
    ['tag\u{e0041}', 'tag⟨U+E0041⟩'],
    ['half \ud83d', 'half ⟨U+D83D⟩'],
    ['Zoë 東京 🚲', 'Zoë 東京 🚲'],
    ['\u3164', '⟨U+3164⟩'],
    [`z${'\u0300'.repeat(40)}`, `z${'\u0300'.repeat(3)}`],
  ])('%j', (text, expected) => {
    expect(visibleText(text)).toBe(expected);
  });

  test('one line, within its limit, with nothing invisible in it', () => {
    fc.assert(
      fc.property(anything, fc.integer({ min: 2, max: 40 }), (text, limit) => {
        const shown = visibleText(text, limit);
        expect([...shown].length).toBeLessThanOrEqual(limit);
        expect(shown).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
        expect(() => encodeURIComponent(shown)).not.toThrow();
      }),
      { numRuns: 500 },
    );
  });

  test('lines are kept apart, their indents too', () => {
    expect(visibleLines('a\r\n\tb\u001b[2J\nc', 100)).toBe('a\n  b⟨U+001B⟩[2J\nc');
  });
});

describe('htmlText', () => {
  test('cannot leave an element or a quoted attribute', () => {
    fc.assert(
      fc.property(anything, (text) => {
        expect(htmlText(text)).not.toMatch(/[<>"'`]/);
        expect(htmlText(text).replace(/&(?:amp|lt|gt|quot|#39|#96);/g, '')).not.toContain('&');
      }),
    );
  });

  test.each([
    ['https://h.example/a?b=1&c=2', 'https://h.example/a?b=1&amp;c=2'],
    ['HTTPS://H.example', 'https://h.example/'],
    ['javascript:alert(1)', undefined],
    ['java\nscript:alert(1)', undefined],
    ['//h.example', undefined],
  ])('link %j', (url, expected) => {
    expect(htmlUrl(url)).toBe(expected);
  });
});

describe('terminalText', () => {
  test('no control sequence gets through', () => {
    expect(terminalText('red \u001b[31mnot\u009b0m')).toBe('red ⟨U+001B⟩[31mnot⟨U+009B⟩0m');
    fc.assert(
      fc.property(anything, (text) => {
        expect(terminalText(text)).not.toMatch(/\p{Cc}/u);
      }),
    );
  });

  test.each([
    ['late', 4],
    ['東京', 4],
    ['e\u0301', 1],
    ['✅', 2],
  ])('%s takes %d columns', (text, width) => {
    expect(displayWidth(text)).toBe(width);
  });
});

describe('untrustedLog', () => {
  test('stands between the commands that stop and start commands', () => {
    expect(untrustedLog('hello\n::set-env name=A::b\n##[error]x', TOKEN)).toBe(
      `::stop-commands::${TOKEN}\nhello\n:\u200b:set-env name=A::b\n##\u200b[error]x\n::${TOKEN}::`,
    );
  });

  test('no line of it is a command, nor the end of the block', () => {
    const lines = fc
      .array(fc.oneof(fc.constantFrom('::add-mask::x', '  ::x::', `::${TOKEN}::`, '##[group]', TOKEN), anything))
      .map((all) => all.join('\n'));
    fc.assert(
      fc.property(lines, (text) => {
        const inner = untrustedLog(text, TOKEN).split('\n').slice(1, -1);
        for (const line of inner) {
          expect(line).not.toMatch(/^\s*::/);
          expect(line).not.toContain('##[');
          expect(line).not.toContain(TOKEN);
        }
      }),
    );
  });

  test('a token that anybody could guess is refused', () => {
    expect(() => untrustedLog('x', 'pause')).toThrow(TypeError);
  });

  test('a single line', () => {
    expect(untrustedLogLine('::error::x')).toBe(':\u200b:error::x');
    expect(untrustedLogLine('a::b')).toBe('a::b');
  });
});
