/** What a call of a reply route costs over calling the system directly, at a rate that nobody is busy with; the commit's own time is measured beside it. */
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { type BenchHub, startHub } from './hub.ts';
import { median, percentiles } from './percentiles.ts';
import { ask, cpuUse, start } from './processes.ts';
import type { ReplyOrder } from './reply-load.ts';

export interface ReplyOptions {
  rounds: number;
  durationMs: number;
  /** Calls a second, each made directly and through the hub. */
  perSecond: number;
}

const KEY = 'bench-admin-key-0123456789';
const WANTED_MS = 3;
const WARM_UP_MS = 5_000;
const COMMITS_PER_SECOND = 20;

interface Told {
  failed: number;
  p50: number;
  p95: number;
  p99: number;
}

export async function reply({ rounds, durationMs, perSecond }: ReplyOptions): Promise<void> {
  const sink = await start('./sink.ts');
  const port = portOf(sink.first);
  const hub = await startHub();
  const load = await start('./reply-load.ts');
  const client = new pg.Client({ connectionString: hub.databaseUrl() });
  try {
    await configure(hub, port);
    await client.connect();
    await client.query('CREATE TABLE IF NOT EXISTS bench_own_commit (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), body bytea)');
    const order: ReplyOrder = {
      direct: { port, path: '/price' },
      hub: { port: hub.port, path: '/call/price', key: KEY },
      ...{ perSecond, durationMs: WARM_UP_MS },
    };
    await ask(load.child, order);
    const overheads: number[] = [];
    console.log(`calls at ${perSecond}/s, each directly and through the hub, ${rounds} rounds of ${durationMs / 1_000} s (ms)`);
    console.log('round  direct p50  p99     hub p50   p99     overhead p50  commit p50  hub CPU  database CPU  failed');
    for (let round = 1; round <= rounds; round += 1) {
      const before = cpuUse(hub.pid);
      const [told, commits] = await Promise.all([ask(load.child, { ...order, durationMs }), commitTimes(client, durationMs)]);
      const after = cpuUse(hub.pid);
      const { direct, hub: through } = answerOf(told);
      const overhead = through.p50 - direct.p50;
      overheads.push(overhead);
      const share = (a: number, b: number) => `${Math.round(((b - a) / durationMs) * 100_000)} %`.padStart(8);
      console.log(
        [
          String(round).padStart(5),
          ...[direct.p50, direct.p99, through.p50, through.p99, overhead, commits].map((ms) => ms.toFixed(2).padStart(10)),
          ...[share(before.own, after.own), share(before.below, after.below)],
          String(direct.failed + through.failed).padStart(6),
        ].join(' '),
      );
    }
    const found = median(overheads);
    console.log(`overhead p50: ${found.toFixed(2)} ms (wanted: at most ${WANTED_MS} ms) ${found <= WANTED_MS ? 'ok' : 'MISSED'}`);
  } finally {
    await client.end().catch(() => undefined);
    load.child.disconnect();
    await hub.stop();
    sink.child.disconnect();
  }
}

/** Milliseconds that a small insert takes to be on disk, in the middle, made now and then while the calls are made. */
async function commitTimes(client: pg.Client, durationMs: number): Promise<number> {
  const times: number[] = [];
  const deadline = performance.now() + durationMs;
  const body = Buffer.alloc(1_000, 7);
  while (performance.now() < deadline) {
    const startedAt = performance.now();
    await client.query({ name: 'own-commit', text: 'INSERT INTO bench_own_commit (body) VALUES ($1)', values: [body] });
    times.push(performance.now() - startedAt);
    await sleep(1_000 / COMMITS_PER_SECOND);
  }
  return percentiles(times).p50;
}

async function configure(hub: BenchHub, sinkPort: number): Promise<void> {
  await hub.api('PUT', '/api/v1/spokes/shop', { kind: 'source' });
  await hub.api('PUT', '/api/v1/spokes/erp', {
    kind: 'rest',
    config: { baseUrl: `http://127.0.0.1:${sinkPort}`, operations: { price: { method: 'POST', path: '/price' } } },
    policy: { concurrency: 64 },
  });
  await hub.api('PUT', '/api/v1/routes/price', {
    ...{ from: { spoke: 'shop', type: 'price.asked' }, mode: 'reply', timeout: '5s' },
    steps: [
      { name: 'ask', to: 'erp', operation: 'price', input: '{ "sku": data.sku, "quantity": data.quantity, "customer": data.customer.id }' },
    ],
  });
}

function portOf(first: unknown): number {
  if (typeof first === 'object' && first !== null && 'port' in first && typeof first.port === 'number') return first.port;
  throw new Error('the receiving system told no port');
}

function answerOf(told: unknown): { direct: Told; hub: Told } {
  if (typeof told === 'object' && told !== null && 'direct' in told && 'hub' in told && isTold(told.direct) && isTold(told.hub))
    return { direct: told.direct, hub: told.hub };
  throw new Error('the callers told nothing');
}

function isTold(value: unknown): value is Told {
  return typeof value === 'object' && value !== null && 'failed' in value && 'p50' in value && 'p99' in value;
}
