/**
 * `pnpm bench --spokes`: what 500 spokes and 50 routes by type cost: accepting (a hub without a worker, in pairs with one that has one spoke and one route),
 * connections under load, and CPU while nothing goes on.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { configure } from './configure.ts';
import { queryRows, startDatabase } from './database.ts';
import { type BenchHub, externalEnv, startHub } from './hub.ts';
import { startLoad } from './load/start-load.ts';
import { configureMany, type ManySpokes, typesOf } from './many-spokes.ts';
import { cpuUse, residentMb } from './processes.ts';
import { type BenchRedis, startRedis, withClient } from './redis.ts';
import { inRounds, ratios, spreadOf } from './spread.ts';
import { startSink } from './start-sink.ts';
import { atLeast, type Line, printLines, shown } from './table.ts';

export interface SpokesOptions {
  rounds: number;
  durationMs: number;
  many: ManySpokes;
}

const WARM_MS = 3_000;
const IDLE_MS = 20_000;
const SETTLE_MS = 10_000;
const DRAIN_MS = 120_000;
const MAX = { postgres: 25, redis: 4, idlePercent: 3 };

export async function spokes({ rounds, durationMs, many }: SpokesOptions): Promise<void> {
  const redis = await startRedis();
  try {
    const results = await inRounds(rounds, ['one', 'many'] as const, async (name, round) => {
      const rate = await acceptRate(name === 'many' ? many : null, durationMs);
      console.log(`${round}/${rounds} ${name}: accepted ${rate.toFixed(0)}/s`);
      return rate;
    });
    const [one, all] = [results.get('one') ?? [], results.get('many') ?? []];
    printLines(
      `accepting, NAVE_ROLE=hub: ${many.spokes} spokes, ${many.routes} routes by type of ${many.senders} sender(s) / one of each`,
      [
        { what: 'one spoke, one route', measured: shown(spreadOf(one), 0, '/s') },
        { what: 'many', measured: shown(spreadOf(all), 0, '/s') },
        atLeast('many / one', spreadOf(ratios(all, one)), 0.9),
      ],
    );
    printLines(`${many.spokes} spokes, NAVE_ROLE=all`, [
      ...(await atRest('postgres', many, null, durationMs)),
      ...(redis === null ? [] : await atRest('redis', many, redis, durationMs)),
    ]);
  } finally {
    redis?.stop();
  }
}

/** Acknowledged a second. @param many null: one spoke and one route */
async function acceptRate(many: ManySpokes | null, durationMs: number): Promise<number> {
  const database = await startDatabase();
  const hub = await startHub({ ...externalEnv(database.url), NAVE_ROLE: 'hub' });
  const load = await startLoad(hub);
  try {
    // Nothing is delivered: any port will do.
    const PORT = 9;
    if (many === null) await configure(hub, PORT);
    else await configureMany(hub, PORT, many);
    const shape = many === null ? {} : { types: typesOf(many) };
    await load.closed({ ...shape, durationMs: WARM_MS });
    const { acknowledged, seconds } = await load.closed({ ...shape, durationMs });
    return acknowledged / seconds;
  } finally {
    load.stop();
    await hub.stop();
    await database.stop();
  }
}

async function atRest(backend: string, many: ManySpokes, redis: BenchRedis | null, durationMs: number): Promise<Line[]> {
  await redis?.flush();
  const sink = await startSink();
  const hub = await startHub(redis === null ? {} : { REDIS_URL: redis.url });
  const load = await startLoad(hub);
  try {
    await configureMany(hub, sink.port, many);
    const sending = load.closed({ types: typesOf(many), durationMs });
    const most = await connectionsWhile(sending, hub, redis);
    const { acknowledged } = await sending;
    const { received } = await sink.drained(acknowledged, DRAIN_MS);
    await sleep(SETTLE_MS);
    const before = cpuUse(hub.pid);
    await sleep(IDLE_MS);
    const after = cpuUse(hub.pid);
    const percent = (seconds: number) => (seconds / (IDLE_MS / 1_000)) * 100;
    const [own, below] = [percent(after.own - before.own), percent(after.below - before.below)];
    const lines: Line[] = [
      {
        what: `${backend}: acknowledged and not delivered`,
        measured: String(acknowledged - received),
        wanted: '0',
        met: acknowledged === received,
      },
      limit(`${backend}: connections to PostgreSQL under load`, most.postgres, MAX.postgres, ''),
      { what: `${backend}: CPU of its PostgreSQL while idle`, measured: `${below.toFixed(1)} % of a core` },
      limit(`${backend}: CPU of the hub while idle`, own, MAX.idlePercent, ' % of a core', 1),
      { what: `${backend}: memory of the hub`, measured: `${residentMb(hub.pid).toFixed(0)} MB` },
    ];
    return redis === null ? lines : [...lines, limit(`${backend}: connections to Redis under load`, most.redis, MAX.redis, '')];
  } finally {
    load.stop();
    sink.stop();
    await hub.stop();
  }
}

function limit(what: string, value: number, max: number, unit: string, digits = 0): Line {
  return { what, measured: `${value.toFixed(digits)}${unit}`, wanted: `<= ${max}${unit}`, met: value <= max };
}

/** Looks again and again until the work is done. @returns the most that were seen, without the ones that look */
async function connectionsWhile(
  work: Promise<unknown>,
  hub: BenchHub,
  redis: BenchRedis | null,
): Promise<{ postgres: number; redis: number }> {
  const LOOK_MS = 500;
  const most = { postgres: 0, redis: 0 };
  let isDone = false;
  const done = work.then(() => {
    isDone = true;
  });
  while (!isDone) {
    const [row] = await queryRows<{ count: number }>(
      hub.databaseUrl(),
      `SELECT count(*)::int FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()`,
    );
    most.postgres = Math.max(most.postgres, row?.count ?? 0);
    if (redis !== null) {
      const list = await withClient(redis.url, async (client) => String(await client.call('CLIENT', 'LIST')));
      most.redis = Math.max(most.redis, list.trim().split('\n').length - 1);
    }
    await Promise.race([done, sleep(LOOK_MS)]);
  }
  return most;
}
