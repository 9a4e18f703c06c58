/**
 * `pnpm bench --two-workers`: a spoke that takes 250 ms for an answer and may get 1,000 at once, behind worker processes of 100 each: two must deliver nearly twice
 * what one does. Hub, workers and database are processes of their own.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { configure } from './configure.ts';
import { startDatabase } from './database.ts';
import { type BenchHub, externalEnv, startHub } from './hub.ts';
import { startLoad } from './load/start-load.ts';
import { type BenchRedis, startRedis } from './redis.ts';
import { inRounds, ratios, spreadOf } from './spread.ts';
import { type Sink, startSink } from './start-sink.ts';
import { atLeast, printLines, shown } from './table.ts';

export interface TwoWorkersOptions {
  rounds: number;
  durationMs: number;
  redis: boolean;
}

const LATENCY_MS = 250;
const PER_WORKER = 100;
const POLICY_CONCURRENCY = 1_000;
const WARM_MS = 5_000;
/** More than two workers can do: there is always something waiting. */
const LOAD_FACTOR = 1.25;

export async function twoWorkers({ rounds, durationMs, redis: onRedis }: TwoWorkersOptions): Promise<void> {
  const redis = onRedis ? await startRedis() : null;
  const sink = await startSink(LATENCY_MS);
  try {
    const results = await inRounds(rounds, ['one', 'two'] as const, async (name, round) => {
      await redis?.flush();
      const rate = await deliveryRate(name === 'one' ? 1 : 2, sink, redis, durationMs);
      console.log(`${round}/${rounds} ${name}: delivered ${rate.toFixed(0)}/s`);
      return rate;
    });
    const [one, two] = [results.get('one') ?? [], results.get('two') ?? []];
    const most = (PER_WORKER * 1_000) / LATENCY_MS;
    printLines(
      `${LATENCY_MS} ms a delivery, ${PER_WORKER} at once per worker process, queue on ${redis === null ? 'PostgreSQL' : 'Redis'}`,
      [
        { what: `one worker process (${most}/s at most)`, measured: shown(spreadOf(one), 0, '/s') },
        { what: `two worker processes (${2 * most}/s at most)`, measured: shown(spreadOf(two), 0, '/s') },
        atLeast('two / one', spreadOf(ratios(two, one)), 1.8),
      ],
    );
  } finally {
    sink.stop();
    redis?.stop();
  }
}

async function deliveryRate(workers: number, sink: Sink, redis: BenchRedis | null, durationMs: number): Promise<number> {
  const database = await startDatabase();
  const env = {
    ...externalEnv(database.url),
    ...(redis === null ? {} : { REDIS_URL: redis.url }),
    NAVE_WORKER_CONCURRENCY: String(PER_WORKER),
  };
  const started: BenchHub[] = [];
  try {
    const hub = await startHub({ ...env, NAVE_ROLE: 'hub' });
    started.push(hub);
    await configure(hub, sink.port, { concurrency: POLICY_CONCURRENCY });
    for (let n = 0; n < workers; n++) started.push(await startHub({ ...env, NAVE_ROLE: 'worker' }));
    const load = await startLoad(hub);
    const perSecond = ((workers * PER_WORKER * 1_000) / LATENCY_MS) * LOAD_FACTOR;
    const sending = load.open({ stages: [{ perSecond, durationMs: WARM_MS + durationMs }] });
    try {
      await sleep(WARM_MS);
      await sink.reset();
      const since = performance.now();
      await sleep(durationMs - 500);
      return (await sink.report()).received / ((performance.now() - since) / 1_000);
    } finally {
      await sending;
      load.stop();
    }
  } finally {
    // What still waits is of no interest: workers first, so that they do not go on with it.
    for (const each of started.reverse()) await each.stop();
    await database.stop();
  }
}
