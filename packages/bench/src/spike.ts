/** The second half of `pnpm bench --burst`: ten times a steady rate for 10 s. */
import { configure } from './configure.ts';
import { startHub } from './hub.ts';
import { startLoad } from './load/start-load.ts';
import { watchMemory } from './processes.ts';
import { startSink } from './start-sink.ts';
import { printLines } from './table.ts';

export interface SpikeOptions {
  redisUrl: string | null;
  durationMs: number;
  /** Of the delivery rate that is measured first, before and after the spike; the spike is ten times that. */
  baseShare: number;
}

const SPIKE_MS = 10_000;
const TIMES = 10;
const WARM_MS = 3_000;
const CALM_MS = 5_000;
const DRAIN_MS = 180_000;

export async function spike({ redisUrl, durationMs, baseShare }: SpikeOptions): Promise<void> {
  const sink = await startSink();
  const hub = await startHub(redisUrl === null ? {} : { REDIS_URL: redisUrl });
  const load = await startLoad(hub);
  try {
    await configure(hub, sink.port);
    const warm = await load.closed({ durationMs: WARM_MS });
    await sink.drained(warm.acknowledged, DRAIN_MS);
    await sink.reset();
    const steady = await load.closed({ durationMs });
    const delivered = (await sink.report()).received / steady.seconds;
    await sink.drained(steady.acknowledged, DRAIN_MS);

    await sink.reset();
    const base = delivered * baseShare;
    const mostMb = watchMemory(hub.pid);
    const calm = { perSecond: base, durationMs: CALM_MS };
    const sent = await load.open({ stages: [calm, { perSecond: base * TIMES, durationMs: SPIKE_MS }, calm] });
    const endedAt = Date.now();
    const behind = sent.acknowledged - (await sink.report()).received;
    const end = await sink.drained(sent.acknowledged, DRAIN_MS);
    const faults = Object.entries(sent.statuses).filter(([status]) => status === '0' || Number(status) >= 500);
    const faulty = faults.reduce((sum, [, count]) => sum + count, 0);
    const missing = sent.acknowledged - end.received;
    printLines(
      `a spike of ${TIMES} times ${Math.round(base)} messages/s for ${SPIKE_MS / 1_000} s (deliveries reach ${Math.round(delivered)}/s)`,
      [
        { what: 'answers by status', measured: JSON.stringify(sent.statuses) },
        { what: '5xx, and connections that failed', measured: String(faulty), wanted: '0', met: faulty === 0 },
        { what: '202 p99', measured: `${sent.ack.p99.toFixed(0)} ms` },
        {
          what: 'waiting when the load ended',
          measured: `${behind}, gone after ${Math.max(0, (end.lastAt - endedAt) / 1_000).toFixed(1)} s`,
        },
        { what: 'acknowledged and not delivered', measured: String(missing), wanted: '0', met: missing === 0 },
        { what: 'memory of the hub at most', measured: `${mostMb().toFixed(0)} MB` },
      ],
    );
  } finally {
    load.stop();
    sink.stop();
    await hub.stop();
  }
}
