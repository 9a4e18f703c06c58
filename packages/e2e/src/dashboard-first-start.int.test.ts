/** The first start of a checkout builds the dashboard beside everything else, and the later ones find it built. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { disposableDatabase, freePort } from '@nave/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type CheckoutCopy, copyCheckout } from './harness/checkout-copy.ts';
import { endHub, type HubProcess, spawnHub } from './harness/hub-process.ts';
import { stillRunning } from './harness/process-tree.ts';
import { waitFor } from './harness/wait-for.ts';

const READY_MS = 90_000;
const BUILD_MS = 150_000;
const BROWSER = { accept: 'text/html,*/*;q=0.8' };

let checkout: CheckoutCopy;
let dir: string;
let database: Awaited<ReturnType<typeof disposableDatabase>>;
const hubs: HubProcess[] = [];

beforeAll(async () => {
  checkout = copyCheckout();
  dir = mkdtempSync(join(tmpdir(), 'nave-first-start-'));
  database = await disposableDatabase();
});
afterAll(async () => {
  for (const hub of hubs) await endHub(hub);
  await database.drop();
  rmSync(dir, { recursive: true, force: true });
  checkout.remove();
}, 60_000);

async function start(role: string): Promise<HubProcess> {
  const env = { DATABASE_URL: database.url, NAVE_SECRET_KEY: Buffer.alloc(32, 5).toString('base64'), NAVE_ROLE: role };
  const hub = spawnHub({ dataDir: dir, port: await freePort(), env, main: checkout.main });
  hubs.push(hub);
  await hub.ready(READY_MS);
  return hub;
}

const get = (hub: HubProcess, path: string, headers: Record<string, string> = BROWSER) =>
  fetch(`${hub.url}${path}`, { headers, signal: AbortSignal.timeout(10_000) });

/** Another hub on the same checkout, on a machine we know nothing of, that builds and says so. */
function otherBuilder(): { leave(): void } {
  const lock = join(checkout.dashboard, '.build/lock');
  mkdirSync(join(lock, '..'));
  writeFileSync(lock, '1 1 elsewhere\n');
  const beat = setInterval(() => utimesSync(lock, new Date(), new Date()), 1_000);
  return {
    leave() {
      clearInterval(beat);
      rmSync(lock, { force: true });
    },
  };
}

it(
  'a hub is ready before its dashboard is, says that it comes, and serves it once it is built',
  async () => {
    const other = otherBuilder();
    const hub = await start('hub');
    const waiting = await get(hub, '/');
    expect(waiting.status).toBe(503);
    expect(waiting.headers.get('retry-after')).toBe('2');
    expect(await waiting.text()).toContain('Making the dashboard ready');
    expect((await get(hub, '/readyz')).status).toBe(200);
    // It is alone now, and builds by itself.
    other.leave();
    const page = await waitFor('the dashboard is built', BUILD_MS, async () => {
      const answer = await get(hub, '/messages');
      if (answer.status === 500) throw new Error(await answer.text());
      return answer.status === 200 ? answer : null;
    });
    const html = await page.text();
    const [, nonce = ''] = /name="csp-nonce" content="([\w+/=]{16,})"/.exec(html) ?? [];
    expect(page.headers.get('content-security-policy')).toContain(`style-src 'self' 'nonce-${nonce}'`);
    // All it needs is its own: nothing inline, nothing of another host.
    expect(html).not.toMatch(/(?:src|href)="(?:https?:)?\/\/|<style|\son\w+=|<script(?![^>]* src=)/);
    const assets = [...html.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map(([, path]) => path ?? '');
    expect(assets.filter((path) => path.startsWith('/assets/')).length).toBeGreaterThan(1);
    for (const path of assets) {
      const asset = await get(hub, path, { 'accept-encoding': 'br' });
      expect(asset.status, path).toBe(200);
      if (path.startsWith('/assets/')) expect(asset.headers.get('cache-control')).toContain('immutable');
    }
    expect(readdirSync(join(checkout.dashboard, '.build'))).toEqual([]);
  },
  READY_MS + BUILD_MS + 30_000,
);

it(
  'the next start serves what is built as soon as it listens, and a worker none of it',
  async () => {
    const [again, worker] = await Promise.all([start('all'), start('worker')]);
    expect((await get(again, '/')).status).toBe(200);
    expect((await get(worker, '/')).status).toBe(404);
    expect((await get(worker, '/messages')).status).toBe(404);
  },
  READY_MS + 30_000,
);

it(
  'a build ends with a hub that is killed, and the next start builds at once',
  async () => {
    rmSync(join(checkout.dashboard, 'dist'), { recursive: true });
    const killed = await start('hub');
    const builder = await waitFor('a build begins', READY_MS, builderPid);
    killed.kill('SIGKILL');
    await waitFor('the build ends as well', READY_MS, () => stillRunning([builder]).length === 0);
    const next = await start('hub');
    await waitFor('the dashboard is built', BUILD_MS, async () => (await get(next, '/')).status === 200);
    expect(readdirSync(join(checkout.dashboard, '.build'))).toEqual([]);
  },
  2 * READY_MS + BUILD_MS,
);

/** Null when nobody builds. */
function builderPid(): number | null {
  try {
    return Number.parseInt(readFileSync(join(checkout.dashboard, '.build/lock'), 'utf8'), 10) || null;
  } catch {
    return null;
  }
}
