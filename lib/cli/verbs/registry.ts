import { Option } from 'commander';
import {
  getAnswer,
  historyAnswer,
  promotionAnswer,
  registrationAnswer,
  rollbackAnswer,
} from '../../commands/answer.ts';
import { get } from '../../commands/registry/get.ts';
import { history } from '../../commands/registry/history.ts';
import { ReleaseOutput } from '../../commands/registry/outputs.ts';
import { promote } from '../../commands/registry/promote.ts';
import { register } from '../../commands/registry/register.ts';
import { release, rollback } from '../../commands/registry/rollback.ts';
import { EXIT_CODE } from '../../exit-code.ts';
import type { Bump } from '../../registry/register.ts';
import { code } from '../../report/blocks/span.ts';
import { commonOptions, type Invocation } from '../invocation.ts';
import { type CommonOptions, runVerb } from '../run-verb.ts';

interface RegisterOptions extends CommonOptions {
  readonly run?: string;
  readonly as?: string;
  readonly bump?: Bump;
  readonly explain: boolean;
}

const EXPLAIN = 'the whole reasoning, rule by rule: asked, found, why, what would change it';

export function addRegistryVerbs({ process, verb, end }: Invocation): void {
  verb('register [model]', 'make a run a version: smoke test, store, registry, tag')
    .option('--run <key>', 'the run; the one of the present inputs when left out')
    .option('--as <version>', 'an explicit version; the next one when left out')
    .addOption(new Option('--bump <part>', 'part of the version to raise').choices(['major', 'minor', 'patch']))
    .option('--explain', EXPLAIN, false)
    .action(async (model: string | undefined, options: RegisterOptions) => {
      const { run, as: version, bump, explain } = options;
      const common = { ...commonOptions(options), details: options.details || explain };
      const exit = await runVerb(process, common, async (context, project) =>
        registrationAnswer(await register(context, { project: await project(), model, run, version, bump }), {
          explain,
        }),
      );
      end(exit);
    });

  verb('promote [model]', 'open the sealed half, decide, and move a stage')
    .option('--to <stage>', 'the stage; the last one when left out')
    .option('--as <version>', 'the version; the newest when left out')
    .option('--override', 'promote whatever the gate says; needs --reason', false)
    .option('--reason <text>', 'why, recorded for good')
    .option('--explain', EXPLAIN, false)
    .action(
      async (
        model: string | undefined,
        options: CommonOptions & {
          to?: string;
          as?: string;
          override: boolean;
          reason?: string;
          explain: boolean;
        },
      ) => {
        const { to: stage, as: version, explain } = options;
        const common = { ...commonOptions(options), details: options.details || explain };
        const override = options.override ? { reason: options.reason ?? '' } : undefined;
        const exit = await runVerb(process, common, async (context, project) =>
          promotionAnswer(await promote(context, { project: await project(), model, version, stage, override }), {
            explain,
          }),
        );
        end(exit);
      },
    );

  verb('rollback [model]', 'return a stage to a former holder, at once')
    .option('--stage <stage>', 'the stage; the last one when left out')
    .option('--to <version>', 'a former holder; the one before when left out')
    .option('--reason <text>', 'why, recorded for good', 'rolled back by hand')
    .action(
      async (model: string | undefined, options: CommonOptions & { stage?: string; to?: string; reason: string }) => {
        const { stage, to, reason } = options;
        const exit = await runVerb(process, commonOptions(options), async (context, project) =>
          rollbackAnswer(await rollback(context, { project: await project(), model, stage, to, reason })),
        );
        end(exit);
      },
    );

  verb('release <version> [model]', 'lift the quarantine of a version that was rolled back')
    .requiredOption('--reason <text>', 'why, recorded for good')
    .action(async (version: string, model: string | undefined, options: CommonOptions & { reason: string }) => {
      const exit = await runVerb(process, commonOptions(options), async (context, project) => {
        const released = await release(context, { project: await project(), model, version, reason: options.reason });
        return {
          document: ReleaseOutput.parse({ schema: 'assay/release/1', ...released }),
          blocks: [
            { kind: 'paragraph', text: [code(`${released.model} ${released.version}`), ' may be promoted again.'] },
          ],
          verdict: 'pass',
          exitCode: EXIT_CODE.yes,
        };
      });
      end(exit);
    });

  verb('history [model]', 'who changed what, and which sealed halves were looked at').action(
    async (model: string | undefined, options: CommonOptions) => {
      const exit = await runVerb(process, commonOptions(options), async (context, project) =>
        historyAnswer(await history(context, { project: await project(), model })),
      );
      end(exit);
    },
  );

  verb('get <reference>', 'bring a model: MODEL@STAGE, MODEL@1.2.0 or MODEL@latest')
    .option('-o, --output <folder>', 'where to put it')
    .action(async (reference: string, options: CommonOptions & { output?: string }) => {
      const exit = await runVerb(process, commonOptions(options), async (context, project) =>
        getAnswer(
          await get(context, { project: await project(), reference, output: options.output, cwd: process.cwd }),
        ),
      );
      end(exit);
    });
}
