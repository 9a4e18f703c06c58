/**
 * `pnpm bench`: what the hub delivers per second, as a ratio of the bare laboratory hub on the same backend in the same round, beside a bare Fastify route and
 * Node-RED; then how long messages take at half of its own peak, and one by one.
 */
import { latency } from './latency.ts';
import { measurePeak, type Peak } from './measure-peak.ts';
import { installNodeRed } from './node-red/install.ts';
import { startRedis } from './redis.ts';
import { inRounds, ratios, spreadOf } from './spread.ts';
import { type Sink, startSink } from './start-sink.ts';
import { type Subject, startBare, startNave, startNodeRed, startYardstick } from './subjects.ts';
import { atLeast, type Line, printLines, printTable, shown } from './table.ts';

const DEFAULT_CASES = ['bare', 'yardstick-postgres', 'postgres', 'yardstick-redis', 'redis', 'node-red'] as const;
/** Only when asked for: accepting messages that no route takes; the yardstick as one process, which is the slower shape. */
const FURTHER_CASES = ['accept', 'single-postgres', 'single-redis'] as const;
type Case = (typeof DEFAULT_CASES)[number] | (typeof FURTHER_CASES)[number];

const BACKENDS = ['postgres', 'redis'] as const;
const WANTED = { postgres: 0.65, redis: 0.75 } as const;

export interface ThroughputOptions {
  rounds: number;
  durationMs: number;
  /** Cases with commas; undefined = the usual ones. */
  only: string | undefined;
  /** How often latencies are measured; 0 = not. */
  latencyRounds: number;
}

export async function throughput({ rounds, durationMs, only, latencyRounds }: ThroughputOptions): Promise<void> {
  const all: readonly Case[] = [...DEFAULT_CASES, ...FURTHER_CASES];
  const names = only === undefined ? DEFAULT_CASES : all.filter((name) => only.split(',').includes(name));
  const redis = names.some((name) => name.endsWith('redis')) ? await startRedis() : null;
  const nodeRed = names.includes('node-red') ? installNodeRed() : null;
  const sink = await startSink();
  const starters: Record<Case, (() => Promise<Subject>) | null> = {
    bare: startBare,
    accept: () => startNave(sink.port, null),
    postgres: () => startNave(sink.port, null),
    'yardstick-postgres': () => startYardstick(sink.port, null),
    'single-postgres': () => startYardstick(sink.port, null, false),
    redis: redis === null ? null : () => startNave(sink.port, redis.url),
    'yardstick-redis': redis === null ? null : () => startYardstick(sink.port, redis.url),
    'single-redis': redis === null ? null : () => startYardstick(sink.port, redis.url, false),
    'node-red': nodeRed === null ? null : () => startNodeRed(sink.port, nodeRed),
  };
  try {
    const results = await inRounds(rounds, names, async (name, round) => {
      await redis?.flush();
      const starter = starters[name];
      if (starter === null) return null;
      const measured = await once(name, starter, sink, durationMs);
      console.log(`${round}/${rounds} ${name.padEnd(18)} ${told(measured)}`);
      return measured;
    });
    report(results, { rounds, durationMs });
    for (const backend of BACKENDS) {
      const peaks = results.get(backend) ?? [];
      if (latencyRounds === 0 || peaks.length === 0) continue;
      await redis?.flush();
      const peak = spreadOf(peaks.map(rateOf)).median;
      await latency({
        backend,
        redisUrl: backend === 'redis' ? (redis?.url ?? null) : null,
        sink,
        peak,
        rounds: latencyRounds,
        durationMs,
      });
    }
  } finally {
    sink.stop();
    redis?.stop();
  }
}

async function once(name: Case, starter: () => Promise<Subject>, sink: Sink, durationMs: number): Promise<Peak> {
  const subject = await starter();
  try {
    if (name === 'bare') return await measurePeak(subject, sink, { durationMs, deliveries: 0 });
    if (name === 'accept') return await measurePeak(subject, sink, { durationMs, deliveries: 0, path: '/hooks/quiet' });
    return await measurePeak(subject, sink, { durationMs });
  } finally {
    await subject.stop();
  }
}

/** Where nothing is delivered: what is acknowledged. */
function rateOf(peak: Peak): number {
  return peak.deliveredPerSecond > 0 ? peak.deliveredPerSecond : peak.acknowledgedPerSecond;
}

function told(peak: Peak): string {
  const { acknowledgedPerSecond, ack, deliveredPerSecond, endToEnd, lost, duplicated, backlogAtEnd, ownMicros, postgresMicros } = peak;
  const delivered =
    deliveredPerSecond === 0
      ? ''
      : `   delivered ${deliveredPerSecond.toFixed(0)}/s end to end p50 ${endToEnd.p50.toFixed(1)} p99 ${endToEnd.p99.toFixed(1)} ms   lost ${lost} duplicated ${duplicated} backlog ${backlogAtEnd}`;
  return `ack ${acknowledgedPerSecond.toFixed(0)}/s p50 ${ack.p50.toFixed(1)} p99 ${ack.p99.toFixed(1)} ms${delivered}   cpu ${ownMicros.toFixed(0)} + ${postgresMicros.toFixed(0)} µs`;
}

function report(results: Map<Case, Peak[]>, { rounds, durationMs }: { rounds: number; durationMs: number }): void {
  const rates = (name: Case) => (results.get(name) ?? []).map(rateOf);
  const rows = [...results]
    .filter(([, peaks]) => peaks.length > 0)
    .map(([name, peaks]) => {
      const middle = (pick: (peak: Peak) => number, digits: number) => spreadOf(peaks.map(pick)).median.toFixed(digits);
      const isDelivering = peaks.some(({ deliveredPerSecond }) => deliveredPerSecond > 0);
      return [
        name,
        shown(spreadOf(rates(name)), 0, '/s'),
        `${middle(({ ack }) => ack.p50, 1)} / ${middle(({ ack }) => ack.p99, 1)} ms`,
        isDelivering ? `${middle(({ endToEnd }) => endToEnd.p50, 0)} / ${middle(({ endToEnd }) => endToEnd.p99, 0)} ms` : '',
        `${middle(({ ownMicros }) => ownMicros, 0)} + ${middle(({ postgresMicros }) => postgresMicros, 0)} µs`,
        isDelivering
          ? `${peaks.reduce((sum, { lost }) => sum + lost, 0)} / ${peaks.reduce((sum, { duplicated }) => sum + duplicated, 0)}`
          : '',
      ];
    });
  printTable(
    `medians of ${rounds} interleaved rounds of ${durationMs / 1_000} s, 64 connections in a closed loop, 1 KB of JSON`,
    [
      'case',
      'delivered (bare, accept: answered)',
      '202 p50 / p99',
      'end to end p50 / p99',
      'CPU a message: process + PostgreSQL',
      'lost / twice',
    ],
    rows,
  );
  const lines: Line[] = [];
  for (const backend of BACKENDS) {
    const pairs = ratios(rates(backend), rates(`yardstick-${backend}`));
    if (pairs.length > 0) lines.push(atLeast(`Nave on ${backend} / yardstick on ${backend}`, spreadOf(pairs), WANTED[backend]));
    const red = ratios(rates(backend), rates('node-red'));
    if (red.length > 0) lines.push(atLeast(`Nave on ${backend} / Node-RED`, spreadOf(red), 1));
  }
  if (lines.length > 0) printLines('ratios of delivered/s, round by round', lines);
}
