import type { z } from 'zod';
import type { Digest } from '../../digest.ts';
import { AssayError, assayError } from '../../errors.ts';
import { readFileAt } from '../../git/read-objects.ts';
import { type DocumentKind, documentPath } from '../../registry/layout.ts';
import type { Snapshot } from '../../registry/snapshot.ts';
import type { RegistryState } from '../../registry/state.ts';
import { openRegistry, type Registry } from '../../registry/transaction.ts';
import type { Context } from '../context.ts';

/** The registry of the context's repository. */
export function projectRegistry({ git, remote, clock, actor, registryMemory: memory }: Context): Registry {
  return openRegistry({ git, remote, clock, actor, memory });
}

/**
 * The registry as it is now; undefined when the repository has no remote, where nobody can have registered anything.
 * For commands that only ask; those that write go to the registry and get E_GIT_NO_REMOTE.
 */
export async function readRegistry(context: Context): Promise<Snapshot | undefined> {
  try {
    const snapshot = await projectRegistry(context).read();
    for (const { file, reason } of snapshot.problems) {
      context.log.warning(`the registry is damaged (${file}: ${reason}); reading its tags instead`);
    }
    return snapshot;
  } catch (error) {
    if (error instanceof AssayError && error.code === 'E_GIT_NO_REMOTE') {
      context.log.warning('no remote, hence no registry: there is no version to compare with');
      return undefined;
    }
    throw error;
  }
}

/** The state of a registry that may be written. Throws E_REGISTRY_CORRUPT, as a write would after its work was done. */
export function writableState({ state, head, problems }: Snapshot): RegistryState {
  const [problem] = problems;
  if (problem !== undefined) throw assayError('E_REGISTRY_CORRUPT', { ...problem, commit: head ?? 'none' });
  return state;
}

/** A document of the registry (run, profile, decision), checked against its schema. Throws E_REGISTRY_CORRUPT. */
export async function readDocument<T extends z.ZodType>(
  context: Context,
  snapshot: Snapshot,
  place: { readonly model: string; readonly kind: DocumentKind; readonly digest: Digest },
  schema: T,
): Promise<z.output<T>> {
  const file = documentPath(place.model, place.kind, place.digest);
  const commit = snapshot.head ?? 'none';
  const bytes = snapshot.head === null ? null : await readFileAt(context.git, snapshot.head, file);
  if (bytes === null) throw assayError('E_REGISTRY_CORRUPT', { file, commit, reason: 'it is missing' });
  try {
    return schema.parse(JSON.parse(bytes.toString('utf8')));
  } catch (error) {
    throw assayError('E_REGISTRY_CORRUPT', { file, commit, reason: 'it does not fit its schema' }, error);
  }
}
