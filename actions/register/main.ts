import { registrationAnswer } from '../../lib/commands/answer.ts';
import { readDocumentFile } from '../../lib/commands/document-file.ts';
import { register } from '../../lib/commands/registry/register.ts';
import { Decision } from '../../lib/gate/decision.ts';
import { Evidence } from '../../lib/gate/evidence/evidence.ts';
import { choice, explainInput, optional } from '../io.ts';
import { refusePrivileged } from '../refuse-privileged.ts';
import { runAction } from '../run-action.ts';

/** Inputs: model, run, version, bump, decision (a file of an earlier job: predict is then not run in this one). */
export function main(): Promise<void> {
  return runAction('register', async (action) => {
    refusePrivileged(action, 'register');
    const file = optional('decision');
    const drawn = optional('evidence');
    const result = await register(action.context, {
      project: await action.project(),
      model: optional('model'),
      run: optional('run'),
      version: optional('version'),
      bump: choice('bump', ['major', 'patch', 'minor'] as const),
      decision: file === undefined ? undefined : await readDocumentFile(action.workspace, file, Decision),
      evidence: drawn === undefined ? undefined : await readDocumentFile(action.workspace, drawn, Evidence),
    });
    const { version, record, tags } = result;
    return {
      ...registrationAnswer(result, explainInput()),
      outputs: { model: record.model, version, tag: tags[0] ?? '' },
      file: 'registration.json',
    };
  });
}
