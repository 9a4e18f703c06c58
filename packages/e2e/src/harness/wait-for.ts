/** Waiting for the outside world: polls a condition until it holds, with a deadline. */
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Resolves with the first value of `look` that is neither null, undefined nor false.
 * @param what named in the error when `timeoutMs` passes
 */
export async function waitFor<T>(
  what: string,
  timeoutMs: number,
  look: () => Promise<T | null | undefined | false> | T | null | undefined | false,
): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const found = await look();
    if (found !== null && found !== undefined && found !== false) return found;
    if (performance.now() > deadline) throw new Error(`waited ${timeoutMs} ms in vain: ${what}`);
    await sleep(25);
  }
}
