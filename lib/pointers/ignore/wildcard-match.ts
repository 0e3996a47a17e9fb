import { bracketSet } from './wildcard-set.ts';

/** One step of a pattern. Units are bytes for git, code points for DVC. */
type Step =
  | { readonly kind: 'unit'; readonly unit: number }
  | { readonly kind: 'set'; readonly has: (unit: number) => boolean; readonly cost: number }
  /** Any number of units, but no slash. */
  | { readonly kind: 'star' }
  /** Any number of units. */
  | { readonly kind: 'stars' }
  /** The next two steps, `stars` and a slash, may be left out. */
  | { readonly kind: 'folders' };

/** A pattern that was read; undefined steps match nothing, as a set that is not closed. */
type Wildcards = readonly Step[] | undefined;

const SLASH = 0x2f;
const STAR = 0x2a;
const QUESTION = 0x3f;
const BRACKET = 0x5b;
const BACKSLASH = 0x5c;

/** What searches have cost. */
export interface Effort {
  steps: number;
}

/** What a pattern is compared in: git compares bytes, DVC characters. */
export function unitsOf(text: string, syntax: 'dvc' | 'git'): ArrayLike<number> {
  return syntax === 'git' ? Buffer.from(text) : Array.from(text, (char) => char.codePointAt(0) ?? 0);
}

/** Units before the first that means something. Source: git, dir.c, `simple_length`. */
export function plainLength(pattern: ArrayLike<number>): number {
  let length = 0;
  while (length < pattern.length && ![STAR, QUESTION, BRACKET, BACKSLASH].includes(pattern[length] ?? 0)) length++;
  return length;
}

/**
 * Which stars stand for any folders: two or more between slashes, `loose`: also before any other wildcard, because git's dir.c compares
 * what stands before by itself (`a**` + `/b` finds `a/x/b`), `exact`: two alone.
 */
export type ManyStars = 'any' | 'loose' | 'exact';

/** Reads the wildcards of a pattern for whole paths. Source: git, wildmatch.c with WM_PATHNAME. */
export function parseWildcards(pattern: ArrayLike<number>, many: ManyStars): Wildcards {
  const steps: Step[] = [];
  const first = many === 'loose' ? plainLength(pattern) : 0;
  for (let at = 0; at < pattern.length; at++) {
    const unit = pattern[at] ?? 0;
    if (unit === STAR) {
      const end = starsEnd(pattern, at);
      const open = at === first || pattern[at - 1] === SLASH;
      const next = pattern[end] === BACKSLASH ? pattern[end + 1] : pattern[end];
      const enough = many === 'exact' ? end - at === 2 : end - at > 1;
      if (!enough || !open || (next !== undefined && next !== SLASH)) steps.push({ kind: 'star' });
      else {
        if (pattern[end] === SLASH) steps.push({ kind: 'folders' });
        steps.push({ kind: 'stars' });
      }
      at = end - 1;
    } else if (unit === QUESTION) steps.push({ kind: 'set', has: () => true, cost: 1 });
    else if (unit === BRACKET) {
      const set = bracketSet(pattern, at);
      if (set === undefined) return undefined;
      // DVC splits a pattern at its slashes first.
      if (many === 'exact' && hasSlash(pattern, at, set.end)) return undefined;
      steps.push({ kind: 'set', has: set.has, cost: set.cost });
      at = set.end;
    } else if (unit === BACKSLASH) {
      at++;
      const escaped = pattern[at];
      if (escaped === undefined) return undefined;
      steps.push({ kind: 'unit', unit: escaped });
    } else steps.push({ kind: 'unit', unit });
  }
  return steps;
}

function hasSlash(pattern: ArrayLike<number>, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (pattern[at] === SLASH) return true;
  return false;
}

function starsEnd(pattern: ArrayLike<number>, start: number): number {
  let end = start;
  while (pattern[end] === STAR) end++;
  return end;
}

/**
 * Whether a text is what a pattern says. All places of the pattern where the text read so far can be are kept side by side, so that
 * the time is at most the product of both lengths.
 *
 * @param ends `whole`: the text itself; `folder` and `path`: also a folder of it, before one of its slashes (`folder`: not itself)
 * @param effort grows by the places that were looked at
 */
export function matchesWildcards(
  steps: readonly Step[],
  text: ArrayLike<number>,
  ends: 'whole' | 'path' | 'folder',
  effort: Effort,
): boolean {
  let here: number[] = [];
  let next: number[] = [];
  /** The unit before which a place was reached last. */
  const reached = new Int32Array(steps.length + 1).fill(-1);
  enter(0, 0, here);
  for (let at = 0; at < text.length; at++) {
    const unit = text[at] ?? 0;
    effort.steps += here.length;
    if (here.length === 0) return false;
    if (unit === SLASH && ends !== 'whole' && reached[steps.length] === at) return true;
    next.length = 0;
    for (const place of here) {
      const step = steps[place];
      if (step === undefined || step.kind === 'folders') continue;
      if (step.kind === 'stars' || (step.kind === 'star' && unit !== SLASH)) enter(place, at + 1, next);
      else if (step.kind === 'unit' && step.unit === unit) enter(place + 1, at + 1, next);
      else if (step.kind === 'set') {
        effort.steps += step.cost;
        if (unit !== SLASH && step.has(unit)) enter(place + 1, at + 1, next);
      }
    }
    [here, next] = [next, here];
  }
  return ends !== 'folder' && reached[steps.length] === text.length;

  /** A place, and those that are reached from it without a unit. */
  function enter(place: number, at: number, into: number[]): void {
    for (let open = place; reached[open] !== at; open++) {
      reached[open] = at;
      into.push(open);
      const kind = steps[open]?.kind;
      if (kind === 'folders') enter(open + 3, at, into);
      else if (kind !== 'star' && kind !== 'stars') return;
    }
  }
}
