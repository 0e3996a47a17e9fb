import { randomInt } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { AssayError } from '../../errors.ts';

/** Attempts at one request, the first included. */
export const MAX_ATTEMPTS = 8;
/** Milliseconds: the longest first pause; it doubles with every attempt ("full jitter": a random share of it). */
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 20_000;
/** Milliseconds: a server that asks for a longer pause is not waited for. */
const LONGEST_REQUESTED_PAUSE_MS = 60_000;
/**
 * Retries that all requests of one store may use together; a request that succeeds gives one back, a retry takes
 * `RETRY_COST`. So a store that is down is given up soon however many objects wait, as the AWS SDK's quota does it.
 */
const RETRY_BUDGET = 500;
const RETRY_COST = 5;

/** A failure that another attempt may not meet: connection lost, 5xx, throttled, damaged on the way. */
export class TransientFault extends Error {
  /** Milliseconds that the server asks to wait. */
  readonly retryAfterMs: number | undefined;
  readonly givenUp: (attempts: number) => AssayError;

  /** @param givenUp the catalogued error for when no attempts are left */
  constructor(givenUp: (attempts: number) => AssayError, retryAfterMs?: number) {
    super('a request failed in a way that may pass');
    this.name = 'TransientFault';
    this.givenUp = givenUp;
    this.retryAfterMs = retryAfterMs;
  }
}

export interface RetryPorts {
  /** Waits, or throws the signal's reason. */
  readonly sleep?: ((ms: number, signal: AbortSignal | undefined) => Promise<void>) | undefined;
  /** A whole number from 0 to below `limit`. It spreads requests in time; no result depends on it. */
  readonly random?: ((limit: number) => number) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Runs `work` until it succeeds, fails in a way that stays, or attempts or the store's budget are used up. Throws what
 * `TransientFault.givenUp` makes, any other error of `work` as it is, the signal's reason.
 */
export type Retry = <T>(work: () => Promise<T>) => Promise<T>;

/**
 * The one layer of retries of a store; SDKs are opened without retries of their own, so that attempts do not multiply.
 * Pauses: exponential backoff with full jitter (AWS Architecture Blog, "Exponential Backoff And Jitter").
 */
export function createRetry(ports: RetryPorts = {}): Retry {
  const { sleep = pause, random = (limit) => randomInt(limit), signal } = ports;
  let budget = RETRY_BUDGET;
  return async (work) => {
    for (let attempt = 1; ; attempt++) {
      signal?.throwIfAborted();
      try {
        const result = await work();
        budget = Math.min(RETRY_BUDGET, budget + 1);
        return result;
      } catch (error) {
        signal?.throwIfAborted();
        if (!(error instanceof TransientFault)) throw error;
        const wanted = error.retryAfterMs ?? 0;
        if (attempt >= MAX_ATTEMPTS || budget < RETRY_COST || wanted > LONGEST_REQUESTED_PAUSE_MS) {
          throw error.givenUp(attempt);
        }
        budget -= RETRY_COST;
        const longest = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (attempt - 1));
        await sleep(wanted + random(longest + 1), signal);
      }
    }
  };
}

/** Whether an error says all there is to say, so that no adapter translates it again. */
export function isFinal(error: unknown): boolean {
  return error instanceof AssayError || error instanceof TransientFault;
}

async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await delay(ms, undefined, signal === undefined ? {} : { signal });
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  }
}
