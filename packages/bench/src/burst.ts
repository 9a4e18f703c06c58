/**
 * `pnpm bench --burst`: 20,000 messages at once to one spoke of concurrency 50, without and with lanes: how fast they are accepted, what the hub's memory does, how
 * fast they are delivered, and in which order. Then a spike of ten times a steady rate.
 */
import { configure, type Shape } from './configure.ts';
import { type BenchHub, startHub } from './hub.ts';
import { startLoad } from './load/start-load.ts';
import { residentMb, watchMemory } from './processes.ts';
import { inRounds, spreadOf } from './spread.ts';
import { type Sink, startSink } from './start-sink.ts';
import { atLeast, atMost, type Line, printLines } from './table.ts';

export interface BurstOptions {
  rounds: number;
  durationMs: number;
  /** Of one burst. */
  messages: number;
  redisUrl: string | null;
}

interface Burst {
  /** Of the rate at which the same messages are accepted while nothing is delivered. */
  acceptShare: number;
  acceptedPerSecond: number;
  grownMb: number;
  /** Of the rate at which deliveries keep up with a steady load, what is delivered a second: after the last 202, or of the whole burst when nearly nothing is left then. */
  drainShare: number;
  drainedPerSecond: number;
  misordered: number;
  missing: number;
}

const CONCURRENCY = 50;
/** Senders of the burst. */
const SENDERS = 256;
const WARM_MS = 3_000;
const DRAIN_MS = 180_000;
/** Share of the burst that is left after its last 202 from which on draining is measured by itself. */
const FEW_LEFT = 0.2;
const CASES = ['plain', 'lanes'] as const;

export async function burst({ rounds, durationMs, messages, redisUrl }: BurstOptions): Promise<void> {
  const sink = await startSink();
  const env: Record<string, string> = redisUrl === null ? {} : { REDIS_URL: redisUrl };
  try {
    const results = await inRounds(rounds, CASES, async (name, round) => {
      const hub = await startHub(env);
      try {
        const measured = await measure(hub, sink, { durationMs, messages, shape: { concurrency: CONCURRENCY, lanes: name === 'lanes' } });
        console.log(
          `${round}/${rounds} ${name}: accepted ${measured.acceptedPerSecond.toFixed(0)}/s, grown ${measured.grownMb.toFixed(0)} MB, drained ${measured.drainedPerSecond.toFixed(0)}/s, misordered ${measured.misordered}, missing ${measured.missing}`,
        );
        return measured;
      } finally {
        await hub.stop();
      }
    });
    for (const [name, all] of results) report(name, all, messages);
  } finally {
    sink.stop();
  }
}

async function measure(hub: BenchHub, sink: Sink, options: { durationMs: number; messages: number; shape: Shape }): Promise<Burst> {
  await configure(hub, sink.port, options.shape);
  const load = await startLoad(hub);
  try {
    await sink.reset();
    const warm = await load.closed({ durationMs: WARM_MS });
    await sink.drained(warm.acknowledged, DRAIN_MS);

    await sink.reset();
    const steady = await load.closed({ durationMs: options.durationMs });
    const delivered = (await sink.report()).received / steady.seconds;
    await sink.drained(steady.acknowledged, DRAIN_MS);

    // The peak of accepting: the same route, while its target is paused.
    await hub.api('POST', '/api/v1/queues/sink/pause');
    await sink.reset();
    const paused = await load.closed({ durationMs: options.durationMs });
    await hub.api('POST', '/api/v1/queues/sink/resume');
    await sink.drained(paused.acknowledged, DRAIN_MS);

    await sink.reset();
    const before = residentMb(hub.pid);
    const mostMb = watchMemory(hub.pid);
    const startedAt = Date.now();
    const sent = await load.closed({ count: options.messages, connections: SENDERS });
    const acceptedAt = Date.now();
    const then = await sink.report();
    const end = await sink.drained(sent.acknowledged, DRAIN_MS);
    const acceptedPerSecond = sent.acknowledged / sent.seconds;
    const left = end.received - then.received;
    const drainedPerSecond =
      left < options.messages * FEW_LEFT ? end.received / ((end.lastAt - startedAt) / 1_000) : left / ((end.lastAt - acceptedAt) / 1_000);
    return {
      acceptedPerSecond,
      acceptShare: acceptedPerSecond / (paused.acknowledged / paused.seconds),
      grownMb: mostMb() - before,
      drainedPerSecond,
      drainShare: drainedPerSecond / delivered,
      misordered: end.misordered,
      missing: options.messages - end.received,
    };
  } finally {
    load.stop();
  }
}

function report(name: (typeof CASES)[number], all: readonly Burst[], messages: number): void {
  const of = (pick: (burst: Burst) => number) => spreadOf(all.map(pick));
  const none = (what: string, count: number): Line => ({ what, measured: String(count), wanted: '0', met: count === 0 });
  printLines(`${messages} messages at once to one spoke of concurrency ${CONCURRENCY}${name === 'lanes' ? `, in ${SENDERS} lanes` : ''}`, [
    atLeast(
      'accept rate / accept rate while nothing is delivered',
      of(({ acceptShare }) => acceptShare),
      0.7,
    ),
    atMost(
      'growth of memory',
      of(({ grownMb }) => grownMb),
      150,
      ' MB',
      0,
    ),
    atLeast(
      'drain rate / delivery rate under steady load',
      of(({ drainShare }) => drainShare),
      0.95,
    ),
    none(
      'not delivered',
      all.reduce((sum, { missing }) => sum + missing, 0),
    ),
    ...(name === 'lanes'
      ? [
          none(
            'delivered out of order',
            all.reduce((sum, { misordered }) => sum + misordered, 0),
          ),
        ]
      : []),
  ]);
}
