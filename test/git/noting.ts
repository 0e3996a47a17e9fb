import type { Git } from '../../lib/git/git.ts';

/** The same git, which notes each process that it starts by its command. */
export function noting(git: Git): { readonly git: Git; readonly commands: string[] } {
  const commands: string[] = [];
  const note =
    <Rest extends unknown[], Result>(call: (args: readonly string[], ...rest: Rest) => Result) =>
    (args: readonly string[], ...rest: Rest): Result => {
      commands.push(args.find((arg, place) => !arg.startsWith('-') && args[place - 1] !== '-c') ?? '');
      return call(args, ...rest);
    };
  let placesKnown = false;
  const places = () => {
    // The port asks that once.
    if (!placesKnown) commands.push('rev-parse');
    placesKnown = true;
    return git.places();
  };
  const { run, text, attempt, stream } = git;
  return {
    git: { ...git, run: note(run), text: note(text), attempt: note(attempt), stream: note(stream), places },
    commands,
  };
}
