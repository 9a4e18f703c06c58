import {
  type BellUnderTest,
  describeBellContract,
  disposableDatabase,
  proxiedUrl,
  recordingLogger,
  startTcpProxy,
  type TcpProxy,
  testRedisUrl,
} from '@nave/testkit';
import { createPostgresBackend, Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { describe, it } from 'vitest';
import { prepareQueueBackend, type QueueBackend } from './backend.ts';
import { createBell } from './bell.ts';
import { createBellListener } from './bell-listener.ts';

describeBellContract('PostgreSQL', async () => {
  const { url, drop } = await disposableDatabase();
  const proxy = await startTcpProxy(endpointOf(url));
  await prepareQueueBackend({ redisUrl: null, postgresUrl: url });
  const queue = new Queue('tickets', { connection: { connectionString: url, schema: 'nave_queue', max: 1 } }, createPostgresBackend);
  const wipe = () => queue.obliterate({ force: true });
  return underTest({ backend: { redisUrl: null, postgresUrl: proxiedUrl(url, proxy) }, queue, proxy, wipe, drop });
});

const redisUrl = testRedisUrl();
if (redisUrl === null) {
  describe('the bell on Redis', () => {
    it.skip('needs redis-server (Debian: apt-get install redis-server)', () => undefined);
  });
} else {
  describeBellContract('Redis', async () => {
    const url = `${redisUrl}/7`;
    const proxy = await startTcpProxy(endpointOf(url));
    const client = new Redis(url);
    await client.flushdb();
    const queue = new Queue('tickets', { connection: client, prefix: '{nave}' });
    const [wipe, drop] = [() => client.flushdb(), async () => client.disconnect()];
    return underTest({ backend: { redisUrl: proxiedUrl(url, proxy), postgresUrl: '' }, queue, proxy, wipe, drop });
  });
}

function endpointOf(url: string): { host: string; port: number } {
  const { hostname, port } = new URL(url);
  return { host: hostname, port: Number(port) };
}

interface Parts {
  backend: QueueBackend;
  queue: Pick<Queue, 'add' | 'close'> & { getJobs(): Promise<{ data: unknown }[]> };
  proxy: TcpProxy;
  wipe: () => Promise<unknown>;
  drop: () => Promise<void>;
}

function underTest({ backend, queue, proxy, wipe, drop }: Parts): BellUnderTest {
  let isClosed = false;
  const bell = createBell({ backend, shards: 1, logger: recordingLogger() });
  return {
    bell,
    listener: () => createBellListener({ backend, shards: 1, logger: recordingLogger(), now: Date.now }),
    addRaw: async (payload) => void (await queue.add('ticket', payload, { removeOnComplete: true, removeOnFail: true })),
    stored: async () => (await queue.getJobs()).map(({ data }) => JSON.stringify(data)),
    cut: proxy.cut,
    restore: proxy.restore,
    wipe: async () => void (await wipe()),
    async close() {
      if (isClosed) return;
      isClosed = true;
      await bell.close();
      await queue.close();
      await proxy.close();
      await drop();
    },
  };
}
