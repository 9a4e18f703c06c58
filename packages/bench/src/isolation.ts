/**
 * `pnpm bench --isolation`: how much three sick systems slow seventeen well ones down. Each run is a pair on fresh hubs: the seventeen alone, then with one that
 * never answers, one that answers 500 and one that takes 5 s, each getting as many messages as every other. Afterwards 100,000 deliveries wait for one dead system.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { type BenchHub, startHub } from './hub.ts';
import { startLoad } from './load/start-load.ts';
import { numberOf } from './number-of.ts';
import { median } from './percentiles.ts';
import { ask, residentMb, start } from './processes.ts';

export interface IsolationOptions {
  rounds: number;
  durationMs: number;
  /** Set on every hub: `REDIS_URL` or nothing. */
  env: Readonly<Record<string, string>>;
  /** Messages a second to each of the spokes. */
  perSpoke: number;
  /** Deliveries that wait for the dead spoke at the end; 0 = leave that part out. */
  waiting: number;
}

const WELL = Array.from({ length: 17 }, (_, n) => `well-${n + 1}`);
const SICK = ['hang', 'fail', 'slow'];
const WARM_MS = 5_000;
/** The hang lasts until here. */
const TIMEOUT = '10s';
const PUBLISH_MAX = 1_000;

export async function isolation({ rounds, durationMs, env, perSpoke, waiting }: IsolationOptions): Promise<void> {
  const farm = await start('./spoke-farm.ts');
  const ratios: number[] = [];
  try {
    for (let round = 1; round <= rounds; round++) {
      const alone = await measure(WELL);
      const together = await measure([...WELL, ...SICK]);
      ratios.push(together.p99 / alone.p99);
      console.log(
        `${round}/${rounds} alone p50 ${alone.p50.toFixed(1)} p99 ${alone.p99.toFixed(1)} ms (${alone.received} delivered)   ` +
          `with the three p50 ${together.p50.toFixed(1)} p99 ${together.p99.toFixed(1)} ms (${together.received} delivered)   ratio of p99 ${(together.p99 / alone.p99).toFixed(2)}`,
      );
    }
    if (rounds > 0)
      console.log(
        `\nend to end p99 of 17 spokes, ${perSpoke} messages/s to each, ${durationMs / 1_000} s: with three sick ones ${median(ratios).toFixed(2)} times what it is without ` +
          `(${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)}, ${rounds} pairs)`,
      );
    if (waiting > 0) await memory();
  } finally {
    farm.child.kill();
  }

  async function measure(spokes: readonly string[]): Promise<{ p50: number; p99: number; received: number }> {
    const hub = await startHub(env);
    const load = await startLoad(hub);
    try {
      await configure(hub, spokes);
      const perSecond = perSpoke * spokes.length;
      await load.open({ types: spokes, stages: [{ perSecond, durationMs: WARM_MS }] });
      await ask(farm.child, 'reset');
      const sent = await load.open({ types: spokes, stages: [{ perSecond, durationMs }] });
      if (sent.acknowledged < sent.sent) console.log(`refused: ${sent.sent - sent.acknowledged}`);
      await sleep(1_000);
      const seen = await ask(farm.child, 'report');
      return { p50: numberOf(seen, 'p50'), p99: numberOf(seen, 'p99'), received: numberOf(seen, 'received') };
    } finally {
      load.stop();
      await hub.stop();
    }
  }

  async function configure(hub: BenchHub, spokes: readonly string[]): Promise<void> {
    await hub.api('PUT', '/api/v1/spokes/shop', {
      kind: 'source',
      inbound: { verify: { scheme: 'none' }, type: 'type', idempotencyKey: 'id' },
    });
    for (const spoke of spokes) {
      await hub.api('PUT', `/api/v1/spokes/${spoke}`, {
        kind: 'rest',
        config: {
          baseUrl: `http://127.0.0.1:${numberOf(farm.first, 'port')}`,
          operations: { create: { method: 'POST', path: `/${spoke}` } },
        },
        policy: { timeout: TIMEOUT },
      });
      await hub.api('PUT', `/api/v1/routes/to-${spoke}`, {
        from: { spoke: 'shop', type: spoke },
        when: 'data.total > 0',
        steps: [
          { name: 'create', to: spoke, operation: 'create', input: '{ "number": data.id, "total": data.total, "sentAt": data.sentAt }' },
        ],
      });
    }
  }

  async function memory(): Promise<void> {
    const hub = await startHub(env);
    try {
      await configure(hub, ['hang']);
      await sleep(3_000);
      const before = Math.round(residentMb(hub.pid));
      let peak = before;
      for (let sent = 0; sent < waiting; sent += PUBLISH_MAX) {
        const batch = Array.from({ length: Math.min(PUBLISH_MAX, waiting - sent) }, (_, n) => ({
          ...{ source: 'shop', type: 'hang', idempotencyKey: `wait-${sent + n}` },
          data: { id: sent + n, total: 1, sentAt: 0 },
        }));
        await hub.api('POST', '/v1/messages', batch);
        peak = Math.max(peak, Math.round(residentMb(hub.pid)));
      }
      const loaded = Math.round(residentMb(hub.pid));
      for (let second = 0; second < 30; second++) {
        await sleep(1_000);
        peak = Math.max(peak, Math.round(residentMb(hub.pid)));
      }
      console.log(
        `${waiting} deliveries wait for one dead spoke: resident memory ${before} MB before, ${loaded} MB when all were accepted, ${Math.round(residentMb(hub.pid))} MB 30 s later, at most ${peak} MB`,
      );
    } finally {
      await hub.stop();
    }
  }
}
