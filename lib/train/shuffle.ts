import type { Random } from '../stats/resampling/random.ts';

/** Puts `items` in a random order, in place (Fisher & Yates; Durstenfeld 1964). */
export function shuffle(items: Int32Array, random: Random): void {
  for (let i = items.length - 1; i > 0; i--) {
    const j = random.below(i + 1);
    const held = items[i] as number;
    items[i] = items[j] as number;
    items[j] = held;
  }
}
