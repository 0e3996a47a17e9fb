import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { devNull, tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { Writable } from 'node:stream';
import { runCli } from '../../lib/cli/program.ts';
import { HistoryOutput } from '../../lib/commands/registry/outputs.ts';
import { EXIT_CODE, type ExitCode } from '../../lib/exit-code.ts';
import { openGit } from '../../lib/git/git.ts';
import type { Blocks } from '../../lib/report/blocks/block.ts';
import { storyCommand, storyHeading, toTerminal } from '../../lib/report/formats/terminal.ts';
import { visibleLines } from '../../lib/report/formats/visible-text.ts';
import { Broken, type Story, type Timing } from './story.ts';

/** Columns where no terminal says how many it has. */
const WIDTH = 110;

/** Characters of one piece of foreign text: a comment at its longest. */
const MOST_CHARACTERS = 70_000;

/** Exit codes that are answers: yes, no, cannot tell. All others are errors. */
const ANSWERS: readonly ExitCode[] = [EXIT_CODE.yes, EXIT_CODE.no, EXIT_CODE.inconclusive];

/** Everything happens in a new temporary folder, which stays for whoever wants to look. */
export async function openStory({ env, stdout, stderr, cpuUsage }: NodeJS.Process): Promise<Story> {
  const folder = await mkdtemp(join(tmpdir(), 'assay-demo-'));
  const repository = join(folder, 'flights');
  const reports = join(folder, 'reports');
  await Promise.all([mkdir(repository), mkdir(reports)]);
  // Nobody's own settings of git (signing, hooks, default branches) are part of the story.
  const environment = Object.fromEntries(
    Object.entries({ ...env, GIT_CONFIG_GLOBAL: devNull, GIT_CONFIG_NOSYSTEM: '1' }).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value]],
    ),
  );
  const git = openGit(repository, { env: environment });
  const interactive = stdout.isTTY === true;
  const options = {
    width: interactive && stdout.columns > 0 ? stdout.columns : WIDTH,
    colour: interactive && (env.NO_COLOR ?? '') === '',
  };
  const line = (text: string): void => void stdout.write(`${text}\n`);
  const print = (text: string): void => line(visibleLines(text, MOST_CHARACTERS));
  const show = (blocks: Blocks): void => line(`\n${toTerminal(blocks, options)}`);
  const timings: Timing[] = [];

  const run = async (args: readonly string[], out: NodeJS.WritableStream, quiet = false): Promise<ExitCode> => {
    const code = await runCli(args, {
      cwd: repository,
      env: environment,
      streams: { out, err: quiet ? collector().stream : stderr },
      columns: options.width,
      interactive,
      wasmFolder: undefined,
      resolveInstalled: (specifier) => import.meta.resolve(specifier),
    });
    if (!ANSWERS.includes(code)) throw new Broken(`assay ${args.join(' ')} ended with exit code ${code}`);
    if (code !== EXIT_CODE.yes && !quiet) line(`\n(exit code ${code})`);
    return code;
  };

  return {
    folder,
    repository,
    reports,
    git,
    timings,
    print,
    show,
    say: (text) => show([{ kind: 'paragraph', text: [text] }]),
    async part(title, body) {
      line(`\n\n${storyHeading(title, options)}`);
      const began = performance.now();
      const before = cpuUsage();
      try {
        return await body();
      } finally {
        const { user, system } = cpuUsage(before);
        timings.push({ title, wall: (performance.now() - began) / 1000, cpu: (user + system) / 1e6 });
      }
    },
    async assay(args) {
      line(`\n${storyCommand(`assay ${typed(args)}`, options)}`);
      return run(args, stdout);
    },
    async assayInto(file, args) {
      const path = join(reports, file);
      line(`\n${storyCommand(`assay ${typed(args)} > ${relative(repository, path)}`, options)}`);
      const { stream, text } = collector();
      const code = await run(args, stream);
      await writeFile(path, text());
      return { code, text: text() };
    },
    async gitCommand(args) {
      line(`\n${storyCommand(`git ${typed(args)}`, options)}`);
      const out = await git.text(args);
      if (out !== '') print(out);
    },
    async registry() {
      const { stream, text } = collector();
      await run(['history', '--json'], stream, true);
      return HistoryOutput.parse(JSON.parse(text()));
    },
  };
}

/** A stream that keeps what is written to it. */
function collector(): { readonly stream: Writable; readonly text: () => string } {
  const chunks: Buffer[] = [];
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      chunks.push(chunk);
      done();
    },
  });
  return { stream, text: () => Buffer.concat(chunks).toString('utf8') };
}

/** Arguments as one types them. */
function typed(args: readonly string[]): string {
  return args.map((arg) => (/^[\w@%+=:,./~^-]+$/.test(arg) ? arg : `'${arg.replaceAll("'", `'\\''`)}'`)).join(' ');
}
