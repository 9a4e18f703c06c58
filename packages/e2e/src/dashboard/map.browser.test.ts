import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { type DashboardUnderTest, dashboardUnderTest, withBrowser } from './dashboard-under-test.ts';

withBrowser('the map', () => {
  let under: DashboardUnderTest;
  beforeAll(async () => {
    under = await dashboardUnderTest();
    await under.hub.api('PUT', '/api/v1/spokes/shop', { kind: 'source', title: 'Web shop', inbound: { type: 'type' } });
    for (const [name, title] of [
      ['erp', 'ERP'],
      ['crm', 'CRM'],
    ] as const) {
      await under.hub.api('PUT', `/api/v1/spokes/${name}`, { kind: 'webhook', title, config: { url: `${under.sink.url}/${name}` } });
    }
    await under.hub.api('PUT', '/api/v1/routes/orders', {
      from: { spoke: 'shop', type: 'order.*' },
      steps: [
        { name: 'invoice', to: 'erp' },
        { name: 'contact', to: 'crm' },
      ],
    });
  }, 180_000);
  afterEach(() => under.closePages());
  afterAll(() => under.close(), 60_000);

  it('shows the systems around the hub with the links of each route, and opens what is clicked', async () => {
    const page = await under.open('/map');
    await page.getByText('3 systems, all healthy').waitFor();
    await expect.poll(() => page.locator('[data-node]').count()).toBe(3);
    // One from the source, one to each target.
    await expect.poll(() => page.locator('.react-flow__edge').count()).toBe(3);
    await under.expectAccessible(page);
    await page.getByRole('link', { name: /^ERP/ }).click();
    const panel = page.getByRole('region', { name: 'System ERP' });
    await panel.getByText('Webhook').waitFor();
    await expect.poll(() => new URL(page.url()).search).toBe('?select=erp');
    await panel.getByRole('link', { name: 'orders' }).click();
    const route = page.getByRole('region', { name: 'Route orders' });
    await route.getByRole('link', { name: 'Web shop' }).waitFor();
    await under.expectAccessible(page);
    await route.getByRole('link', { name: 'Route' }).click();
    await page.waitForURL('**/routes/orders');
  });

  it('is walked by keys: slash finds a system, arrows go on, Enter opens it, Escape closes it', async () => {
    const page = await under.open('/map');
    await page.locator('[data-node="erp"]').waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('shop');
    await page.getByText('1 fits').waitFor();
    await page.locator('[data-node="shop"][data-found]').waitFor();
    await page.keyboard.press('Enter');
    await page.waitForURL('**/map?select=shop');
    await page.keyboard.press('Escape');
    await page.waitForURL((url) => url.search === '');
    await page.locator('[data-node="crm"]').focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    await page.getByRole('region', { name: 'System ERP' }).waitFor();
  });

  it('draws a link of its own for what is clicked: the way of a route', async () => {
    const page = await under.open('/map');
    // The wide invisible path over a thin link takes the click, wherever the view has moved it by then.
    await page.locator('.react-flow__edge[data-id="out:erp:orders"] .react-flow__edge-interaction').dispatchEvent('click');
    await page.getByRole('region', { name: 'Route orders' }).waitFor();
    await expect.poll(() => new URL(page.url()).searchParams.get('select')).toBe('route:orders');
  });

  it('shows at once that a system was paused, and offers to resume it', async () => {
    const page = await under.open('/map');
    await page.locator('[data-node="erp"]:not([data-state="paused"])').waitFor();
    await under.hub.api('POST', '/api/v1/queues/erp/pause');
    await page.locator('[data-node="erp"][data-state="paused"]').waitFor();
    await page.getByText('ERP is paused, nothing waits for it.').waitFor();
    await page.getByRole('button', { name: 'Resume it' }).click();
    await page.getByRole('dialog', { name: 'Resume ERP?' }).getByRole('button', { name: 'Resume', exact: true }).click();
    await page.getByText('3 systems, all healthy').waitFor();
  });

  it('has the same facts as a table, which narrow screens show first', async () => {
    const page = await under.open('/map', { width: 360, height: 720 });
    const systems = page.getByRole('grid', { name: 'Systems' });
    for (const title of ['CRM', 'ERP', 'Web shop']) await systems.getByText(title).waitFor();
    await page.getByRole('grid', { name: 'Routes' }).getByText('orders').waitFor();
    await under.expectAccessible(page);
    await page.getByRole('link', { name: 'Map', exact: true }).first().click();
    await page.locator('[data-node="erp"]').waitFor();
    await expect.poll(() => page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360);
    await under.expectAccessible(page);
  });

  it('complains about nothing', () => under.expectNoComplaints());
});
