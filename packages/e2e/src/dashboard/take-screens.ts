/** `pnpm screens`: plays the demo and takes the pictures of `docs/screens/` anew, as they are shown in the README and in docs/dashboard.md. */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePort } from '@nave/testkit';
import { type Browser, chromium, type Page } from 'playwright-core';
import { listAt, textAt } from '../harness/json.ts';
import { waitFor } from '../harness/wait-for.ts';

const KEY = 'screens-admin-key-0123456789';
const DEMO = fileURLToPath(new URL('../../../../apps/demo/src/main.ts', import.meta.url));
const OUT = fileURLToPath(new URL('../../../../docs/screens/', import.meta.url));
const STARTED_MS = 120_000;
const PLAYED_MS = 300_000;
/** Charts and the map have drawn, fonts and editors are loaded. */
const SETTLED_MS = 2_500;

interface Screen {
  name: string;
  path: string;
  theme?: 'light' | 'dark';
  language?: 'en' | 'cs';
  width?: number;
  height?: number;
  /** What a person does before the picture is taken. */
  act?: (page: Page) => Promise<void>;
}

const dir = mkdtempSync(join(tmpdir(), 'nave-screens-'));
const port = await freePort();
const url = `http://127.0.0.1:${port}`;
const demo = spawn(process.execPath, [DEMO, '--rounds', '14', '--pace', '1200'], {
  stdio: ['ignore', 'pipe', 'inherit'],
  env: { PATH: process.env['PATH'] ?? '', NAVE_DATA_DIR: dir, NAVE_PORT: String(port), NAVE_ADMIN_KEY: KEY, NAVE_LOG_LEVEL: 'error' },
});
let told = '';
demo.stdout.on('data', (chunk: Buffer) => {
  told += chunk.toString('utf8');
});
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
try {
  await waitFor('the dashboard is served', STARTED_MS, () =>
    fetch(url, { headers: { accept: 'text/html' } }).then(
      ({ status }) => status === 200,
      () => false,
    ),
  );
  await waitFor('the demo has played', PLAYED_MS, async () => told.includes('go on serving'));
  mkdirSync(OUT, { recursive: true });
  for (const screen of await screens()) {
    await take(browser, screen);
    console.log(`docs/screens/${screen.name}.png`);
  }
} finally {
  await browser.close();
  const ended = new Promise((done) => demo.once('exit', done));
  demo.kill('SIGTERM');
  await ended;
  rmSync(dir, { recursive: true, force: true });
}

async function screens(): Promise<Screen[]> {
  const failed = textAt(listAt(await api('/api/v1/messages?state=failed&limit=1'), 'items')[0], 'id');
  const issue = textAt(listAt(await api('/api/v1/issues?limit=1'), 'items')[0], 'id');
  return [
    { name: 'map', path: '/map', width: 1440, height: 900 },
    { name: 'map-dark', path: '/map', theme: 'dark', width: 1440, height: 900 },
    { name: 'overview', path: '/?window=15m', width: 1440, height: 1000 },
    { name: 'messages', path: '/messages', width: 1440 },
    { name: 'message', path: `/messages/${failed}`, width: 1440, height: 900 },
    { name: 'issues', path: `/issues/${issue}`, width: 1440 },
    { name: 'queues', path: '/queues', width: 1440 },
    { name: 'spokes', path: '/spokes', width: 1440 },
    { name: 'gallery', path: '/spokes/new' },
    { name: 'spoke-form', path: '/spokes/new/rest', height: 900 },
    {
      ...{ name: 'route', path: '/routes/order-to-invoice?tab=edit', width: 1440, height: 1000 },
      async act(page) {
        await page.getByLabel('Recent messages').locator('option').nth(1).waitFor({ state: 'attached' });
        await page.getByRole('button', { name: 'Show it here' }).click();
        await wait(2 * SETTLED_MS);
      },
    },
    { name: 'alerts', path: '/alerts' },
    { name: 'ledger', path: '/ledger' },
    { name: 'audit-dark', path: '/audit', theme: 'dark' },
    { name: 'phone', path: '/issues', width: 360, height: 720 },
    { name: 'phone-czech', path: '/', language: 'cs', theme: 'dark', width: 360, height: 720 },
  ];
}

async function take(
  from: Browser,
  { name, path, theme = 'light', language = 'en', width = 1280, height = 800, act }: Screen,
): Promise<void> {
  const context = await from.newContext({
    ...{ baseURL: url, viewport: { width, height }, colorScheme: theme, timezoneId: 'Europe/Prague', reducedMotion: 'reduce' },
    locale: language === 'cs' ? 'cs-CZ' : 'en-GB',
  });
  try {
    await context.request.post('/api/v1/session', { data: { key: KEY } });
    const page = await context.newPage();
    await page.goto(path);
    await page.getByRole('heading', { level: 1 }).first().waitFor();
    await wait(SETTLED_MS);
    await act?.(page);
    await page.screenshot({ path: join(OUT, `${name}.png`) });
  } finally {
    await context.close();
  }
}

async function api(path: string): Promise<unknown> {
  const response = await fetch(`${url}${path}`, { headers: { authorization: `Bearer ${KEY}` } });
  return response.json();
}
