import { createRandomKernel, KERNEL_WORDS } from '../../stats/resampling/random-kernel.ts';

const TWO_POW_32 = 4294967296;

/** Random numbers of one drawn holdout after another: a stream of its own for each, whatever was drawn before. */
export interface HoldoutDraws {
  start(number: number): void;
  /** Standard normal numbers that all correlate with each other by `agreement`, in [0, 1]. */
  correlated(out: Float64Array, agreement: number): void;
}

/** @param seed two 32-bit words (see `seedOf`) */
export function createHoldoutDraws(seed: readonly [number, number]): HoldoutDraws {
  const kernel = createRandomKernel();
  const pair = new Float64Array(2);
  let stream = 0;
  let block = 0;
  let used = KERNEL_WORDS;
  const uniform = (): number => {
    if (used === KERNEL_WORDS) {
      kernel.fill(seed, stream, block, KERNEL_WORDS / 4);
      block += KERNEL_WORDS / 4;
      used = 0;
    }
    return ((kernel.words[used++] as number) + 0.5) / TWO_POW_32;
  };
  /** Two independent standard normals (Box & Muller 1958). */
  const normals = (): void => {
    const radius = Math.sqrt(-2 * Math.log(uniform()));
    const angle = 2 * Math.PI * uniform();
    pair[0] = radius * Math.cos(angle);
    pair[1] = radius * Math.sin(angle);
  };
  return {
    start(number) {
      stream = number;
      block = 0;
      used = KERNEL_WORDS;
    },
    correlated(out, agreement) {
      normals();
      const common = pair[0] as number;
      const second = pair[1] as number;
      out[0] = common;
      if (out.length === 2) out[1] = agreement * common + Math.sqrt(1 - agreement * agreement) * second;
      if (out.length <= 2) return;
      // Of more than two each is a part of one common number and a part of its own.
      const [shared, own] = [Math.sqrt(agreement), Math.sqrt(1 - agreement)];
      out[0] = shared * common + own * second;
      for (let at = 1; at < out.length; at += 2) {
        normals();
        out[at] = shared * common + own * (pair[0] as number);
        if (at + 1 < out.length) out[at + 1] = shared * common + own * (pair[1] as number);
      }
    },
  };
}
