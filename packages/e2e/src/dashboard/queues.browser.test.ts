import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { type DashboardUnderTest, dashboardUnderTest, withBrowser } from './dashboard-under-test.ts';

withBrowser('the queues', () => {
  let under: DashboardUnderTest;
  let published = 0;
  beforeAll(async () => {
    under = await dashboardUnderTest();
    await under.hub.api('PUT', '/api/v1/spokes/shop', { kind: 'source', inbound: { type: 'type' } });
    for (const [name, title] of [
      ['erp', 'ERP'],
      ['crm', 'CRM'],
    ] as const) {
      await under.hub.api('PUT', `/api/v1/spokes/${name}`, { kind: 'webhook', title, config: { url: `${under.sink.url}/${name}` } });
    }
    await under.hub.api('PUT', '/api/v1/routes/orders', {
      from: { spoke: 'shop', type: 'order' },
      steps: [{ name: 'invoice', to: 'erp' }],
    });
  }, 180_000);
  afterEach(() => under.closePages());
  afterAll(() => under.close(), 60_000);

  async function publish(count: number): Promise<void> {
    for (let n = 0; n < count; n++) {
      await under.hub.api('POST', '/v1/messages', { source: 'shop', type: 'order', data: { id: `order-${published++}` } });
    }
  }

  it('pauses a queue by its key, counts what is held, previews the resume, and sees it drained', async () => {
    const page = await under.open('/queues');
    await page.getByText('2 queues, nothing is stuck').waitFor();
    const row = page.getByRole('row').filter({ hasText: 'ERP' });
    await row.waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    await page.keyboard.press('p');
    const pausing = page.getByRole('dialog', { name: 'Pause ERP?' });
    await pausing.getByText('Nothing waits for it at the moment').waitFor();
    await pausing.getByRole('button', { name: 'Pause ERP' }).click();
    await row.getByText('paused').waitFor();
    await publish(5);
    await page.getByText('5 deliveries wait until somebody resumes it').first().waitFor();
    await row.getByText('held 5').waitFor();
    await under.expectAccessible(page);
    // What needs a person comes first.
    await expect.poll(() => page.getByRole('row').nth(1).textContent()).toContain('ERP');
    await row.getByRole('link', { name: 'ERP' }).click();
    await page.waitForURL('**/queues/erp');
    const panel = page.getByRole('region', { name: 'Queue of ERP' });
    await panel.getByText('Somebody paused it.').waitFor();
    await under.expectAccessible(page);
    await panel.getByRole('button', { name: 'Resume' }).click();
    const resuming = page.getByRole('dialog', { name: 'Resume ERP?' });
    await resuming.getByText('5 deliveries wait, the oldest from').waitFor();
    await resuming.getByLabel('Deliveries per second at most').fill('1000');
    await resuming.getByRole('button', { name: 'Resume 5 deliveries' }).click();
    await page.getByText('2 queues, nothing is stuck').waitFor();
    await panel.getByText('Nothing: deliveries go out as they come.').waitFor();
    await row.getByText('nothing waits').waitFor();
    expect(under.sink.arrivals.filter(({ path }) => path === '/erp')).toHaveLength(5);
  });

  it('sorts by a column of its header, and keeps that in the address', async () => {
    const page = await under.open('/queues');
    await page.getByRole('row').filter({ hasText: 'ERP' }).waitFor();
    await page.getByRole('button', { name: 'Spoke', exact: true }).click();
    await page.waitForURL('**/queues?sort=spoke');
    await page.getByRole('columnheader', { name: 'Spoke' }).and(page.locator('[aria-sort="ascending"]')).waitFor();
    await page.getByRole('button', { name: 'Spoke', exact: true }).click();
    await page.waitForURL('**/queues?sort=-spoke');
    await expect.poll(() => page.getByRole('row').nth(1).textContent()).toContain('ERP');
  });

  it('lets a viewer look, and says which role it takes to pause', async () => {
    const page = await under.open('/queues/erp', { role: 'viewer' });
    const panel = page.getByRole('region', { name: 'Queue of ERP' });
    const pause = panel.getByRole('button', { name: 'Pause' });
    await pause.focus();
    await page.getByRole('tooltip').getByText('This takes the role operator.').waitFor();
    await pause.dispatchEvent('click');
    await expect.poll(() => page.getByRole('dialog').count()).toBe(0);
    await under.expectAccessible(page);
  });

  it('fits a phone', async () => {
    const page = await under.open('/queues', { width: 360, height: 720, language: 'cs' });
    await page.getByRole('row').filter({ hasText: 'ERP' }).waitFor();
    await expect.poll(() => page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360);
    await under.expectAccessible(page);
    await page.getByRole('link', { name: 'ERP' }).click();
    await page.getByRole('region', { name: 'Fronta: ERP' }).getByText('Nic: doručení odcházejí, jak přijdou.').waitFor();
    await under.expectAccessible(page);
  });

  it('complains about nothing', () => under.expectNoComplaints());
});
