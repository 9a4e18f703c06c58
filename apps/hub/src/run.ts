/** What `pnpm start` does: configuration, hub, a word on how to go on, graceful stop. */
import { existsSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { loadFromProcess } from '@nave/config';
import { adminKeyFile } from './admin-key-file.ts';
import { type RunningHub, startWith } from './start-hub.ts';
import { StartRefused } from './start-refused.ts';

const EXIT_REFUSED = 1;

const loaded = loadFromProcess();
if (!loaded.ok) {
  for (const problem of loaded.problems) console.error(problem);
  process.exit(EXIT_REFUSED);
}
const { config } = loaded;

// Before the start: a signal that comes meanwhile ends the process once it is in a state that can be stopped.
let stopping = false;
let hub: RunningHub | null = null;
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop());

try {
  hub = await startWith(config);
  if (stopping) await end(hub);
  else greet(hub);
} catch (error) {
  for (const line of error instanceof StartRefused ? error.lines : [String(error)]) console.error(line);
  process.exit(EXIT_REFUSED);
}

async function stop(): Promise<void> {
  if (stopping) return;
  stopping = true;
  if (hub !== null) await end(hub);
}

async function end(running: RunningHub): Promise<void> {
  try {
    await running.stop();
  } finally {
    process.exit(0);
  }
}

function greet({ url, adminKey, signInLink, database }: RunningHub): void {
  const facts: [string, string][] = [
    ['Nave', url],
    ['dashboard', `${url}/`],
    ['API', `${url}/docs`],
    ['database', database === null ? 'external PostgreSQL' : `embedded PostgreSQL (${database}), data in ${resolve(config.dataDir)}`],
    ['queue', config.redisUrls.length === 0 ? 'on PostgreSQL' : 'on Redis'],
  ];
  if (adminKey !== '') {
    if (process.stdout.isTTY) facts.push(['admin key', `${adminKey}   (shown once)`]);
    else if (config.adminKey === null) facts.push(['admin key', `in ${adminKeyFile(config.dataDir)}`]);
    if (process.stdout.isTTY && signInLink !== null) facts.push(['sign in', `${signInLink}   (once, within 10 minutes)`]);
  } else if (existsSync(adminKeyFile(config.dataDir))) {
    facts.push(['admin key', `in ${adminKeyFile(config.dataDir)}`]);
  }
  for (const [name, value] of facts) console.log(`${name.padEnd(10)} ${value}`);
  // Kept until here, in case that this start would fail.
  if (adminKey !== '' && config.adminKey === null && process.stdout.isTTY) rmSync(adminKeyFile(config.dataDir), { force: true });
}
