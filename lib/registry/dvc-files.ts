import { stringify } from 'yaml';
import { assayError } from '../errors.ts';
import { renderPointer } from '../pointers/formats/pointer-file.ts';
import { parseModelName } from './gto-tags.ts';
import { RECORDS_FOLDER } from './layout.ts';
import type { ArtifactRecord } from './records.ts';

/**
 * The files on the registry branch that are DVC's: with them `gto show` and `dvc artifacts get` work there.
 */

/** What `dvc init` puts there. */
const DVC_IGNORE = `# Add patterns of files dvc should ignore, which could improve
# the performance. Learn more at
# https://dvc.org/doc/user-guide/dvcignore
`;
const DVC_GIT_IGNORE = '/config.local\n/tmp\n/cache\n';

const README = `# Registry of models

This branch is the registry that Assay keeps: one commit a change, never rewritten. Do not edit it by hand.

- \`${RECORDS_FOLDER}/MODEL/versions/\`: the registered versions, with digests of artifacts, run, profile and decision
- \`${RECORDS_FOLDER}/MODEL/events/\`: every registration, promotion, rollback and release, in order
- \`${RECORDS_FOLDER}/MODEL/looks/\`: every opening of a sealed holdout
- \`git log\`: the audit; the trailer \`Assay-Event\` is for machines

\`assay get MODEL@STAGE\` brings a model. So do \`dvc artifacts get\` and, for an overview, \`gto show\`.
`;

/** Where DVC finds a model: the folder of its dvc.yaml, the name there, and the output's path from the top. */
export interface DvcPlace {
  readonly folder: string;
  readonly name: string;
  readonly output: string;
}

export function dvcPlace(model: string): DvcPlace {
  const { folder, name } = parseModelName(model);
  const file = name.replaceAll('/', '%2F');
  return { folder: folder ?? '', name, output: folder === undefined ? file : `${folder}/${file}` };
}

/**
 * Throws E_REGISTRY_NAME when DVC could not tell the model's output from another's (one inside of the other), or the two
 * names differ in case alone, which macOS and Windows cannot keep apart.
 */
export function checkApart(model: string, others: Iterable<string>): void {
  const { output } = dvcPlace(model);
  if (inside(RECORDS_FOLDER, output) || inside(output, '.dvc') || inside(output, '.git')) {
    throw assayError('E_REGISTRY_NAME', { kind: 'model', name: model, reason: 'the registry uses that name itself' });
  }
  for (const other of others) {
    if (other === model) continue;
    const theirs = dvcPlace(other).output;
    const clash = inside(theirs, output) || inside(output, theirs) || theirs.toLowerCase() === output.toLowerCase();
    if (!clash) continue;
    throw assayError('E_REGISTRY_NAME', { kind: 'model', name: model, reason: `it clashes with the model "${other}"` });
  }
}

/** Whether `path` is `folder` or lies in it. */
function inside(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}

/**
 * DVC's files after `model` got a version with `artifact`, as text by path.
 *
 * @param models all models with a version, this one among them
 * @param remoteUrl DVC's URL of the folder where artifacts lie; without it only DVC's own `--remote` finds them
 */
export function dvcFiles(
  model: string,
  artifact: ArtifactRecord,
  models: readonly string[],
  remoteUrl: string | undefined,
): Map<string, string> {
  const { folder, output } = dvcPlace(model);
  const artifacts: Record<string, { path: string; type: string }> = {};
  for (const place of models.map(dvcPlace).filter((one) => one.folder === folder)) {
    artifacts[place.name] = { path: baseName(place.output), type: 'model' };
  }
  const files = new Map([
    ['README.md', README],
    ['.dvcignore', DVC_IGNORE],
    ['.dvc/.gitignore', DVC_GIT_IGNORE],
    [folder === '' ? 'dvc.yaml' : `${folder}/dvc.yaml`, yaml({ artifacts })],
    [`${output}.dvc`, pointer(artifact, baseName(output))],
  ]);
  if (remoteUrl !== undefined) files.set('.dvc/config', dvcConfig(remoteUrl));
  return files;
}

function pointer({ md5, size, files }: ArtifactRecord, path: string): string {
  const nfiles = md5.endsWith('.dir') ? { nfiles: files.length } : {};
  return renderPointer({ path, md5, size, ...nfiles, isexec: false });
}

function dvcConfig(url: string): string {
  // A password would stay in git for ever; DVC takes it from its own configuration.
  const safe = url.replace(/^([a-z][a-z0-9+.-]*:\/\/[^/@:]*):[^/@]*@/i, '$1@');
  if (/[\r\n"]/.test(safe)) throw new TypeError('a URL has no line breaks and no quotes');
  return `[core]\n    remote = assay\n['remote "assay"']\n    url = ${/[#,' ]/.test(safe) ? `"${safe}"` : safe}\n`;
}

/** DVC's style: sequences not indented, single quotes where any are needed. */
function yaml(document: unknown): string {
  return stringify(document, { indentSeq: false, singleQuote: true, lineWidth: 80, sortMapEntries: false });
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
