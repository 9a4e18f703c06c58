/** What hours of doing nearly nothing leave behind in the heap is thrown away while hardly anybody waits. */
import { performance } from 'node:perf_hooks';
import { getHeapSpaceStatistics } from 'node:v8';

export interface IdleHeap {
  /** Absent where Node was started without `--expose-gc`: then nothing is done. */
  collect: (() => void) | undefined;
  /** What has outlived the young collections, in bytes: garbage among it stays until a full one. */
  oldBytes: () => number;
  /** CPU time of the process since the last question, as a share of one core: 0 to the number of cores. */
  busy: () => number;
}

const LOOK_MS = 60_000;
/** An idle hub with 500 spokes takes some 3 % of a core; what stays below this has few messages to hold up. */
const IDLE = 0.1;
const GROWN_BYTES = 4 * 1024 * 1024;

/**
 * Under load full collections shall be rare, so V8 is told to let the heap grow by more between two of them (`--heap-growing-percent`). A process that
 * does nearly nothing would grow by as much in a quarter of an hour and keep it. Here it collects (some 50 ms, in
 * which nothing else goes on) when it had little to do for a minute and has grown.
 * @returns ends it
 */
export function tidyIdleHeap({ collect, oldBytes, busy }: IdleHeap = thisProcess()): () => void {
  if (collect === undefined) return () => undefined;
  let tidied = oldBytes();
  const timer = setInterval(() => {
    if (busy() > IDLE || oldBytes() - tidied < GROWN_BYTES) return;
    collect();
    tidied = oldBytes();
  }, LOOK_MS).unref();
  return () => clearInterval(timer);
}

const YOUNG = new Set(['new_space', 'new_large_object_space']);

/**
 * CPU time between two questions as a share of one core. The event loop's own utilization will not do: what waits for a core that others
 * use counts as busy there, and a hub beside a busy neighbour would never be found idle.
 * @param cpuUsage what the process has used since it began, all threads, in microseconds
 * @param now a clock, in milliseconds
 * @returns tells the share since it was last asked, or since it was made
 */
export function cpuShare(cpuUsage: () => NodeJS.CpuUsage = () => process.cpuUsage(), now = () => performance.now()): () => number {
  const read = () => {
    const { user, system } = cpuUsage();
    return { usedMs: (user + system) / 1_000, atMs: now() };
  };
  let since = read();
  return () => {
    const before = since;
    since = read();
    const elapsedMs = since.atMs - before.atMs;
    return elapsedMs > 0 ? (since.usedMs - before.usedMs) / elapsedMs : 0;
  };
}

function thisProcess(): IdleHeap {
  const { gc } = globalThis;
  return {
    collect: gc && (() => void gc({ type: 'major', execution: 'sync' })),
    oldBytes: () =>
      getHeapSpaceStatistics().reduce((sum, { space_name, space_used_size }) => (YOUNG.has(space_name) ? sum : sum + space_used_size), 0),
    busy: cpuShare(),
  };
}
