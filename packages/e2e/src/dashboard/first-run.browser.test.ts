import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { type DashboardUnderTest, dashboardUnderTest, withBrowser } from './dashboard-under-test.ts';

withBrowser('the first steps of an empty hub', () => {
  let under: DashboardUnderTest;
  beforeAll(async () => {
    under = await dashboardUnderTest();
  }, 180_000);
  afterEach(() => under.closePages());
  afterAll(() => under.close(), 60_000);

  it('can be sent away, by each for oneself', async () => {
    const page = await under.open('/', { role: 'viewer', language: 'cs', width: 360, height: 720 });
    await page.getByRole('heading', { name: 'Vítejte v Nave' }).waitFor();
    await under.expectAccessible(page);
    await expect.poll(() => page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360);
    await page.getByRole('button', { name: 'Nezobrazovat' }).click();
    await page.getByText('Všude klid').waitFor();
    await page.reload();
    await page.getByText('Všude klid').waitFor();
    await expect.poll(() => page.getByRole('heading', { name: 'Vítejte v Nave' }).count()).toBe(0);
  });

  it('are ticked off as they are done, whoever does them', async () => {
    const { hub, sink } = under;
    const page = await under.open('/');
    await page.getByRole('heading', { name: 'Welcome to Nave' }).waitFor();
    const step = (name: string) => page.getByRole('list', { name: 'First steps' }).getByRole('listitem').filter({ hasText: name });
    await page.getByText('npx pnpm@12 demo').waitFor();
    await under.expectAccessible(page);
    await step('Add a spoke').getByRole('link', { name: 'Add a spoke' }).click();
    await page.waitForURL('**/spokes/new');

    await hub.api('PUT', '/api/v1/spokes/shop', { kind: 'source', inbound: { verify: { scheme: 'none' }, type: 'type' } });
    await page.goto('/');
    await step('Add a spoke').getByText('done').waitFor();
    const command = step('Send a test webhook').locator('pre');
    await command.getByText(`${hub.url}/hooks/shop`).waitFor();
    await page.getByText('Waiting for the first message…').waitFor();
    const sent = await under.post('/hooks/shop', '{"type":"test","number":"T-1"}', { 'content-type': 'application/json' });
    expect(sent.status).toBe(202);
    // Nobody touches the page.
    await step('Send a test webhook').getByText('done').waitFor();
    await step('Create a route').getByRole('link', { name: 'Create a route' }).waitFor();
    await under.expectAccessible(page);

    await hub.api('PUT', '/api/v1/spokes/erp', {
      kind: 'rest',
      config: { baseUrl: sink.url, operations: { createInvoice: { method: 'POST', path: '/invoices' } } },
    });
    await hub.api('PUT', '/api/v1/routes/orders', { from: { spoke: 'shop', type: '**' }, steps: [{ name: 'invoice', to: 'erp' }] });
    await page.reload();
    await page.getByRole('radio', { name: 'last hour' }).waitFor();
    await page.getByText('Received').waitFor();
    await expect.poll(() => page.getByRole('list', { name: 'First steps' }).count()).toBe(0);
  });

  it('complain about nothing', () => under.expectNoComplaints());
});
