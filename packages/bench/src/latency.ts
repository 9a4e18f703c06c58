/** The second half of `pnpm bench`: latencies of Nave at half of its own peak, and of a single message when nothing else goes on. */
import { type Latency, measureLatency } from './measure-latency.ts';
import { measurePeak } from './measure-peak.ts';
import { spreadOf } from './spread.ts';
import type { Sink } from './start-sink.ts';
import { startNave } from './subjects.ts';
import { atMost, printLines } from './table.ts';

export interface LatencyOptions {
  backend: string;
  redisUrl: string | null;
  sink: Sink;
  /** Deliveries a second at most, as measured before. */
  peak: number;
  rounds: number;
  durationMs: number;
}

const IDLE_PER_SECOND = 5;
const WARM_MS = 5_000;

export async function latency({ backend, redisUrl, sink, peak, rounds, durationMs }: LatencyOptions): Promise<void> {
  const half: Latency[] = [];
  const idle: Latency[] = [];
  for (let round = 1; round <= rounds; round++) {
    const subject = await startNave(sink.port, redisUrl);
    try {
      await measurePeak(subject, sink, { durationMs: Math.min(WARM_MS, durationMs) });
      half.push(await measureLatency(subject, sink, Math.round(peak / 2), durationMs));
      idle.push(await measureLatency(subject, sink, IDLE_PER_SECOND, durationMs));
    } finally {
      await subject.stop();
    }
  }
  const of = (all: readonly Latency[], pick: (latency: Latency) => number) => spreadOf(all.map(pick));
  printLines(`Nave on ${backend}: latencies, open loop, medians of ${rounds} runs of ${durationMs / 1_000} s`, [
    { what: 'rate: half of the peak', measured: `${Math.round(peak / 2)}/s` },
    { what: 'refused', measured: String(half.reduce((sum, { refused }) => sum + refused, 0)) },
    { what: 'lateness of the generator, p99', measured: `${of(half, ({ lateP99 }) => lateP99).median.toFixed(1)} ms` },
    atMost(
      '202 p99 at half of the peak',
      of(half, ({ ackP99 }) => ackP99),
      15,
      ' ms',
    ),
    atMost(
      'end to end p50 at half of the peak',
      of(half, ({ endToEndP50 }) => endToEndP50),
      15,
      ' ms',
    ),
    atMost(
      'end to end p99 at half of the peak',
      of(half, ({ endToEndP99 }) => endToEndP99),
      60,
      ' ms',
    ),
    atMost(
      'end to end p50, one message every 200 ms',
      of(idle, ({ endToEndP50 }) => endToEndP50),
      8,
      ' ms',
    ),
    { what: 'end to end p99, one message every 200 ms', measured: `${of(idle, ({ endToEndP99 }) => endToEndP99).median.toFixed(1)} ms` },
  ]);
}
