/** How long messages take when the hub is not full: at a steady rate, and one by one. */
import { setTimeout as sleep } from 'node:timers/promises';
import { startLoad } from './load/start-load.ts';
import { DRAIN_MS } from './measure-peak.ts';
import type { Sink } from './start-sink.ts';
import type { Subject } from './subjects.ts';

export interface Latency {
  perSecond: number;
  ackP99: number;
  endToEndP50: number;
  endToEndP99: number;
  refused: number;
  /** p99 of how late the generator itself was. */
  lateP99: number;
}

const WARM_MS = 3_000;
const SETTLE_MS = 1_000;

/** An open loop at so many a second. */
export async function measureLatency(subject: Subject, sink: Sink, perSecond: number, durationMs: number): Promise<Latency> {
  const load = await startLoad(subject);
  try {
    await sink.reset();
    const warm = await load.open({ stages: [{ perSecond, durationMs: WARM_MS }] });
    await sink.drained(warm.acknowledged, DRAIN_MS);
    await sleep(SETTLE_MS);
    await sink.reset();
    const sent = await load.open({ stages: [{ perSecond, durationMs }] });
    const { endToEnd } = await sink.drained(sent.acknowledged, DRAIN_MS);
    return {
      perSecond,
      ackP99: sent.ack.p99,
      endToEndP50: endToEnd.p50,
      endToEndP99: endToEnd.p99,
      refused: sent.sent - sent.acknowledged,
      lateP99: sent.late.p99,
    };
  } finally {
    load.stop();
  }
}
