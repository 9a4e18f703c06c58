/** Runs a suite on both queue backends: PostgreSQL always, Redis where a server is installed or demanded. */
import { afterAll, beforeAll, describe } from 'vitest';
import { REDIS_INSTALL, type RedisServer, redisInstalled, startRedis } from './redis-server.ts';
import { withProgram } from './requirement.ts';

export interface QueueUnderTest {
  name: 'PostgreSQL' | 'Redis';
  /** What a hub needs to use it. */
  env(): Record<string, string>;
  redis(): RedisServer | null;
}

export function onBothQueues(title: string, suite: (queue: QueueUnderTest) => void): void {
  describe(`${title}, queue on PostgreSQL`, () => suite({ name: 'PostgreSQL', env: () => ({}), redis: () => null }));
  onRedis(`${title}, queue on Redis`, suite);
}

export function onRedis(title: string, suite: (queue: QueueUnderTest) => void): void {
  withProgram('redis', { installed: redisInstalled(), install: REDIS_INSTALL }, title, () => {
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
