/** The Redis of the benchmarks. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';

export const REDIS_PORT = 17_379;

/** Null when the server is not installed. */
export async function startRedis(): Promise<ChildProcess | null> {
  if (spawnSync('redis-server', ['--version'], { stdio: 'ignore' }).status !== 0) {
    console.log('redis-server is not installed: its case is left out (Debian: apt-get install redis-server)');
    return null;
  }
  const child = spawn('redis-server', ['--port', String(REDIS_PORT), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'], {
    stdio: 'ignore',
  });
  await sleep(500);
  return child;
}
