/** Who waits for an answer: until when, and why not any more. */

export type Gone = 'timeout' | 'hangup' | 'stopping';

export interface Caller {
  /** Null while somebody waits. */
  gone(): Gone | null;
  /** Milliseconds left; never below 0. */
  leftMs(): number;
  /** Resolves when nobody waits any more. */
  left: Promise<Gone>;
  /** Aborted at the same moment. */
  signal: AbortSignal;
  /** The process is about to end. */
  stop(): void;
  /** The caller has its answer: no timer is left behind. */
  done(): void;
}

/** @param hangup aborted when the caller is not there any more */
export function waitingCaller(timeoutMs: number, hangup: AbortSignal | null): Caller {
  const deadline = performance.now() + timeoutMs;
  const controller = new AbortController();
  let why: Gone | null = null;
  let tell: (gone: Gone) => void = () => undefined;
  const left = new Promise<Gone>((resolve) => {
    tell = resolve;
  });
  const leave = (gone: Gone) => {
    if (why !== null) return;
    why = gone;
    done();
    tell(gone);
    controller.abort();
  };
  const hungUp = () => leave('hangup');
  const timer = setTimeout(() => leave('timeout'), timeoutMs);
  function done(): void {
    clearTimeout(timer);
    hangup?.removeEventListener('abort', hungUp);
  }
  if (hangup?.aborted === true) leave('hangup');
  else hangup?.addEventListener('abort', hungUp);
  return {
    gone: () => why,
    leftMs: () => Math.max(0, deadline - performance.now()),
    left,
    signal: controller.signal,
    stop: () => leave('stopping'),
    done,
  };
}
