import { type Command, InvalidArgumentError } from 'commander';
import { parseByteSize } from '../../byte-size.ts';
import type { Context } from '../../commands/context.ts';
import type { Standing } from '../../commands/data/git-add-advice.ts';
import type { CliAnswer, CommonOptions } from '../run-verb.ts';

/** Options of every verb of the group; `remote` is a DVC remote here. */
export interface DataOptions {
  readonly project: string;
  readonly json: boolean;
  readonly verbose: boolean;
  readonly details: boolean;
  readonly quiet: boolean;
  readonly remote?: string;
  readonly jobs?: number;
  readonly recursive: boolean;
  readonly withDeps?: boolean;
  readonly glob?: boolean;
  readonly runCache?: boolean;
  readonly allBranches?: boolean;
  readonly allTags?: boolean;
  readonly allCommits?: boolean;
}

/** What the verbs of the group are made with. */
export interface DataVerbs {
  readonly verb: (declaration: string, summary: string) => Command;
  /** A verb with the options of transfers: remote, which outputs, and which commits. */
  readonly transferVerb: (declaration: string, summary: string) => Command;
  readonly run: (
    options: DataOptions,
    body: (context: Context, standing: Standing) => Promise<CliAnswer>,
  ) => Promise<void>;
}

export interface CheckoutFlags {
  readonly force: boolean;
  readonly relink: boolean;
  readonly allowMissing: boolean;
}

export function flagsOf({ force, relink, allowMissing }: CheckoutFlags): CheckoutFlags {
  return { force, relink, allowMissing };
}

export function transferOf(options: DataOptions) {
  const { remote, jobs, recursive, withDeps = false, glob = false, runCache = false } = options;
  return { remote, jobs, recursive, withDeps, glob, runCache, ...revisionsOf(options) };
}

export function revisionsOf({ allBranches = false, allTags = false, allCommits = false }: DataOptions) {
  return { allBranches, allTags, allCommits };
}

/** The registry's git remote matters only to a store that is a ref of the repository. */
export function commonOf({ project, json, details, verbose, quiet }: DataOptions): CommonOptions {
  return { project, json, details, verbose, quiet, remote: 'origin' };
}

/** `-d`, for verbs whose targets may be stages of a pipeline. */
export function withDependencies(command: Command): Command {
  return command.option('-d, --with-deps', 'also what the stages upstream of the targets make', false);
}

/** Options of the verbs that send or bring, and not of those that only look. */
export function sendOptions(command: Command): Command {
  return command
    .option('--glob', 'targets are patterns over what is tracked: *, ?, [], **', false)
    .option('--run-cache', "DVC's run cache too: what stages made before", false)
    .option('--no-run-cache', 'without it (the default)');
}

/** Bytes, as a number or with a unit. */
export function byteSize(text: string): number {
  const size = /^\d{1,15}$/.test(text) ? Number(text) : parseByteSize(text);
  if (size === undefined) throw new InvalidArgumentError('it has to be a number of bytes, or a size like 10MB');
  return size;
}

export function wholeNumber(text: string): number {
  if (!/^[1-9]\d{0,3}$/.test(text)) throw new InvalidArgumentError('it has to be a whole number from 1 to 9999');
  return Number(text);
}
