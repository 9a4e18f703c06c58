/** Chromium, signed in at the hub of a benchmark. */
import { existsSync } from 'node:fs';
import { type Browser, type BrowserContext, type CDPSession, chromium, type Page } from 'playwright-core';
import { BENCH_KEY, type BenchHub } from '../hub.ts';
import { putProbe } from './page-probe.ts';

/** Where Debian puts it. */
const CHROMIUM = '/usr/bin/chromium';
const PATIENCE_MS = 60_000;

export function hasBrowser(): boolean {
  return existsSync(CHROMIUM);
}

export function startBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
}

/** As somebody who never was here, but has the cookie of a sign-in. */
export async function signIn(browser: Browser, hub: BenchHub): Promise<BrowserContext> {
  const context = await browser.newContext({ baseURL: `http://${hub.host}:${hub.port}`, viewport: { width: 1280, height: 800 } });
  context.setDefaultTimeout(PATIENCE_MS);
  const signedIn = await context.request.post('/api/v1/session', { data: { key: BENCH_KEY } });
  if (!signedIn.ok()) throw new Error(`the hub refused the sign-in: ${signedIn.status()}`);
  return context;
}

export async function newPage(context: BrowserContext): Promise<{ page: Page; cdp: CDPSession }> {
  const page = await context.newPage();
  await putProbe(page);
  const cdp = await context.newCDPSession(page);
  await cdp.send('Performance.enable');
  return { page, cdp };
}
