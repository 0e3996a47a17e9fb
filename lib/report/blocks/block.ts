import type { Verdict } from '../../verdict.ts';
import type { Figure } from '../figures/chart.ts';
import type { Text, Tone } from './span.ts';

export interface Column {
  readonly title: string;
  readonly align?: 'left' | 'right';
}

/** One line of an interval figure. Numbers are in the metric's unit, + is better. */
export interface IntervalRow {
  readonly label: string;
  readonly lower: number;
  readonly upper: number;
  readonly value: number;
  /** One step of the figure's scale: the allowed loss. */
  readonly margin: number;
  /** Where the line of what is allowed stands: −margin, −2·margin; absent when anything below 0 is too little. */
  readonly limit?: number;
  readonly verdict: Verdict;
  /** The same in words, for whoever does not see the figure. */
  readonly words: string;
}

/** One line of a drift figure. Distances, or shares of rows from 0 to 1; `lower` is the part that is sure. */
export interface ShiftRow {
  readonly label: string;
  readonly value: number;
  readonly lower: number;
  readonly warnAt: number;
  readonly failAt: number;
  readonly verdict: Verdict;
  readonly words: string;
}

/** A part of a document: what to say. The renderers (markdown, html, terminal) decide what it looks like. */
export type Block =
  | {
      readonly kind: 'verdict';
      readonly verdict: Verdict;
      /** Whom it is about: a model, a dataset. */
      readonly subject?: string;
      /** `Do not promote`. */
      readonly lead: string;
      readonly text: Text;
    }
  | { readonly kind: 'next'; readonly text: Text }
  | { readonly kind: 'heading'; readonly text: Text }
  | { readonly kind: 'paragraph'; readonly text: Text; readonly tone?: Tone }
  | { readonly kind: 'list'; readonly items: readonly Text[] }
  | { readonly kind: 'table'; readonly columns: readonly Column[]; readonly rows: readonly (readonly Text[])[] }
  | { readonly kind: 'facts'; readonly entries: readonly (readonly [string, Text])[] }
  | { readonly kind: 'intervals'; readonly rows: readonly IntervalRow[] }
  | { readonly kind: 'shifts'; readonly rows: readonly ShiftRow[] }
  /** Drawn where a page can draw; elsewhere their words, a line each. */
  | { readonly kind: 'figures'; readonly figures: readonly Figure[] }
  | { readonly kind: 'command'; readonly text: string }
  | {
      readonly kind: 'fold';
      readonly title: Text;
      readonly blocks: readonly Block[];
      /** Unfolded where there is room: in the HTML report. */
      readonly open?: boolean;
    };

export type Blocks = readonly Block[];
