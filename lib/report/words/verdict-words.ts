import type { Verdict } from '../../verdict.ts';
import type { Tone } from '../blocks/span.ts';

interface VerdictWords {
  readonly word: string;
  /** For Markdown, where a picture is all the colour there is. */
  readonly icon: string;
  /** For a terminal: one column wide everywhere. */
  readonly mark: string;
  readonly tone: Tone;
}

/** How each verdict looks; the word is always there too, so that neither colour nor picture carries it alone. */
export const VERDICT_WORDS: Readonly<Record<Verdict, VerdictWords>> = {
  pass: { word: 'pass', icon: '✅', mark: '✓', tone: 'good' },
  warn: { word: 'warning', icon: '⚠️', mark: '!', tone: 'warn' },
  fail: { word: 'fail', icon: '❌', mark: '✗', tone: 'bad' },
  inconclusive: { word: "can't tell", icon: '⏳', mark: '?', tone: 'unsure' },
  skipped: { word: 'skipped', icon: '➖', mark: '-', tone: 'muted' },
  error: { word: 'error', icon: '🛑', mark: '✗', tone: 'bad' },
};
