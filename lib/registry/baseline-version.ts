import type { BaselineChoice } from '../gate/baseline.ts';
import type { ModelState } from './state.ts';

/**
 * The version that a choice of baseline means in a registry, for a candidate for `stage`; null when it means none: nobody
 * holds the stage, or the baseline is no version. Without a choice it is what holds the stage. Where nothing was proven
 * better yet, `proven` is what holds the stage too. Pure.
 */
export function baselineVersion(
  model: ModelState | undefined,
  choice: BaselineChoice | undefined,
  stage: string,
): string | null {
  const held = model?.stages.get(stage);
  switch (choice?.kind) {
    case undefined:
      return held?.holder ?? null;
    case 'stage':
      return model?.stages.get(choice.stage)?.holder ?? null;
    case 'version':
      return choice.version;
    case 'proven':
      return held?.provenBetter ?? held?.holder ?? null;
    case 'constant':
    case 'file':
      return null;
  }
}
