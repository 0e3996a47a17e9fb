import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Bytes in buffers between two collections: a fraction of a millisecond each, and little enough to stay young. */
const COLLECT_BYTES = 8 * 1024 * 1024;

/**
 * Frees the buffers of a stream soon. It is told of the bytes of each as it passes.
 *
 * V8 adds the memory of buffers to the heap's own, and answers a stream of them, although each is needed for a moment only,
 * by marking everything again and again: 48 times for 1 GiB from S3, a quarter of the CPU, and up to 200 MiB of memory. To
 * collect what is young, each time a few of them have passed, leaves one of these markings and half of the memory
 * (`bench/pointers`).
 */
export function freeingYoungBuffers(): (bytes: number) => void {
  let passed = 0;
  let collect: (() => void) | undefined;
  return (bytes) => {
    passed += bytes;
    if (passed < COLLECT_BYTES) return;
    passed = 0;
    collect ??= youngCollection();
    collect();
  };
}

/** V8's collection of the young generation, which only contexts that are made after its flag is set can call. */
function youngCollection(): () => void {
  setFlagsFromString('--expose-gc');
  const gc: unknown = runInNewContext("typeof gc === 'function' ? gc : undefined");
  // Not V8, or one that was built without: then all goes on as it would.
  return typeof gc === 'function' ? () => void gc({ type: 'minor' }) : () => {};
}
