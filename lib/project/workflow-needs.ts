/** What a token may do, by scope. */
export type Permissions = Readonly<Record<string, 'read' | 'write'>>;

/** Where our actions and reusable workflows are. */
export const ACTIONS_ADDRESS = 'assay-ml/assay';
/** The version that workflows are written with. */
export const ACTIONS_VERSION = 'v1';

/** Permissions that a caller of a reusable workflow has to grant: GitHub does not start one that asks for more. */
export const WORKFLOW_NEEDS: Readonly<Record<string, Permissions>> = {
  'pull-request.yml': { contents: 'read', actions: 'read', 'pull-requests': 'write', checks: 'write' },
  'pull-request-counted.yml': { contents: 'write', actions: 'read', 'pull-requests': 'write', checks: 'write' },
  'promote.yml': { contents: 'write', actions: 'read' },
  'drift.yml': { contents: 'read', issues: 'write', actions: 'write' },
  'retrain.yml': { contents: 'write', actions: 'read' },
};

/** Permissions that an action needs from its job; `''` is the root action. What it can do without is not named. */
export const ACTION_NEEDS: Readonly<Record<string, Permissions>> = {
  '': { contents: 'read', 'pull-requests': 'write', checks: 'write' },
  'drift-check': { contents: 'read' },
  'evaluate-gate': { contents: 'read' },
  get: { contents: 'read' },
  promote: { contents: 'write' },
  publish: {},
  'pull-data': { contents: 'read' },
  'pull-request': { contents: 'read' },
  'push-data': { contents: 'read' },
  register: { contents: 'write' },
  rollback: { contents: 'write' },
  score: { contents: 'read' },
  train: { contents: 'read' },
  'validate-data': { contents: 'read' },
};

/** Our part of a `uses:`. */
export interface OurUse {
  readonly kind: 'workflow' | 'action';
  /** `pull-request.yml`, `train`; `''` is the root action. */
  readonly name: string;
  /** What stands after the `@`. */
  readonly ref: string | undefined;
}

/** Reads a `uses:`; undefined for anything of others, also for a local path, which is what it is checked out as. */
export function parseUse(uses: string): OurUse | undefined {
  const [address = '', ref] = uses.split('@');
  if (address === ACTIONS_ADDRESS) return { kind: 'action', name: '', ref };
  const rest = address.startsWith(`${ACTIONS_ADDRESS}/`) ? address.slice(ACTIONS_ADDRESS.length + 1) : undefined;
  if (rest?.startsWith('.github/workflows/')) return { kind: 'workflow', name: rest.slice(18), ref };
  return rest?.startsWith('actions/') ? { kind: 'action', name: rest.slice(8), ref } : undefined;
}
