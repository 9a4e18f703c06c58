/** A redis-server of the suite's own, where one is installed; otherwise what to install. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { connect } from 'node:net';
import { freePort } from './free-port.ts';
import { waitFor } from './wait-for.ts';

export const REDIS_INSTALL = 'redis-server is not installed (Debian: apt-get install redis-server)';

export interface RedisServer {
  url: string;
  /** Sends one command; answers the first line. */
  command(...words: string[]): Promise<string>;
  kill(signal: NodeJS.Signals): Promise<void>;
  start(): Promise<void>;
}

export function redisInstalled(): boolean {
  return spawnSync('redis-server', ['--version'], { stdio: 'ignore' }).status === 0;
}

export async function startRedis(): Promise<RedisServer> {
  const port = await freePort();
  let child: ChildProcess | null = null;

  function command(...words: string[]): Promise<string> {
    return new Promise((done, fail) => {
      const socket = connect({ host: '127.0.0.1', port });
      socket.setTimeout(2_000, () => socket.destroy(new Error('redis does not answer')));
      socket.once('error', fail);
      socket.once('data', (chunk) => {
        socket.end();
        done(chunk.toString('utf8').split('\r\n')[0] ?? '');
      });
      // RESP, so that a word may hold anything.
      socket.write(`*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`);
    });
  }

  async function start(): Promise<void> {
    const options = { port: String(port), bind: '127.0.0.1', save: '', appendonly: 'no', 'maxmemory-policy': 'noeviction', dir: '/tmp' };
    child = spawn(
      'redis-server',
      Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]),
      { stdio: 'ignore' },
    );
    await waitFor('redis answers', 10_000, () =>
      command('PING').then(
        (line) => line === '+PONG',
        () => false,
      ),
    );
  }

  await start();
  return {
    url: `redis://127.0.0.1:${port}/0`,
    command,
    start,
    async kill(signal) {
      const dying = child;
      if (dying === null || dying.exitCode !== null || dying.signalCode !== null) return;
      const gone = new Promise((done) => dying.once('exit', done));
      dying.kill(signal);
      await gone;
    },
  };
}
