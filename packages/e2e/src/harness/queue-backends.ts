/** Runs a suite on both queue backends: PostgreSQL always, Redis where a server is installed or demanded. */
import { afterAll, beforeAll, describe, it } from 'vitest';
import { REDIS_INSTALL, type RedisServer, redisInstalled, startRedis } from './redis-server.ts';

export interface QueueUnderTest {
  name: 'PostgreSQL' | 'Redis';
  /** What a hub needs to use it. */
  env(): Record<string, string>;
  redis(): RedisServer | null;
}

/** `NAVE_TEST_REQUIRE=redis` makes a missing server a failure instead of a skip. */
const REQUIRED = (process.env['NAVE_TEST_REQUIRE'] ?? '').split(',').map((word) => word.trim());

export function onBothQueues(title: string, suite: (queue: QueueUnderTest) => void): void {
  describe(`${title}, queue on PostgreSQL`, () => suite({ name: 'PostgreSQL', env: () => ({}), redis: () => null }));
  onRedis(`${title}, queue on Redis`, suite);
}

export function onRedis(title: string, suite: (queue: QueueUnderTest) => void): void {
  if (!redisInstalled()) {
    describe(title, () => {
      if (REQUIRED.includes('redis')) it('needs redis-server', () => Promise.reject(new Error(REDIS_INSTALL)));
      else it.skip(`skipped: ${REDIS_INSTALL}`, () => undefined);
    });
    return;
  }
  describe(title, () => {
    let server: RedisServer | null = null;
    beforeAll(async () => {
      server = await startRedis();
    });
    afterAll(async () => {
      await server?.kill('SIGKILL');
    });
    const env = (): Record<string, string> => (server === null ? {} : { REDIS_URL: server.url });
    suite({ name: 'Redis', env, redis: () => server });
  });
}
