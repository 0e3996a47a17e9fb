/** A part of a page that can be left out when the page is too long. */
export interface Section {
  readonly text: string;
  /** Sections with the highest number go first; 0 is never left out. */
  readonly rank: number;
  /** How the note names it: `the slices`. */
  readonly name?: string;
}

/**
 * The sections as one page of at most `limit` characters: whole sections are left out in a fixed order, never a piece
 * out of the middle, and a note in place of the first tells what is missing. Sections of rank 0 stay; only if those
 * alone are too long is `shortest` returned.
 */
export function shed(sections: readonly Section[], limit: number, shortest: string): string {
  const ranks = [...new Set(sections.map(({ rank }) => rank))].sort((a, b) => b - a);
  let kept = sections;
  for (const rank of [Number.POSITIVE_INFINITY, ...ranks.filter((one) => one > 0)]) {
    kept = kept.filter((section) => section.rank < rank);
    const page = [...kept.map(({ text }) => text), ...leftOut(sections, kept)]
      .filter((text) => text !== '')
      .join('\n\n');
    if (page.length <= limit) return page;
  }
  return shortest.slice(0, limit);
}

function leftOut(sections: readonly Section[], kept: readonly Section[]): string[] {
  const names = [...new Set(sections.filter((section) => !kept.includes(section)).flatMap(({ name }) => name ?? []))];
  return names.length === 0
    ? []
    : [`<sub>Left out for length: ${names.join(', ')}. The job summary has all of it.</sub>`];
}
