/** Timeouts in tests of what is told when the time is over: long enough for a machine that is busy, without waiting long on one that is not. */

const FIRST_MS = 150;
const LAST_MS = 10_000;

/**
 * Tries something that never ends with more time each time that was over too early, before what the test is about had begun.
 * @param work one try, with its timeout in milliseconds
 * @param begun whether a try got as far as the test wants it to
 * @returns the first outcome that did, or the last one
 */
export async function givenTime<T>(work: (timeoutMs: number) => Promise<T>, begun: (outcome: T) => boolean): Promise<T> {
  for (let timeoutMs = FIRST_MS; ; timeoutMs *= 4) {
    const outcome = await work(timeoutMs);
    if (begun(outcome) || timeoutMs * 4 > LAST_MS) return outcome;
  }
}
