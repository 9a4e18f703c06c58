import type { TokenSource } from '@nave/core';
import { createTokenSource } from '@nave/queue';
import { openDatabase } from '@nave/store';
import { disposableDatabase, proxiedUrl, recordingLogger, startTcpProxy, testRedisUrl } from '@nave/testkit';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { doorFixture } from './door-fixture.ts';

interface World {
  tokens: TokenSource[];
  close(): Promise<void>;
}

const redisUrl = testRedisUrl();

async function world(redis: string | null): Promise<World> {
  const { url, drop } = await disposableDatabase();
  const db = openDatabase({ url, applicationName: 'test', hotConnections: 4, queryConnections: 1 });
  const tokens = [0, 1].map(() => createTokenSource({ redisUrl: redis, database: db.hot, logger: recordingLogger(), answerMs: 30_000 }));
  return {
    tokens,
    async close() {
      for (const source of tokens) await source.close();
      await db.close();
      await drop();
    },
  };
}

/** A source counts for itself until its connection is there. */
async function untilShared(tokens: readonly TokenSource[]): Promise<void> {
  let tried = 0;
  await vi.waitFor(
    async () => {
      tried += 1;
      const key = `probe:${process.pid}:${tried}`;
      let granted = 0;
      for (const source of tokens) granted += (await source.take(key, 1, { limit: 1, perMs: 60_000, smooth: false })).granted;
      expect(granted).toBe(1);
    },
    { timeout: 30_000 },
  );
}

describe.each([
  { name: 'PostgreSQL', make: () => world(null), skip: false },
  { name: 'Redis', make: () => world(`${redisUrl}/11`), skip: redisUrl === null },
])('two hubs with one limit on $name', ({ make, skip }) => {
  let shared: World;
  beforeAll(async () => {
    if (skip) return;
    shared = await make();
    await untilShared(shared.tokens);
  });
  afterAll(async () => {
    if (!skip) await shared.close();
  });

  async function hubs(limit: number) {
    const doors = await Promise.all(shared.tokens.map((tokens) => doorFixture({ tokens, rate: { limit, perMs: 60_000 } })));
    const [first, second] = doors;
    if (first === undefined || second === undefined) throw new Error('two hubs');
    return { first, second, stored: () => first.stored() + second.stored(), close: () => Promise.all(doors.map((door) => door.close())) };
  }

  it.skipIf(skip)('take no more hooks than it says, and nearly all of it', async () => {
    const { first, second, stored, close } = await hubs(40);
    const answers = await Promise.all(Array.from({ length: 100 }, (_, i) => (i % 3 === 0 ? first : second).hook({ i })));
    const taken = answers.filter(({ status }) => status === 202).length;
    expect(taken).toBeLessThanOrEqual(40);
    expect(taken).toBeGreaterThanOrEqual(38);
    expect(stored()).toBe(taken);
    for (const { status, headers } of answers) {
      expect(headers['ratelimit-policy']).toBe('"default";q=40;w=60');
      expect(headers['ratelimit']).toMatch(/^"default";r=\d+;t=[1-9]\d*$/);
      if (status !== 202) expect([status, headers['retry-after']]).toEqual([429, expect.stringMatching(/^[1-9]\d?$/)]);
    }
    await close();
  });

  it.skipIf(skip)('share what batches take', async () => {
    const { first, second, stored, close } = await hubs(30);
    const batch = Array.from({ length: 20 }, (_, data) => ({ source: 'shop', type: 't', data }));
    const statuses = async (door: typeof first) => (await door.publish(batch)).body.map(({ status }: { status: number }) => status);
    expect(await statuses(first)).toEqual(Array(20).fill(202));
    const second20: number[] = await statuses(second);
    expect(second20).toEqual([...Array(10).fill(202), ...Array(10).fill(429)]);
    expect((await first.publish(batch)).status).toBe(429);
    expect(stored()).toBe(30);
    await close();
  });
});

describe('a hub whose counter is away', () => {
  it('goes on within the limit, for itself', async () => {
    const { url, drop } = await disposableDatabase();
    const target = new URL(url);
    const proxy = await startTcpProxy({ host: target.hostname, port: Number(target.port) });
    proxy.cut();
    const db = openDatabase({ url: proxiedUrl(url, proxy), applicationName: 'test', hotConnections: 1, queryConnections: 1 });
    const tokens = createTokenSource({ redisUrl: null, database: db.hot, logger: recordingLogger() });
    const door = await doorFixture({ tokens, rate: { limit: 5, perMs: 60_000 } });
    const statuses: number[] = [];
    for (let i = 0; i < 7; i++) statuses.push((await door.hook()).status);
    expect(statuses).toEqual([202, 202, 202, 202, 202, 429, 429]);
    await door.close();
    await tokens.close();
    await db.close();
    await proxy.close();
    await drop();
  });
});
