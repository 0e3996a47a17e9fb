import type { HistoryOutput } from '../../lib/commands/registry/outputs.ts';
import type { ExitCode } from '../../lib/exit-code.ts';
import type { Git } from '../../lib/git/git.ts';
import type { Blocks } from '../../lib/report/blocks/block.ts';

/** How long one part of the story took, in seconds. */
export interface Timing {
  readonly title: string;
  readonly wall: number;
  /** Of this process with its threads, without the git processes. */
  readonly cpu: number;
}

/** What the scenes of the demo do with: a repository with a remote, a program to run in it, and somebody who listens. */
export interface Story {
  /** Everything is in here. */
  readonly folder: string;
  /** The clone that is worked in. */
  readonly repository: string;
  /** The HTML reports and comments. */
  readonly reports: string;
  readonly git: Git;
  readonly timings: readonly Timing[];
  /** A part of the story under its heading, timed. */
  part<T>(title: string, body: () => Promise<T>): Promise<T>;
  /** A paragraph. */
  say(text: string): void;
  show(blocks: Blocks): void;
  /** Lines as they are, but for what could drive the terminal. */
  print(text: string): void;
  /** `assay …` as typed; its answer goes to the listener. Throws Broken for an exit code that is not an answer. */
  assay(args: readonly string[]): Promise<ExitCode>;
  /** As `assay`, with standard output into a file of the reports. */
  assayInto(file: string, args: readonly string[]): Promise<{ readonly code: ExitCode; readonly text: string }>;
  /** `git …` as typed, with its output. Throws AssayError. */
  gitCommand(args: readonly string[]): Promise<void>;
  /** What the registry holds now; not part of what is shown. */
  registry(): Promise<HistoryOutput>;
}

/** A command ended in an error: nothing that follows would mean anything. */
export class Broken extends Error {
  override readonly name = 'Broken';
}

/** The version that holds a stage. */
export function holderOf({ stages }: HistoryOutput, stage: string): string | undefined {
  return stages.find((one) => one.stage === stage)?.holder;
}
