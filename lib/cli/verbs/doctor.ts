import { commonOptions, type Invocation } from '../invocation.ts';
import { type CommonOptions, type Process, runVerb } from '../run-verb.ts';

interface DoctorOptions extends CommonOptions {
  readonly write: boolean;
}

export function addDoctorVerb({ process, verb, end }: Invocation): void {
  verb('doctor', 'say what is missing: programs, git, assay.yaml, data, store, registry, workflows')
    .option('--write', 'also write to the store, and take away what was written', false)
    .action(async (options: DoctorOptions) => {
      const code = await runVerb(process, commonOptions(options), async (context) => {
        const [{ doctor }, { doctorAnswer }] = await Promise.all([
          import('../../commands/doctor/doctor.ts'),
          import('../../commands/doctor/doctor-answer.ts'),
        ]);
        const request = {
          nodeVersion: globalThis.process.versions.node,
          write: options.write,
          forge: forgeOf(process),
        };
        return doctorAnswer(await doctor(context, request));
      });
      end(code);
    });
}

/** The forge of the job that this runs in. */
function forgeOf({ env }: Process) {
  const { GITHUB_ACTIONS, GITHUB_API_URL: apiUrl, GITHUB_TOKEN: token, GITHUB_REPOSITORY } = env;
  const [owner, name] = (GITHUB_REPOSITORY ?? '').split('/');
  if (GITHUB_ACTIONS !== 'true' || !token || !apiUrl || !owner || !name) return undefined;
  return { apiUrl, token, repository: { owner, name } };
}
