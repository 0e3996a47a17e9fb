import { z } from 'zod';
import { ChecksSpec } from '../lib/checks/checks-spec.ts';
import { Validation } from '../lib/checks/validation.ts';
import * as data from '../lib/commands/data/data-outputs.ts';
import { DoctorOutput } from '../lib/commands/doctor/doctor-output.ts';
import { ErrorOutput } from '../lib/commands/error-output.ts';
import { PredictionsFile } from '../lib/commands/evaluate/predictions-file.ts';
import { InitOutput } from '../lib/commands/init/init-output.ts';
import {
  GetOutput,
  HistoryOutput,
  PromotionOutput,
  RegistrationOutput,
  ReleaseOutput,
  ValidationsOutput,
} from '../lib/commands/registry/outputs.ts';
import { canonicalJson } from '../lib/digest.ts';
import { DriftReport } from '../lib/drift/drift-report.ts';
import { Decision } from '../lib/gate/decision.ts';
import { Evidence } from '../lib/gate/evidence/evidence.ts';
import { Simulation } from '../lib/gate/simulate/simulation.ts';
import { Preprocess } from '../lib/model/input-columns.ts';
import { ModelFile } from '../lib/model/model-file.ts';
import { Signature } from '../lib/model/signature.ts';
import { Profile } from '../lib/profile/profile.ts';
import { ProjectConfig } from '../lib/project/config.ts';
import { LookRecord, RegistryEvent, StoredPredictions, VersionRecord } from '../lib/registry/records.ts';
import { Evaluation } from '../lib/report/evaluation.ts';
import { RunInputs, RunRecord } from '../lib/train/run-record.ts';

/** Where the schemas are known by name; nothing has to be served there. */
const BASE = 'https://assay-ml.github.io/schema';

interface Published {
  readonly title: string;
  readonly description: string;
  readonly schema: z.ZodType;
  /** A file that people write: what they may leave out is not required. */
  readonly written?: 'by people';
}

/** Every file and JSON output that Assay writes, and the two files that people write, by kind. */
export const PUBLISHED: Readonly<Record<string, Published>> = {
  checks: {
    title: 'Checks file',
    description: 'What a dataset has to be like; named by `checks:` in assay.yaml.',
    schema: ChecksSpec,
    written: 'by people',
  },
  'data-add': { title: 'Data added', description: 'What `data add --json` prints.', schema: data.DataAddOutput },
  'data-checkout': {
    title: 'Data checked out',
    description: 'What `data checkout --json` prints.',
    schema: data.DataCheckoutOutput,
  },
  'data-diff': {
    title: 'Data that differs',
    description: 'What `data diff --json` prints.',
    schema: data.DataDiffOutput,
  },
  'data-gc': { title: 'Unused data', description: 'What `data gc --json` prints.', schema: data.DataGcOutput },
  'data-import': {
    title: 'Data brought from elsewhere',
    description: 'What `data get --json`, `data import --json` and `data import-url --json` print.',
    schema: data.DataImportOutput,
  },
  'data-list': { title: 'Data listed', description: 'What `data ls --json` prints.', schema: data.DataListOutput },
  'data-update': {
    title: 'Imports updated',
    description: 'What `data update --json` prints.',
    schema: data.DataUpdateOutput,
  },
  'data-url': {
    title: 'Where data lie',
    description: 'What `data get --show-url --json` prints.',
    schema: data.DataUrlOutput,
  },
  'data-usage': { title: 'Size of data', description: 'What `data du --json` prints.', schema: data.DataUsageOutput },
  'data-verify': {
    title: 'Data verified',
    description: 'What `data verify --json` prints.',
    schema: data.DataVerifyOutput,
  },
  'data-pull': { title: 'Data pulled', description: 'What `data pull --json` prints.', schema: data.DataPullOutput },
  'data-status': {
    title: 'Status of data',
    description: 'What `data status --json` prints.',
    schema: data.DataStatusOutput,
  },
  'store-move': {
    title: 'Store moved',
    description: 'What `store move --json` prints.',
    schema: data.StoreMoveOutput,
  },
  'data-transfer': {
    title: 'Data transferred',
    description: 'What `data push --json` and `data fetch --json` print.',
    schema: data.DataTransferOutput,
  },
  decision: {
    title: 'Decision',
    description:
      'The record of a gate applied to one comparison: `decision.json`, `evaluate-gate --json`, `compare --json`.',
    schema: Decision,
  },
  doctor: { title: 'What is missing', description: 'What `doctor --json` prints.', schema: DoctorOutput },
  drift: {
    title: 'Drift report',
    description: 'What `drift-check` found: `drift.json` and `--json`.',
    schema: DriftReport,
  },
  error: {
    title: 'Error',
    description: 'What any verb prints under `--json` when it ends in an error.',
    schema: ErrorOutput,
  },
  evaluation: {
    title: 'Evaluation',
    description: 'Everything a pull request is told: `evaluation.json`, which the publishing job reads.',
    schema: Evaluation,
  },
  evidence: {
    title: 'Evidence',
    description: 'Curves, matrices and changed predictions beside a decision: `evidence` of an evaluation.',
    schema: Evidence,
  },
  event: {
    title: 'Registry event',
    description: 'One change of the registry: `models/<model>/events/<sequence>-<kind>.json`.',
    schema: RegistryEvent,
  },
  get: { title: 'Model brought', description: 'What `get --json` prints.', schema: GetOutput },
  history: { title: 'History', description: 'What `history --json` prints.', schema: HistoryOutput },
  'stored-predictions': {
    title: 'Stored predictions',
    description: 'What a version predicted on a holdout it was judged on: `models/<model>/predictions/<digest>.json`.',
    schema: StoredPredictions,
  },
  init: { title: 'A beginning', description: 'What `init --json` prints.', schema: InitOutput },
  look: {
    title: 'Look at a sealed holdout',
    description: 'An entry of the ledger: `models/<model>/looks/<sequence>.json`.',
    schema: LookRecord,
  },
  model: {
    title: 'Built-in model',
    description: '`assay-model.json` in the folder of a built-in model.',
    schema: ModelFile,
  },
  predictions: {
    title: 'Predictions on the sealed half',
    description: '`predictions.json` of the action `score`, which `promote` decides on.',
    schema: PredictionsFile,
  },
  preprocess: {
    title: 'Preprocessing',
    description: '`preprocess.json`: how columns become the inputs of a network or a linear model.',
    schema: Preprocess,
  },
  profile: { title: 'Profile', description: 'A mergeable summary of a dataset: `profile.json`.', schema: Profile },
  project: {
    title: 'assay.yaml',
    description: 'The one configuration file.',
    schema: ProjectConfig,
    written: 'by people',
  },
  promotion: {
    title: 'Promotion or rollback',
    description: 'What `promote --json` and `rollback --json` print.',
    schema: PromotionOutput,
  },
  registration: { title: 'Registration', description: 'What `register --json` prints.', schema: RegistrationOutput },
  release: { title: 'Release from quarantine', description: 'What `release --json` prints.', schema: ReleaseOutput },
  run: {
    title: 'Run record',
    description: '`run.json` in the folder of a run, and `train --json`.',
    schema: RunRecord,
  },
  'run-inputs': {
    title: 'Inputs of a run',
    description: "What decides a run's result; the digest of it is the run's key.",
    schema: RunInputs,
  },
  signature: { title: 'Signature', description: 'Inputs and output of a model.', schema: Signature },
  simulation: {
    title: 'Simulation',
    description: 'What `simulate --json` prints: the chance of passing the gate, by true difference.',
    schema: Simulation,
  },
  validation: { title: 'Validation', description: "One dataset's verdicts, check by check.", schema: Validation },
  validations: { title: 'Validations', description: 'What `validate-data --json` prints.', schema: ValidationsOutput },
  version: {
    title: 'Version record',
    description: 'A registered version: `models/<model>/versions/<version>.json`.',
    schema: VersionRecord,
  },
};

/** The JSON Schema files of registry-schema/ by name, as text: keys sorted, two spaces, one newline at the end. */
export function schemaFiles(): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(PUBLISHED).map(([kind, { title, description, schema, written }]) => {
      const io = written === 'by people' ? 'input' : 'output';
      const json = z.toJSONSchema(schema, { target: 'draft-2020-12', io });
      const document = { ...json, $id: `${BASE}/${kind}/1`, title, description };
      return [`${kind}.json`, `${JSON.stringify(JSON.parse(canonicalJson(document)), null, 2)}\n`];
    }),
  );
}
