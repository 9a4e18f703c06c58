/** The whole demo with a hub and a database of its own: the books must match, and the dead letter must come back. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Delivery } from '@nave/api-schema';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createDemoConsole } from './console/demo-console.ts';
import { type RunDemo, runDemo } from './run-demo.ts';

const START_MS = 120_000;
const RETRY_MS = 60_000;

describe('the demo', () => {
  const dir = mkdtempSync(join(tmpdir(), 'nave-demo-'));
  let text = '';
  let demo: RunDemo;

  beforeAll(async () => {
    const out = createDemoConsole({ write: (part) => (text += part) });
    const env = { NAVE_PORT: '0', NAVE_DATA_DIR: dir };
    demo = await runDemo({ env, out, seed: 7, rounds: 3, roundMs: 150, outage: false, signal: new AbortController().signal });
  }, START_MS);

  afterAll(async () => {
    await demo?.stop();
    rmSync(dir, { recursive: true, force: true });
  }, START_MS);

  it('accounts for everything that was sent', () => {
    const { counts, missing, checks } = demo.account;
    expect(missing).toEqual([]);
    expect(checks.map(({ compared }) => compared).every((compared) => compared > 0)).toBe(true);
    expect(counts).toMatchObject({ repeats: 1, notTaken: 0, forged: 1, forgedRefused: 1, filtered: 1, dead: 1, open: 0 });
    expect(counts.acknowledged).toBe(counts.sent);
    expect(counts.delivered).toBe(counts.deliveries - 2);
  });

  it('has each order as one invoice, paid where a payment came', () => {
    const invoices = demo.company.erp.invoices();
    expect(invoices.map(({ order }) => order).sort()).toEqual(['O-1001', 'O-1002', 'O-1003', 'O-1004', 'O-1005']);
    expect(invoices.some(({ paid }) => paid)).toBe(true);
    expect(invoices.every(({ paid, payments }) => payments.length === (paid ? 1 : 0))).toBe(true);
  });

  it('has accounts of those hired, disabled for who left', () => {
    const accounts = demo.company.directory.accounts().map(({ login, enabled }) => [login, enabled]);
    expect(Object.fromEntries(accounts)).toEqual({ 'tereza.cerna': false, 'otakar.zdarsky': true, 'bara.jelinkova': true });
  });

  it('plays the blueprints: an order paid in Pohoda, one contact in HubSpot, an account that was given and taken in Active Directory', () => {
    const { named } = demo.company;
    const invoices = named.invoices().map(({ extId, toPay }) => [extId, toPay]);
    expect(Object.fromEntries(invoices)).toEqual({ 'eshop-B-1001': 0, 'legacy-shop-L-1001': 47_397 });
    expect(named.contacts()).toMatchObject([{ email: 'jana.dvorakova.1001@example.cz', company: 'Kavárna s. r. o.' }]);
    expect(named.accounts()).toMatchObject([{ employeeId: 'P-1001', enabled: false, groups: [], place: 'Leavers' }]);
    expect(text).toMatch(/✓ {2}left P-1001 .* → Active Directory every access off .* m?s/);
    expect(text).toContain('Active Directory has an account per person in the right groups; who left has no access (3 compared)');
  });

  it('tells what happens, without colour where there is no terminal', () => {
    expect(text).toMatch(/✓ {2}order O-1001 .* → ERP invoice \d{4}-1001 .* m?s/);
    expect(text).toMatch(/↻ {2}hired E-1002 .* → messenger welcome for Otakar .* retry in/);
    expect(text).toMatch(/✕ {2}hired E-1002 .* dead after 4 attempts/);
    expect(text).not.toContain('\u001b');
  });

  it('delivers the dead letter once the fault is gone and it is retried', async () => {
    const [dead] = demo.account.dead;
    const { messenger } = demo.company;
    const before = messenger.messages().length;
    const answer = await fetch(`${messenger.url}/faults`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ mode: 'ok' }),
    });
    expect(answer.status).toBe(200);
    await demo.hub.retry(dead?.id ?? '');
    await vi.waitFor(async () => expect(await stateOf(dead)).toBe('succeeded'), { timeout: RETRY_MS, interval: 100 });
    expect(messenger.messages().length).toBe(before + 1);
    expect(messenger.messages().at(-1)?.text).toContain('Otakar');
  });

  it('shows the state of each system as JSON and as a page', async () => {
    for (const system of demo.company.all()) {
      const [page, state] = await Promise.all([fetch(system.url), fetch(`${system.url}/state`)]);
      expect(page.headers.get('content-type')).toContain('text/html');
      expect(await page.text()).toContain(system.title);
      expect(await state.json()).toBeTypeOf('object');
    }
  });

  async function stateOf(delivery: Delivery | undefined): Promise<string> {
    return (await demo.hub.delivery(delivery?.id ?? '')).state;
  }
});
