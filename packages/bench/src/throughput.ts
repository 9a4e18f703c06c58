/**
 * `pnpm bench`: what the hub does per second and how long it takes, as ratios of a bare Fastify route on the same machine in the same run.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { type BenchHub, configure, startHub } from './hub.ts';
import { numberOf } from './number-of.ts';
import { median } from './percentiles.ts';
import { ask, cpuUse, start } from './processes.ts';
import { REDIS_PORT, startRedis } from './redis.ts';

interface Measured {
  acknowledgedPerSecond: number;
  ackP50: number;
  ackP99: number;
  deliveredPerSecond: number | null;
  endToEndP50: number | null;
  endToEndP99: number | null;
  lost: number;
  duplicated: number;
  backlogAtEnd: number;
  cpu: string;
}

const CASES = ['bare', 'accept', 'postgres', 'redis'] as const;
type Case = (typeof CASES)[number];

const DRAIN_MS = 30_000;
const CONNECTIONS = 64;

export interface ThroughputOptions {
  rounds: number;
  durationMs: number;
  /** Cases to run; undefined = all. */
  only: string | undefined;
}

export async function throughput({ rounds, durationMs, only }: ThroughputOptions): Promise<void> {
  const wanted = CASES.filter((name) => only === undefined || only.split(',').includes(name));
  const results = new Map<Case, Measured[]>(wanted.map((name) => [name, []]));
  const sink = await start('./sink.ts');
  const sinkPort = numberOf(sink.first, 'port');
  const redis = wanted.includes('redis') ? await startRedis() : null;
  try {
    for (let round = 1; round <= rounds; round++) {
      for (const name of wanted) {
        if (name === 'redis' && redis === null) continue;
        const measured = name === 'bare' ? await bare() : await hubCase(name);
        results.get(name)?.push(measured);
        console.log(line(`${round}/${rounds} ${name}`, measured));
      }
    }
    report();
  } finally {
    sink.child.kill();
    redis?.kill('SIGKILL');
  }

  async function bare(): Promise<Measured> {
    const { child, first } = await start('./bare.ts');
    const before = cpuUse(child.pid ?? 0);
    const load = await generate('127.0.0.1', numberOf(first, 'port'), '/hooks/shop');
    const after = cpuUse(child.pid ?? 0);
    child.kill();
    return {
      ...load,
      deliveredPerSecond: null,
      endToEndP50: null,
      endToEndP99: null,
      lost: 0,
      duplicated: 0,
      backlogAtEnd: 0,
      cpu: `server ${share(after.own - before.own)}`,
    };
  }

  async function hubCase(name: 'accept' | 'postgres' | 'redis'): Promise<Measured> {
    await ask(sink.child, 'reset');
    const env: Record<string, string> = name === 'redis' ? { REDIS_URL: `redis://127.0.0.1:${REDIS_PORT}/0` } : {};
    const hub = await startHub(17_070, env);
    try {
      await configure(hub, sinkPort);
      const before = cpuUse(hub.pid);
      const load = await generate(hub.host, hub.port, name === 'accept' ? '/hooks/quiet' : '/hooks/shop');
      const after = cpuUse(hub.pid);
      const each = (seconds: number) =>
        `${share(seconds)} (${Math.round((seconds * 1e6) / (load.acknowledgedPerSecond * (durationMs / 1_000)))} µs a message)`;
      const cpu = `hub ${each(after.own - before.own)}, postgres ${each(after.below - before.below)}`;
      if (name === 'accept')
        return { ...load, deliveredPerSecond: null, endToEndP50: null, endToEndP99: null, lost: 0, duplicated: 0, backlogAtEnd: 0, cpu };
      const atEnd = await received();
      const total = Math.round(load.acknowledgedPerSecond * (durationMs / 1_000));
      const final = await drained(total);
      return {
        ...load,
        deliveredPerSecond: atEnd.received / (durationMs / 1_000),
        endToEndP50: final.p50,
        endToEndP99: final.p99,
        lost: await undelivered(hub),
        duplicated: final.duplicates,
        backlogAtEnd: Math.max(0, total - atEnd.received),
        cpu,
      };
    } finally {
      await hub.stop();
    }
  }

  async function generate(
    host: string,
    port: number,
    path: string,
  ): Promise<Pick<Measured, 'acknowledgedPerSecond' | 'ackP50' | 'ackP99'>> {
    const { child } = await start('./load.ts');
    // The first seconds compile the code and fill the caches.
    await ask(child, { host, port, path, connections: CONNECTIONS, durationMs: Math.min(3_000, durationMs / 3) });
    const answer = await ask(child, { host, port, path, connections: CONNECTIONS, durationMs });
    child.kill();
    return {
      acknowledgedPerSecond: numberOf(answer, 'acknowledged') / numberOf(answer, 'seconds'),
      ackP50: numberOf(answer, 'p50'),
      ackP99: numberOf(answer, 'p99'),
    };
  }

  async function received(): Promise<{ received: number; duplicates: number; p50: number; p99: number }> {
    const answer = await ask(sink.child, 'report');
    return {
      received: numberOf(answer, 'received'),
      duplicates: numberOf(answer, 'duplicates'),
      p50: numberOf(answer, 'p50'),
      p99: numberOf(answer, 'p99'),
    };
  }

  async function drained(total: number): Promise<Awaited<ReturnType<typeof received>>> {
    const deadline = Date.now() + DRAIN_MS;
    for (let last = -1; ; ) {
      const now = await received();
      if ((now.received >= total && now.received === last) || Date.now() > deadline) return now;
      last = now.received;
      await sleep(500);
    }
  }

  /** Deliveries that are not succeeded, as the hub itself says. */
  async function undelivered(hub: BenchHub): Promise<number> {
    const answer = await hub.api('GET', '/api/v1/queues');
    if (typeof answer !== 'object' || answer === null || !('items' in answer) || !Array.isArray(answer.items))
      throw new Error('no queue figures');
    let open = 0;
    for (const item of answer.items) for (const count of Object.values(Object(item.depth))) open += Number(count);
    return open;
  }

  function report(): void {
    const base = median((results.get('bare') ?? []).map((m) => m.acknowledgedPerSecond));
    console.log(
      `\nmedians of ${rounds} interleaved rounds, ${durationMs / 1_000} s each, ${CONNECTIONS} connections, closed loop, 1 KB JSON; ratio = of the bare route`,
    );
    for (const [name, all] of results) {
      if (all.length === 0) continue;
      const rate = (m: Measured) => m.deliveredPerSecond ?? m.acknowledgedPerSecond;
      const rates = all.map(rate);
      const middle = all.find((m) => rate(m) === median(rates)) ?? all[0];
      if (middle === undefined) continue;
      const ratio = Number.isNaN(base)
        ? ''
        : `   ratio ${(median(rates) / base).toFixed(3)} (${(Math.min(...rates) / base).toFixed(3)} to ${(Math.max(...rates) / base).toFixed(3)})`;
      console.log(line(name, middle) + ratio);
    }
  }

  function line(name: string, m: Measured): string {
    const parts = [
      name.padEnd(14),
      `ack ${Math.round(m.acknowledgedPerSecond)}/s p50 ${m.ackP50.toFixed(1)} p99 ${m.ackP99.toFixed(1)} ms`,
    ];
    if (m.deliveredPerSecond !== null && m.endToEndP50 !== null && m.endToEndP99 !== null) {
      parts.push(
        `delivered ${Math.round(m.deliveredPerSecond)}/s end to end p50 ${m.endToEndP50.toFixed(1)} p99 ${m.endToEndP99.toFixed(1)} ms`,
      );
      parts.push(`lost ${m.lost} duplicated ${m.duplicated} backlog ${m.backlogAtEnd}`);
    }
    return [...parts, `cpu ${m.cpu}`].join('   ');
  }

  function share(seconds: number): string {
    return `${Math.round((seconds / (durationMs / 1_000)) * 100)} %`;
  }
}
