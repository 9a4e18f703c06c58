/** The dashboard of a started hub in a real browser, with a receiving system behind it. What a page complains about in its console fails the test. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { isInstalled, withProgram } from '@nave/testkit';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { expect } from 'vitest';
import { type HubUnderTest, hubUnderTest } from '../contract/hub-under-test.ts';
import { ADMIN_KEY } from '../harness/hub-process.ts';
import { textAt } from '../harness/json.ts';
import { waitFor } from '../harness/wait-for.ts';

const CHROMIUM = '/usr/bin/chromium';
/** The first start builds the dashboard. */
const BUILT_MS = 120_000;
/** What a busy machine needs to show something. */
export const SEEN_MS = 20_000;

/** Suites that need a browser: skipped where there is none, failed where CI must have one. */
export function withBrowser(title: string, suite: () => void): void {
  const installed = isInstalled(CHROMIUM, ['--version']);
  withProgram('chromium', { installed, install: 'chromium is not installed (Debian: apt-get install chromium)' }, title, suite);
}

export interface PageOptions {
  role?: 'viewer' | 'operator' | 'admin';
  /** CSS pixels; default 1280 × 800. */
  width?: number;
  height?: number;
  theme?: 'light' | 'dark';
  language?: 'en' | 'cs';
  /** Texts of console errors that belong to the test, such as of a refused request. */
  expected?: RegExp;
}

export interface DashboardUnderTest extends HubUnderTest {
  /** Signs in with a key of the role and opens a path. */
  open(path: string, options?: PageOptions): Promise<Page>;
  /** Closes all pages: those that stay open would go on to listen, and to complain. */
  closePages(): Promise<void>;
  /** Fails for any finding of axe with the impact serious or critical. */
  expectAccessible(page: Page): Promise<void>;
  /** Fails when a page complained. */
  expectNoComplaints(): void;
}

export async function dashboardUnderTest(): Promise<DashboardUnderTest> {
  const under = await hubUnderTest();
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
  const complaints: string[] = [];
  const keys = new Map<string, string>([['admin', ADMIN_KEY]]);
  await waitFor('the dashboard is built', BUILT_MS, async () => (await fetch(`${under.hub.url}/`)).status === 200);

  async function keyOf(role: string): Promise<string> {
    const known = keys.get(role);
    if (known !== undefined) return known;
    const made = textAt(await under.hub.api('POST', '/api/v1/keys', { name: `${role}-of-the-test`, role }), 'key');
    keys.set(role, made);
    return made;
  }

  return {
    ...under,
    async open(path, options = {}) {
      const context = await contextOf(browser, under.hub.url, options);
      const signedIn = await context.request.post(`${under.hub.url}/api/v1/session`, {
        data: { key: await keyOf(options.role ?? 'admin') },
      });
      expect(signedIn.status()).toBe(200);
      const page = await context.newPage();
      page.on('pageerror', (error) => complaints.push(`${path}: ${error.message}`));
      page.on('console', (message) => {
        if (message.type() === 'error' && options.expected?.test(message.text()) !== true) complaints.push(`${path}: ${message.text()}`);
      });
      page.setDefaultTimeout(SEEN_MS);
      await page.goto(path);
      return page;
    },
    async closePages() {
      await Promise.all(browser.contexts().map((context) => context.close()));
    },
    async expectAccessible(page) {
      await page.evaluate(AXE);
      // What is only passing, such as a part that is still loading, is not what people are given.
      await expect.poll(() => page.evaluate(SERIOUS_FINDINGS), { interval: 500 }).toEqual([]);
    },
    expectNoComplaints() {
      expect(complaints).toEqual([]);
    },
    async close() {
      await browser.close();
      await under.close();
    },
  };
}

const SERIOUS_FINDINGS = `axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) => violations
  .filter(({ impact }) => impact === 'serious' || impact === 'critical')
  .map(({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html.slice(0, 200)).join(' | ')))`;
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

function contextOf(browser: Browser, baseURL: string, options: PageOptions): Promise<BrowserContext> {
  return browser.newContext({
    baseURL,
    viewport: { width: options.width ?? 1280, height: options.height ?? 800 },
    colorScheme: options.theme ?? 'light',
    locale: options.language === 'cs' ? 'cs-CZ' : 'en-GB',
    timezoneId: 'Europe/Prague',
    reducedMotion: 'reduce',
  });
}
