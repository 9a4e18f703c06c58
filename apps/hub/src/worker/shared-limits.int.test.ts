/** Two workers over one database: what the other system sees stays within what its policy says. */
import { DEFAULT_POLICY, type SpokePolicy } from '@nave/core';
import { type CompiledSpoke, createRecorder } from '@nave/pipeline';
import { createTokenSource } from '@nave/queue';
import { createMessageStore, type Database, openDatabase } from '@nave/store';
import {
  buildDelivery,
  buildMessage,
  buildRecord,
  type DisposableDatabase,
  disposableDatabase,
  fakeIds,
  recordingBell,
  recordingLogger,
  testRedisUrl,
} from '@nave/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDispatcher } from './dispatcher.ts';
import { buildGates } from './gates/build-gates.ts';

let disposable: DisposableDatabase;
let databases: Database[];

beforeAll(async () => {
  disposable = await disposableDatabase();
  databases = [0, 1].map(() => openDatabase({ url: disposable.url, applicationName: 'test', hotConnections: 4, queryConnections: 1 }));
});
afterAll(async () => {
  for (const db of databases) await db.close();
  await disposable.drop();
});

const ids = fakeIds();

/** Times at which deliveries reached the spoke, and how many it had at once at most. */
async function deliver(spoke: string, policy: Partial<SpokePolicy>, count: number, takesMs: number, redisUrl: string | null = null) {
  const [first] = databases;
  if (first === undefined) throw new Error('no database');
  const messages = Array.from({ length: count }, () => {
    const id = ids.next(Date.now());
    return buildMessage(id, { idempotencyKeys: [`${spoke}:${id}`], deliveries: [buildDelivery(id, { spoke })] });
  });
  await createMessageStore(first.hot).accept(messages, Date.now());
  const compiled: CompiledSpoke = {
    ...{ inbound: null, operation: () => null },
    definition: {
      ...{ name: spoke, kind: 'rest', title: '', version: 1, config: {}, credentials: null, inbound: null, paused: false, enabled: true },
      policy: { ...DEFAULT_POLICY, ...policy },
    },
  };
  const registry = {
    ...{ spoke: () => compiled, route: () => null, routesFor: () => [], refresh: async () => undefined, routeVersion: async () => null },
    connection: () => Promise.reject(new Error('not used')),
  };
  const times: number[] = [];
  const by = [0, 0];
  let [under, most] = [0, 0];
  const logger = recordingLogger();
  const workers = databases.map((db, n) => {
    const store = createMessageStore(db.hot);
    const tokens = createTokenSource({ redisUrl, database: db.hot, logger, answerMs: 30_000 });
    const owner = `${spoke}-${n}`;
    const dispatcher = createDispatcher({
      ...{ store, registry, logger, owner, leaseMs: 20_000, concurrency: 100, recorder: createRecorder(store, recordingBell()) },
      gates: buildGates({ db, registry, tokens, owner, concurrency: 100, leaseMs: 20_000, delivers: true, logger }),
      async deliver(delivery) {
        times.push(performance.now());
        by[n] = (by[n] ?? 0) + 1;
        under += 1;
        most = Math.max(most, under);
        await new Promise((resolve) => setTimeout(resolve, takesMs));
        under -= 1;
        return buildRecord(delivery);
      },
      onFinished: () => undefined,
    });
    return { dispatcher, tokens };
  });
  const entries = messages.flatMap(({ deliveries }) => deliveries.map(({ id }) => ({ spoke, deliveryId: id })));
  // As tickets go: each to one of them.
  for (const [n, { dispatcher }] of workers.entries()) dispatcher.offer(entries.filter((_, i) => i % 2 === n));
  await expect.poll(() => times.length, { timeout: 40_000, interval: 20 }).toBe(count);
  for (const { dispatcher, tokens } of workers) {
    await dispatcher.stop(5_000);
    await tokens.close();
  }
  return { times: times.sort((a, b) => a - b), most, by };
}

function mostWithin(times: readonly number[], periodMs: number): number {
  let [most, from] = [0, 0];
  for (const [n, at] of times.entries()) {
    while ((times[from] ?? at) <= at - periodMs) from += 1;
    most = Math.max(most, n - from + 1);
  }
  return most;
}

describe('two workers', () => {
  it('together never have more under way for a spoke than its concurrency, and both work', async () => {
    const { most, by } = await deliver('two-at-once', { concurrency: 2 }, 200, 10);
    expect(most).toBe(2);
    expect(Math.min(...by)).toBeGreaterThan(20);
  });

  it.each([
    { name: 'PostgreSQL', redisUrl: null, skip: false },
    { name: 'Redis', redisUrl: `${testRedisUrl()}/10`, skip: testRedisUrl() === null },
  ])(
    'together keep a rate counted in $name in every second, and send all',
    async ({ name, redisUrl, skip }) => {
      if (skip) return;
      const { times } = await deliver(`rate-${name}`, { concurrency: 20, rate: { limit: 50, perMs: 1_000 } }, 150, 2, redisUrl);
      expect(mostWithin(times, 1_000)).toBeLessThanOrEqual(55);
    },
    40_000,
  );
});
