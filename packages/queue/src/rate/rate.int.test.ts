import type { TokenSource } from '@nave/core';
import { disposableDatabase, proxiedUrl, recordingLogger, startTcpProxy, type TcpProxy, testRedisUrl } from '@nave/testkit';
import { Redis } from 'ioredis';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createLocalTokenSource } from './local-tokens.ts';
import { createTokenSource } from './token-source.ts';

interface World {
  sources: TokenSource[];
  close(): Promise<void>;
}

const redisUrl = testRedisUrl();
let count = 0;
function fresh(): string {
  count += 1;
  return `test:${process.pid}:${Date.now()}:${count}`;
}

/** The end of a pool does not wait until its connections are closed: the database may be gone before the last of them is. */
function poolOf(connectionString: string, max: number): pg.Pool {
  const pool = new pg.Pool({ connectionString, max });
  pool.on('error', () => undefined);
  return pool;
}

async function onPostgres(): Promise<World> {
  const { url, drop } = await disposableDatabase();
  const pool = poolOf(url, 4);
  const sources = [0, 1].map(() => createTokenSource({ redisUrl: null, database: pool, logger: recordingLogger(), answerMs: 30_000 }));
  return {
    sources,
    async close() {
      for (const source of sources) await source.close();
      await pool.end();
      await drop();
    },
  };
}

async function onRedis(): Promise<World> {
  const nobody = { query: () => Promise.reject(new Error('not asked')) };
  const sources = [0, 1].map(() =>
    createTokenSource({ redisUrl: `${redisUrl}/9`, database: nobody, logger: recordingLogger(), answerMs: 30_000 }),
  );
  return { sources, close: async () => void (await Promise.all(sources.map((source) => source.close()))) };
}

async function local(): Promise<World> {
  const source = createLocalTokenSource();
  return { sources: [source, source], close: () => source.close() };
}

/** Two takers that want all they can get, until they have so many; answers the monotonic times of the tokens. */
async function race(
  sources: readonly TokenSource[],
  key: string,
  rate: { limit: number; perMs: number },
  count: number,
): Promise<number[]> {
  const times: number[] = [];
  const take = async (source: TokenSource) => {
    while (times.length < count) {
      const { granted, retryAfterMs } = await source.take(key, Math.max(1, Math.floor(rate.limit / 20)), { ...rate, smooth: true });
      const now = performance.now();
      for (let n = 0; n < granted; n++) times.push(now);
      if (retryAfterMs > 0) await new Promise((resolve) => setTimeout(resolve, retryAfterMs));
    }
  };
  await Promise.all(sources.map(take));
  return times.sort((a, b) => a - b);
}

function mostWithin(times: readonly number[], periodMs: number): number {
  let [most, from] = [0, 0];
  for (const [n, at] of times.entries()) {
    while ((times[from] ?? at) <= at - periodMs) from += 1;
    most = Math.max(most, n - from + 1);
  }
  return most;
}

describe.each([
  { name: 'in PostgreSQL', open: onPostgres, skip: false },
  { name: 'in Redis', open: onRedis, skip: redisUrl === null },
  { name: 'in one process', open: local, skip: false },
])('tokens $name', ({ open, skip }) => {
  let world: World;
  beforeAll(async () => {
    if (!skip) world = await open();
  });
  afterAll(() => world?.close());

  const first = () => {
    const [source] = world.sources;
    if (source === undefined) throw new Error('no source');
    return source;
  };

  it.skipIf(skip)('gives what is left and says when there is more', async () => {
    const key = fresh();
    const rate = { limit: 10, perMs: 60_000, smooth: false };
    expect(await first().take(key, 4, rate)).toMatchObject({ granted: 4, retryAfterMs: 0, remaining: 6 });
    const second = await world.sources[1]?.take(key, 8, rate);
    expect(second).toMatchObject({ granted: 6, remaining: 0 });
    expect(second?.retryAfterMs).toBeGreaterThan(50_000);
    expect(second?.resetMs).toBeLessThanOrEqual(60_000);
    expect(await first().take(key, 1, rate)).toMatchObject({ granted: 0, remaining: 0 });
    expect(await first().take(fresh(), 1, rate)).toMatchObject({ granted: 1 });
  });

  it.skipIf(skip)('never grants more than the limit to many at once, and grants all of it', async () => {
    const key = fresh();
    const grants = await Promise.all(
      Array.from({ length: 40 }, (_, n) => world.sources[n % 2]?.take(key, 3, { limit: 50, perMs: 60_000, smooth: false })),
    );
    expect(grants.reduce((sum, grant) => sum + (grant?.granted ?? 0), 0)).toBe(50);
  });

  it.skipIf(skip)('opens a new window when one is over, also one of less than a second', async () => {
    const key = fresh();
    const rate = { limit: 2, perMs: 120, smooth: false };
    const taken = await first().take(key, 5, rate);
    expect(taken.granted).toBe(2);
    await new Promise((resolve) => setTimeout(resolve, taken.retryAfterMs + 5));
    expect(await first().take(key, 5, rate)).toMatchObject({ granted: 2 });
  });

  it.skipIf(skip)('keeps 50 a second, smooth, for two takers together', async () => {
    const times = await race(world.sources, fresh(), { limit: 50, perMs: 1_000 }, 120);
    expect(mostWithin(times, 1_000)).toBeLessThanOrEqual(55);
  });
});

describe('tokens when something is away', () => {
  it('never throws without PostgreSQL: the process counts for itself', async () => {
    const logger = recordingLogger();
    const source = createTokenSource({ redisUrl: null, database: { query: () => Promise.reject(new Error('away')) }, logger });
    const rate = { limit: 3, perMs: 60_000, smooth: false };
    expect((await source.take('a', 5, rate)).granted).toBe(3);
    expect((await source.take('a', 5, rate)).granted).toBe(0);
    expect(logger.lines).toHaveLength(1);
    await source.close();
  });

  it('does not wait for a database that hangs', async () => {
    let asked = 0;
    const query = () => {
      asked += 1;
      return new Promise<never>(() => undefined);
    };
    const source = createTokenSource({ redisUrl: null, database: { query }, logger: recordingLogger() });
    const rate = { limit: 3, perMs: 60_000, smooth: false };
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    const first = source.take('a', 1, rate);
    await vi.advanceTimersByTimeAsync(1_000);
    expect((await first).granted).toBe(1);
    const before = asked;
    // At once: it has a rest of a second after it did not answer.
    const next = [await source.take('a', 1, rate), await source.take('a', 1, rate)];
    expect(next.map(({ granted }) => granted)).toEqual([1, 1]);
    expect(asked).toBe(before);
    vi.useRealTimers();
    await source.close();
  });

  it('forgets a window of a clock that was ahead', async () => {
    const { url, drop } = await disposableDatabase();
    const pool = poolOf(url, 1);
    const source = createTokenSource({ redisUrl: null, database: pool, logger: recordingLogger() });
    const rate = { limit: 3, perMs: 10_000, smooth: false };
    await source.take('a', 3, rate);
    await pool.query(`UPDATE rate_window SET until = until + interval '1 hour'`);
    expect(await source.take('a', 3, rate)).toMatchObject({ granted: 3 });
    await source.close();
    await pool.end();
    await drop();
  });

  it.skipIf(redisUrl === null)('counts in PostgreSQL while Redis is away, and in Redis when it is back', async () => {
    const { url, drop } = await disposableDatabase();
    const pool = poolOf(url, 2);
    const target = new URL(redisUrl ?? '');
    const proxy: TcpProxy = await startTcpProxy({ host: target.hostname, port: Number(target.port) });
    const source = createTokenSource({ redisUrl: proxiedUrl(`${redisUrl}/9`, proxy), database: pool, logger: recordingLogger() });
    const other = new Redis(`${redisUrl}/9`);
    const rate = { limit: 2, perMs: 60_000, smooth: false };
    const inRedis = async () => {
      const key = fresh();
      await source.take(key, 1, rate);
      return (await other.exists(`{nave}:rate:${key}`)) === 1;
    };
    await expect.poll(inRedis, { timeout: 30_000 }).toBe(true);
    proxy.cut();
    const key = fresh();
    const grants = await Promise.all(Array.from({ length: 5 }, () => source.take(key, 1, rate)));
    expect(grants.filter(({ granted }) => granted === 1)).toHaveLength(2);
    expect((await pool.query('SELECT points FROM rate_window WHERE key = $1', [key])).rows).toEqual([{ points: 5 }]);
    proxy.restore();
    await expect.poll(inRedis, { timeout: 30_000 }).toBe(true);
    await source.close();
    other.disconnect();
    await proxy.close();
    await pool.end();
    await drop();
  });
});
