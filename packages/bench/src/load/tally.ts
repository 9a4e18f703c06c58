/** What a run of the load generator counted. */
import { type Percentiles, percentiles } from '../percentiles.ts';

export interface LoadResult {
  seconds: number;
  sent: number;
  /** Answered with 202. */
  acknowledged: number;
  /** Answers by status; 0 = the connection failed. */
  statuses: Record<string, number>;
  /** Milliseconds from sending to the answer. */
  ack: Percentiles;
  /** Milliseconds between when a message was due and when it was sent: how well the generator kept its rate. */
  late: Percentiles;
}

export interface Tally {
  answered(status: number, latencyMs: number): void;
  late(ms: number): void;
  result(): LoadResult;
}

export function startTally(): Tally {
  const startedAt = performance.now();
  const latencies: number[] = [];
  const lateness: number[] = [];
  const statuses: Record<string, number> = {};
  return {
    answered(status, latencyMs) {
      statuses[status] = (statuses[status] ?? 0) + 1;
      latencies.push(latencyMs);
    },
    late: (ms) => void lateness.push(ms),
    result: () => ({
      seconds: (performance.now() - startedAt) / 1_000,
      sent: latencies.length,
      acknowledged: statuses['202'] ?? 0,
      statuses,
      ack: percentiles(latencies),
      late: percentiles(lateness),
    }),
  };
}
