/** What a subject does at most: 64 connections in a closed loop, after a warm-up that is delivered before the measuring begins. */
import { startLoad } from './load/start-load.ts';
import type { Percentiles } from './percentiles.ts';
import type { Sink } from './start-sink.ts';
import type { Subject } from './subjects.ts';

export interface Peak {
  acknowledgedPerSecond: number;
  ack: Percentiles;
  /** What came to the sink while the load lasted. */
  deliveredPerSecond: number;
  endToEnd: Percentiles;
  /** Acknowledged and never delivered. */
  lost: number;
  duplicated: number;
  /** Acknowledged and not yet delivered when the load ended. */
  backlogAtEnd: number;
  /** Microseconds of CPU a message. */
  ownMicros: number;
  postgresMicros: number;
}

export interface PeakOptions {
  durationMs: number;
  path?: string;
  bytes?: number;
  connections?: number;
  /** Deliveries of one message; 0: nothing is delivered. */
  deliveries?: number;
}

const WARM_MS = 3_000;
export const DRAIN_MS = 60_000;

export async function measurePeak(subject: Subject, sink: Sink, { durationMs, deliveries = 1, ...shape }: PeakOptions): Promise<Peak> {
  const load = await startLoad(subject);
  try {
    await sink.reset();
    // The first seconds compile the code and fill the caches.
    const warm = await load.closed({ ...shape, durationMs: Math.min(WARM_MS, durationMs) });
    await sink.drained(warm.acknowledged * deliveries, DRAIN_MS);
    await sink.reset();
    const before = subject.cpu();
    const measured = await load.closed({ ...shape, durationMs });
    const atEnd = await sink.report();
    const final = await sink.drained(measured.acknowledged * deliveries, DRAIN_MS);
    const after = subject.cpu();
    const wanted = measured.acknowledged * deliveries;
    const micros = (seconds: number) => (seconds * 1e6) / measured.acknowledged;
    return {
      acknowledgedPerSecond: measured.acknowledged / measured.seconds,
      ack: measured.ack,
      deliveredPerSecond: atEnd.received / measured.seconds,
      endToEnd: final.endToEnd,
      lost: Math.max(0, wanted - final.received),
      duplicated: final.duplicates,
      backlogAtEnd: Math.max(0, wanted - atEnd.received),
      ownMicros: micros(after.own - before.own),
      postgresMicros: micros(after.postgres - before.postgres),
    };
  } finally {
    load.stop();
  }
}
