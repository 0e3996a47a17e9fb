import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { code } from '../../../lib/report/blocks/span.ts';
import { toMarkdown } from '../../../lib/report/formats/markdown.ts';
import {
  markdownBlock,
  markdownCode,
  markdownLink,
  markdownText,
  safeUrl,
} from '../../../lib/report/formats/markdown-escape.ts';

/** Text that attacks: fragments of Markdown, HTML and references, in any order, between any characters. */
const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '`',
        '```',
        '|',
        '\\',
        '*',
        '_',
        '[',
        ']',
        '(',
        ')',
        '<',
        '>',
        '&',
        '&lt;',
        '#',
        '@',
        '!',
        '~~',
        '$',
        '\n',
        '\r\n',
        '\t',
        '    ',
        '- ',
        '1. ',
        '> ',
        '---',
        '</details>',
        '<!-- assay:x v1 -->',
        '-->',
        '@octocat',
        '#123',
        'GH-7',
        'https://evil.example/',
        'www.evil.example',
        'a@evil.example',
        ':tada:',
        'deadbeefcafe',
        '```mermaid',
        '[x](javascript:alert(1))',
        '![x](https://evil.example/p.png)',
        '\u202e',
        '\u200b',
        '\u0007',
        '\u001b[31m',
      ),
      fc.string({ unit: 'grapheme', maxLength: 6 }),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(''));

/** What a reader of the rendered page sees: escapes and entities resolved, as CommonMark resolves them. */
function rendered(markdown: string): string {
  return markdown
    .replaceAll('&#8203;', '')
    .replaceAll('<span>$</span>', '$')
    .replace(/\\([!-/:-@[-`{-~])/g, '$1')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&#124;', '|')
    .replaceAll('&amp;', '&');
}

describe('markdownText', () => {
  test.each([
    ['plain words stay as they are: 0.031 (28 days)', 'plain words stay as they are: 0.031 (28 days)'],
    ['a|b', 'a&#124;b'],
    ['`x` *y* _z_', '\\`x\\` \\*y\\* \\_z\\_'],
    ['</details>', '&lt;/details&gt;'],
    ['<!-- assay:late v1 -->', '&lt;!-- assay:late v1 --&gt;'],
    ['@octocat look', '@&#8203;octocat look'],
    ['see #12 and GH-7', 'see #&#8203;12 and GH-&#8203;7'],
    ['https://evil.example', 'https:&#8203;//evil.example'],
    ['www.evil.example', 'www&#8203;.evil.example'],
    [':tada:', ':&#8203;tada:'],
    ['$x$', '<span>$</span>x<span>$</span>'],
    ['deadbeefcafe', 'deadbe&#8203;efcafe'],
    ['two\nlines\r\nand\ttabs', 'two lines and tabs'],
    ['- item', '\\- item'],
    ['1. item', '1\\. item'],
    ['1.5 points', '1.5 points'],
    ['# title', '\\# title'],
    ['---', '\\---'],
    ['a\u202eb\u0007', 'a⟨U+202E⟩b⟨U+0007⟩'],
  ])('%j', (text, expected) => {
    expect(markdownText(text)).toBe(expected);
  });

  test('no structure survives, whatever the text', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const markdown = markdownText(text);
        expect(markdown).not.toMatch(/[\n\r\t]/);
        // Outside of our own span and entities, nothing that opens a construct stands bare.
        const bare = markdown.replaceAll('<span>$</span>', '').replace(/\\[!-/:-@[-`{-~]/g, '');
        expect(bare).not.toMatch(/[<>|`*_[\]~$\\]/);
        expect(bare.replace(/&(?:lt|gt|amp|#124|#8203);/g, '')).not.toContain('&');
        // The forge looks for references in what is rendered: what was escaped still stands between its neighbours.
        const read = rendered(markdown.replaceAll('&#8203;', '\u200b'));
        expect(read).not.toMatch(/@(?!\u200b|$)|#\d|:\/\/|www\.|(?:mailto|xmpp):(?!\u200b|$)/i);
        expect(markdown).not.toMatch(/^(?:[-+*](?:\s|$)|#{1,6}(?:\s|$)|\d{1,9}[.)](?:\s|$)|=+\s*$|-{2})/);
      }),
      { numRuns: 500 },
    );
  });

  test('it renders to the text itself, where that is visible', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme-ascii', maxLength: 60 }), (text) => {
        expect(rendered(markdownText(text))).toBe(text.replace(/\s+/g, ' ').trim());
      }),
      { numRuns: 500 },
    );
  });

  test('a long text is cut at its limit and says so', () => {
    expect(markdownText('x'.repeat(5_000), 10)).toBe(`${'x'.repeat(9)}…`);
    expect(markdownText('x'.repeat(10), 10)).toBe('x'.repeat(10));
  });
});

describe('a fold’s title', () => {
  const fold = (title: string): string => toMarkdown([{ kind: 'fold', title: [title, ' ', code(title)], blocks: [] }]);

  test('is HTML, where Markdown’s escapes would be shown', () => {
    expect(fold('a_b `c` @all')).toContain(
      '<summary>a_b &#96;c&#96; @&#8203;all <code>a_b &#96;c&#96; @all</code></summary>',
    );
  });

  test('stays within its element and its line', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const [first, second, blank] = fold(text).split('\n');
        expect(first).toBe('<details>');
        expect(second?.replaceAll('<span>$</span>', '')).toMatch(/^<summary>[^<>]*<code>[^<>]*<\/code><\/summary>$/);
        expect(blank).toBe('');
      }),
    );
  });
});

describe('markdownCode', () => {
  test.each([
    ['carrier', '`carrier`'],
    ['', '`(empty)`'],
    ['   ', '`(empty)`'],
    ['a`b', '<code>a&#96;b</code>'],
    ['a|b', '<code>a&#124;b</code>'],
    ['a\\|b', '<code>a&#92;&#124;b</code>'],
    ['<!-- assay:late v1 -->', '<code>&#60;&#33;&#45;&#45; assay&#58;late v1 &#45;&#45;&#62;</code>'],
    ['@octocat #12', '`@octocat #12`'],
  ])('%j', (text, expected) => {
    expect(markdownCode(text)).toBe(expected);
  });

  test('a code span or element that nothing in it can end', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const markdown = markdownCode(text);
        expect(markdown).toMatch(/^(?:`[^`|<>\\\n]+`|<code>[^<>`|\\*_[\]\n]+<\/code>)$/);
        expect(markdown).not.toContain('<!--');
      }),
      { numRuns: 500 },
    );
  });
});

describe('markdownLink', () => {
  test.each([
    ['https://github.com/o/r/actions/runs/1', '[run](https://github.com/o/r/actions/runs/1)'],
    ['https://h.example/a?b=1&c=2', '[run](https://h.example/a?b=1&amp;c=2)'],
    ['https://h.example/a)](b', '[run](https://h.example/a%29%5D%28b)'],
    ['javascript:alert(1)', 'run'],
    ['data:text/html,x', 'run'],
    ['https://user:secret@h.example/', 'run'],
    ['not a url', 'run'],
  ])('%s', (url, expected) => {
    expect(markdownLink('run', url)).toBe(expected);
  });

  test('an address has nothing that ends a link, a cell or an attribute', () => {
    fc.assert(
      fc.property(fc.webUrl({ withQueryParameters: true, withFragments: true }), hostile, (url, tail) => {
        expect(safeUrl(url + tail) ?? '').not.toMatch(/[\s()<>"'`\\|[\]{}*$]/);
      }),
      { numRuns: 20 },
    );
  });
});

test('a fenced block is longer than any fence in it, and hides no marker', () => {
  fc.assert(
    fc.property(hostile, (text) => {
      const lines = markdownBlock(text).split('\n');
      const fence = lines.at(-1) ?? '';
      expect(fence).toMatch(/^`{3,}$/);
      expect(lines[0]).toBe(`${fence}text`);
      for (const line of lines.slice(1, -1)) expect(line).not.toContain(fence);
      expect(lines.join('\n')).not.toContain('<!--');
    }),
  );
});
