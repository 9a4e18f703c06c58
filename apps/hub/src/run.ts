/** What `pnpm start` does: configuration, hub, a word on how to go on, graceful stop. */
import { existsSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { loadFromProcess } from '@nave/config';
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
  await running.stop();
  process.exit(0);
}

function greet({ url, adminKey, signInLink, database }: RunningHub): void {
  const facts: [string, string][] = [
    ['Nave', url],
    ['API', `${url}/docs`],
    ['database', database === null ? 'external PostgreSQL' : `embedded PostgreSQL (${database}), data in ${resolve(config.dataDir)}`],
    ['queue', config.redisUrls.length === 0 ? 'on PostgreSQL' : 'on Redis'],
  ];
  if (adminKey !== '') {
    const file = join(resolve(config.dataDir), 'admin.key');
    if (process.stdout.isTTY) facts.push(['admin key', `${adminKey}   (shown once)`]);
    else if (config.adminKey === null) {
      writeFileSync(file, `${adminKey}\n`, { mode: 0o600 });
      facts.push(['admin key', `in ${file}`]);
    }
    if (process.stdout.isTTY && signInLink !== null) facts.push(['sign in', `${signInLink}   (once, within 10 minutes)`]);
  } else if (existsSync(join(resolve(config.dataDir), 'admin.key'))) {
    facts.push(['admin key', `in ${join(resolve(config.dataDir), 'admin.key')}`]);
  }
  for (const [name, value] of facts) console.log(`${name.padEnd(10)} ${value}`);
}
