/** The receiving system as the benchmarks use it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { numberOf } from './number-of.ts';
import type { Percentiles } from './percentiles.ts';
import { ask, start } from './processes.ts';

export interface SinkReport {
  /** Different idempotency keys. */
  received: number;
  requests: number;
  bytes: number;
  duplicates: number;
  /** Messages that came after a later one of their lane. */
  misordered: number;
  lanes: number;
  /** Milliseconds since the epoch; 0 = nothing came. */
  lastAt: number;
  /** Milliseconds from when the sender made the message until it was here. */
  endToEnd: Percentiles;
}

export interface Sink {
  port: number;
  pid: number;
  report(): Promise<SinkReport>;
  reset(): Promise<void>;
  /** Waits until so many have come and no more do, `patienceMs` at most. @returns the last report, also when the time was up */
  drained(count: number, patienceMs: number): Promise<SinkReport>;
  stop(): void;
}

const LOOK_MS = 100;

/** @param latencyMs until it answers */
export async function startSink(latencyMs = 0): Promise<Sink> {
  const { child, first } = await start('./sink.ts', { LATENCY_MS: String(latencyMs) });
  const report = async (): Promise<SinkReport> => {
    const answer = await ask(child, 'report');
    if (!isSinkReport(answer)) throw new Error('the sink answered with something else');
    return answer;
  };
  return {
    port: numberOf(first, 'port'),
    pid: child.pid ?? 0,
    report,
    reset: async () => void (await ask(child, 'reset')),
    async drained(count, patienceMs) {
      const deadline = Date.now() + patienceMs;
      for (let last = -1; ; ) {
        const now = await report();
        if ((now.received >= count && now.received === last) || Date.now() > deadline) return now;
        last = now.received;
        await sleep(LOOK_MS);
      }
    },
    stop: () => void child.kill(),
  };
}

function isSinkReport(value: unknown): value is SinkReport {
  return typeof value === 'object' && value !== null && 'received' in value && 'endToEnd' in value && 'misordered' in value;
}
