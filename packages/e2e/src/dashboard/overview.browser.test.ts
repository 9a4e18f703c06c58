import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { textAt } from '../harness/json.ts';
import { type DashboardUnderTest, dashboardUnderTest, SEEN_MS, withBrowser } from './dashboard-under-test.ts';

withBrowser('the overview and the ledger of the dashboard', () => {
  let under: DashboardUnderTest;

  async function send(number: string): Promise<string> {
    const sent = await under.post('/hooks/shop', JSON.stringify({ type: 'order.created', number }), { 'content-type': 'application/json' });
    expect(sent.status).toBe(202);
    return textAt(sent.body, 'messageId');
  }

  beforeAll(async () => {
    under = await dashboardUnderTest();
    const { hub, sink } = under;
    await hub.api('PUT', '/api/v1/spokes/shop', { kind: 'source', inbound: { verify: { scheme: 'none' }, type: 'type' } });
    await hub.api('PUT', '/api/v1/spokes/erp', {
      kind: 'rest',
      config: { baseUrl: sink.url, operations: { createInvoice: { method: 'POST', path: '/invoices' } } },
    });
    await hub.api('PUT', '/api/v1/routes/orders', { from: { spoke: 'shop', type: 'order.*' }, steps: [{ name: 'invoice', to: 'erp' }] });
    // The first steps are done with it, so that the page is that of every day.
    await under.messageIn(await send('first'), 'completed');
  }, 180_000);
  beforeEach(() => under.sink.behave('answer'));
  afterEach(() => under.closePages());
  afterAll(() => under.close(), 60_000);

  it('says that all is well, and counts what flows while one looks', async () => {
    const page = await under.open('/');
    await page.getByText(/All is well: \d+ messages? in the last hour, all delivered\./).waitFor();
    await page.getByText('Nothing is missing').or(page.getByText('Nothing is known to be missing')).first().waitFor();
    const received = page.locator('dl').filter({ hasText: 'Received' });
    await received.getByText(/^1\s*message$/).waitFor();
    for (const number of ['A-1', 'A-2']) await under.messageIn(await send(number), 'completed');
    await received.getByText(/^3\s*messages$/).waitFor();
    await page.getByText('All is well: 3 messages in the last hour, all delivered.').waitFor();
    await under.expectAccessible(page);
  });

  it.each([
    [
      '/',
      [
        'stats?window=1h',
        'stats/series?window=1h',
        'issues/summary',
        'issues?limit=50',
        'queues',
        'ledger?window=1h',
        'alerts/firing?limit=100',
      ],
    ],
    [
      '/?window=24h&spoke=erp',
      ['stats?window=24h', 'issues/summary', 'issues?limit=50', 'queues', 'ledger?window=24h', 'alerts/firing?limit=100'],
    ],
    ['/messages', ['messages?limit=100', 'stats?window=1h']],
    ['/audit', []],
  ])('asks what %s shows first before the application is there, and takes all of the answers', async (path, early) => {
    const page = await under.open(path);
    await page.getByRole('row').or(page.getByText('Received')).first().waitFor();
    const asked = async () => {
      // In the order in which they began, as soon as they are answered.
      const names: unknown = await page.evaluate('performance.getEntriesByType("resource").map(({ name }) => name)');
      const urls = Array.isArray(names) ? names.map((name) => new URL(String(name))) : [];
      const questions = urls
        .filter(({ pathname }) => pathname.startsWith('/api/v1/'))
        .map(({ pathname, search }) => `${pathname.slice(8)}${search}`);
      return questions.slice(0, early.length + 1).sort();
    };
    await expect.poll(asked).toEqual(['session', ...early].sort());
    await expect.poll(() => page.evaluate('naveEarly.size')).toBe(0);
  });

  it('keeps window and filter in the address, and leads to the spoke', async () => {
    const page = await under.open('/?window=24h&route=orders');
    await page.getByRole('radio', { name: 'last 24 hours' }).and(page.locator(':checked')).waitFor();
    await page.getByRole('radio', { name: 'last 15 minutes' }).check();
    await page.waitForURL(/window=15m/);
    expect(page.url()).toContain('route=orders');
    await page.getByText('Received').waitFor();
    await page
      .getByText('runs', { exact: true })
      .or(page.getByText('run', { exact: true }))
      .waitFor();
    await page.getByRole('grid', { name: 'By spoke' }).getByRole('link', { name: 'erp' }).click();
    await page.waitForURL('**/spokes/erp');
  });

  it('says what is dead the moment it dies, and leads to it', async () => {
    const page = await under.open('/');
    await page.getByText('All is well').waitFor();
    under.sink.behave({ fail: 422 });
    await under.messageIn(await send('B-1'), 'failed');
    await page.getByText(/1 delivery to erp is dead since/).waitFor();
    await under.expectAccessible(page);
    await page.getByRole('link', { name: 'See why, and retry' }).click();
    await page.waitForURL(/\/issues\/[0-9a-f-]{36}/);
  });

  it('accounts for everything in the ledger, and counts it again when asked', async () => {
    const page = await under.open('/ledger?window=15m');
    await page.getByRole('grid', { name: 'Per route and minute' }).getByText('orders').first().waitFor();
    await page.getByText('No difference is open.').waitFor();
    await page.getByRole('button', { name: 'Verify' }).click();
    const dialog = page.getByRole('dialog', { name: 'Count everything again' });
    await dialog.getByLabel('Everything that is kept').check();
    await dialog.getByRole('button', { name: 'Verify' }).click();
    await dialog.getByText(/Everything is there|There was nothing to count/).waitFor();
    await under.expectAccessible(page);
  });

  it('speaks Czech, and fits a phone in the dark', async () => {
    const page = await under.open('/', { role: 'viewer', language: 'cs', width: 360, height: 720, theme: 'dark' });
    await page.getByText(/doručení do systému erp je mrtvé od/).waitFor();
    await page.getByRole('img', { name: /Doručení podle výsledku/ }).waitFor();
    await expect.poll(() => page.evaluate('document.documentElement.scrollWidth'), { timeout: SEEN_MS }).toBeLessThanOrEqual(360);
    await under.expectAccessible(page);
    await page.goto('/ledger');
    await page.getByText('Průchod je jedna zpráva na jedné trase.').waitFor();
    await expect.poll(() => page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360);
    await under.expectAccessible(page);
  });

  it('complains about nothing', () => under.expectNoComplaints());
});
