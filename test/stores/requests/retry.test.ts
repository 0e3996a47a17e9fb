import { describe, expect, test } from 'vitest';
import { type AssayError, assayError } from '../../../lib/errors.ts';
import { createRetry, MAX_ATTEMPTS, TransientFault } from '../../../lib/stores/requests/retry.ts';

const fault = (retryAfterMs?: number) =>
  new TransientFault(
    (attempts) => assayError('E_STORE_BUSY', { store: 's', attempts, reason: 'HTTP 503' }),
    retryAfterMs,
  );

/** A retry whose pauses are written down instead of waited for; the random share is all of it. */
function recorded() {
  const pauses: number[] = [];
  const retry = createRetry({ sleep: async (ms) => void pauses.push(ms), random: (limit) => limit - 1 });
  return { pauses, retry };
}

/** Fails `times` times, then gives 'done'. */
function failing(times: number, error: () => Error = fault) {
  let calls = 0;
  return {
    calls: () => calls,
    work: async () => {
      if (++calls <= times) throw error();
      return 'done';
    },
  };
}

describe('a retry', () => {
  test('tries again with pauses that double', async () => {
    const { pauses, retry } = recorded();
    expect(await retry(failing(4).work)).toBe('done');
    expect(pauses).toEqual([100, 200, 400, 800]);
  });

  test('gives up after its attempts, with the error of the catalogue', async () => {
    const { retry } = recorded();
    const { work, calls } = failing(Number.POSITIVE_INFINITY);
    const error: AssayError = await retry(work).catch((thrown) => thrown);
    expect(error).toMatchObject({ code: 'E_STORE_BUSY', message: expect.stringContaining(`${MAX_ATTEMPTS} attempts`) });
    expect(calls()).toBe(MAX_ATTEMPTS);
  });

  test('does not repeat what stays', async () => {
    const { retry } = recorded();
    const { work, calls } = failing(9, () => new Error('no'));
    await expect(retry(work)).rejects.toThrow('no');
    expect(calls()).toBe(1);
  });

  test('waits as long as the server asks, and not for one that asks too much', async () => {
    const { pauses, retry } = recorded();
    await retry(failing(1, () => fault(3000)).work);
    expect(pauses).toEqual([3100]);
    const { work, calls } = failing(1, () => fault(3_600_000));
    await expect(retry(work)).rejects.toMatchObject({ code: 'E_STORE_BUSY' });
    expect(calls()).toBe(1);
  });

  test('a store that is down is given up after its budget, however many requests wait', async () => {
    const { retry } = recorded();
    let calls = 0;
    for (let i = 0; i < 100; i++) {
      await retry(async () => {
        calls++;
        throw fault();
      }).catch(() => {});
    }
    expect(calls).toBe(100 + 500 / 5);
  });

  test('ends with the reason of the signal, also between attempts', async () => {
    const abort = new AbortController();
    const retry = createRetry({ signal: abort.signal });
    const { work } = failing(Number.POSITIVE_INFINITY);
    const ended = retry(work);
    abort.abort(new Error('enough'));
    await expect(ended).rejects.toThrow('enough');
  });
});
