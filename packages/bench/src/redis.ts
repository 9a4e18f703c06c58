/** The Redis of the benchmarks. */
import { spawn, spawnSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { freePort } from './processes.ts';

export interface BenchRedis {
  url: string;
  flush(): Promise<void>;
  stop(): void;
}

const READY_MS = 5_000;

/** Null when the server is not installed. */
export async function startRedis(): Promise<BenchRedis | null> {
  if (spawnSync('redis-server', ['--version'], { stdio: 'ignore' }).status !== 0) {
    console.log('redis-server is not installed: its cases are left out (Debian: apt-get install redis-server)');
    return null;
  }
  const port = await freePort();
  const child = spawn('redis-server', ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'], {
    stdio: 'ignore',
  });
  process.once('exit', () => child.kill('SIGKILL'));
  const url = `redis://127.0.0.1:${port}/0`;
  const deadline = Date.now() + READY_MS;
  while (!(await answers(url))) {
    if (Date.now() > deadline) throw new Error('redis-server did not become ready');
    await sleep(50);
  }
  return { url, flush: () => withClient(url, async (client) => void (await client.flushall())), stop: () => void child.kill('SIGKILL') };
}

/** Runs something on a connection of its own. */
export async function withClient<T>(url: string, work: (client: Redis) => Promise<T>): Promise<T> {
  const client = new Redis(url, { lazyConnect: true, retryStrategy: () => null, maxRetriesPerRequest: 0 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return await work(client);
  } finally {
    client.disconnect();
  }
}

function answers(url: string): Promise<boolean> {
  return withClient(url, async (client) => (await client.ping()) === 'PONG').catch(() => false);
}
