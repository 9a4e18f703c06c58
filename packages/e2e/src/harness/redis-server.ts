/** A redis-server of the suite's own, where one is installed; otherwise what to install. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { connect } from 'node:net';
import { freePort } from '@nave/testkit';
import { waitFor } from './wait-for.ts';

export const REDIS_INSTALL = 'redis-server is not installed (Debian: apt-get install redis-server)';

export interface RedisServer {
  url: string;
  /** Sends one command; answers the first line. */
  command(...words: string[]): Promise<string>;
  /** Sends one that answers a list of texts. */
  list(...words: string[]): Promise<string[]>;
  kill(signal: NodeJS.Signals): Promise<void>;
  start(): Promise<void>;
}

export function redisInstalled(): boolean {
  return spawnSync('redis-server', ['--version'], { stdio: 'ignore' }).status === 0;
}

export async function startRedis(): Promise<RedisServer> {
  const port = await freePort();
  let child: ChildProcess | null = null;

  /** Sends one command (RESP, so that a word may hold anything) and answers with the first `read` that has enough. */
  function ask<T>(words: readonly string[], read: (said: string) => T | null): Promise<T> {
    return new Promise((done, fail) => {
      const socket = connect({ host: '127.0.0.1', port });
      let said = '';
      socket.setTimeout(2_000, () => socket.destroy(new Error('redis does not answer')));
      socket.once('error', fail);
      socket.once('close', () => fail(new Error('redis closed the connection')));
      socket.on('data', (chunk) => {
        said += chunk.toString('utf8');
        const answer = read(said);
        if (answer === null) return;
        done(answer);
        socket.end();
      });
      socket.write(`*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`);
    });
  }

  const command = (...words: string[]) => ask(words, (said) => (said.includes('\r\n') ? (said.split('\r\n')[0] ?? '') : null));

  /** `*n`, then a line with the length and a line with the text of each. */
  const list = (...words: string[]) =>
    ask(words, (said) => {
      const lines = said.split('\r\n');
      const count = Number(lines[0]?.slice(1));
      return lines.length > 2 * count + 1 ? lines.slice(1, 2 * count + 1).filter((_, n) => n % 2 === 1) : null;
    });

  async function start(): Promise<void> {
    const options = { port: String(port), bind: '127.0.0.1', save: '', appendonly: 'no', 'maxmemory-policy': 'noeviction', dir: '/tmp' };
    child = spawn(
      'redis-server',
      Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]),
      { stdio: 'ignore' },
    );
    await waitFor('redis answers', 60_000, () =>
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
    list,
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
