import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { at, listAt, textAt } from '../harness/json.ts';
import { type DashboardUnderTest, dashboardUnderTest, SEEN_MS, withBrowser } from './dashboard-under-test.ts';

withBrowser('the issues of the dashboard', () => {
  let under: DashboardUnderTest;

  async function send(type: string, data: Record<string, unknown> = {}): Promise<string> {
    const sent = await under.post('/hooks/shop', JSON.stringify({ type, ...data }), { 'content-type': 'application/json' });
    expect(sent.status).toBe(202);
    return textAt(sent.body, 'messageId');
  }

  /** Messages whose only deliveries the other side refused. */
  async function refused(count: number, type = 'order', data: Record<string, unknown> = {}): Promise<string[]> {
    under.sink.behave({ fail: 422 });
    const ids: string[] = [];
    for (let n = 0; n < count; n++) ids.push(await send(type, { number: `A-${n}`, ...data }));
    for (const id of ids) await under.messageIn(id, 'failed');
    return ids;
  }

  /** A payment that left and was not answered. */
  async function unanswered(): Promise<string> {
    under.sink.behave('hold');
    const id = await send('payment');
    await under.deliveryIn(id, 'unknown');
    under.sink.release();
    under.sink.behave('answer');
    return id;
  }

  const replays = async () => listAt(await under.hub.api('GET', '/api/v1/replays?limit=200'), 'items').length;

  beforeAll(async () => {
    under = await dashboardUnderTest();
    const { hub, sink } = under;
    await hub.api('PUT', '/api/v1/spokes/shop', { kind: 'source', inbound: { verify: { scheme: 'none' }, type: 'type' } });
    await hub.api('PUT', '/api/v1/spokes/erp', {
      kind: 'rest',
      config: { baseUrl: sink.url, operations: { createInvoice: { method: 'POST', path: '/invoices' } } },
    });
    await hub.api('PUT', '/api/v1/spokes/bank', {
      kind: 'rest',
      config: { baseUrl: sink.url, operations: { pay: { method: 'POST', path: '/pay', idempotent: 'never' } } },
      policy: { timeout: '1s' },
    });
    const route = (name: string, type: string, to: string, more: Record<string, unknown> = {}) =>
      hub.api('PUT', `/api/v1/routes/${name}`, { from: { spoke: 'shop', type }, steps: [{ name: 'only', to }], ...more });
    await route('order-to-invoice', 'order', 'erp');
    await route('ordered-to-invoice', 'ordered', 'erp', { orderingKey: 'data.customer' });
    await route('payment-to-bank', 'payment', 'bank');
  }, 180_000);
  beforeEach(() => under.sink.behave('answer'));
  afterEach(async () => {
    await under.closePages();
    // Each test begins with nothing that waits.
    await under.hub.api('POST', '/api/v1/replays', { mode: 'cancel', filter: {} });
    await expect.poll(async () => at(await under.hub.api('GET', '/api/v1/issues/summary'), 'dead'), { timeout: SEEN_MS }).toBe(0);
  });
  afterAll(() => under.close(), 60_000);

  it('shows a failure as it happens, says what to do, and retries all of it after a preview', { timeout: 120_000 }, async () => {
    // A failure that is over is not there any more.
    const page = await under.open('/issues', { expected: /404/ });
    await page.getByRole('heading', { name: 'Nothing needs you' }).waitFor();
    await under.expectAccessible(page);
    const ids = await refused(3);
    await page.getByText(/^3 deliveries to erp are dead since/).waitFor();
    await page.getByRole('link', { name: 'See what happened' }).click();
    const detail = page.getByRole('region', { name: 'Failure' });
    await detail.getByText('Sent again as it is, it would be refused again.').waitFor();
    await under.expectAccessible(page);
    under.sink.behave('answer');
    await detail.getByRole('button', { name: 'Retry 3 deliveries' }).click();
    const dialog = page.getByRole('dialog', { name: 'Retry dead deliveries to erp' });
    await dialog.getByText('They are sent again with the same ids and idempotency keys').waitFor();
    await under.expectAccessible(page);
    await dialog.getByRole('button', { name: 'Retry 3 deliveries' }).click();
    await page.waitForURL('**/replays/*');
    await page.getByText('3 of 3 deliveries put back to work').waitFor();
    await page.getByText('No delivery is dead for this reason any more.').waitFor();
    await under.expectAccessible(page);
    for (const id of ids) await under.messageIn(id, 'completed');
    await page.goto('/issues');
    await page.getByRole('heading', { name: 'Nothing needs you' }).waitFor();
    await page.getByRole('link', { name: 'Replays' }).click();
    await page.getByRole('row').filter({ hasText: 'Dead deliveries of the failure' }).first().waitFor();
  });

  it('is led by keys, and retries those that were chosen', { timeout: 120_000 }, async () => {
    await refused(2);
    under.sink.behave('answer');
    const page = await under.open('/issues');
    await page.getByRole('row').filter({ hasText: 'rejected 422' }).waitFor();
    // The only row: pressed again the cursor stays on it.
    await expect
      .poll(async () => page.keyboard.press('j').then(() => page.locator('[role="row"][data-cursor]').count()), { timeout: SEEN_MS })
      .toBe(1);
    await page.keyboard.press('r');
    await page.getByRole('dialog', { name: 'Retry dead deliveries to erp' }).waitFor();
    // Back before anything else can come, such as the next key.
    const focused = await page.evaluate(async () => {
      document.activeElement?.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true, cancelable: true }));
      await Promise.resolve();
      return document.activeElement?.getAttribute('role');
    });
    expect(focused).toBe('grid');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/issues/*');
    const detail = page.getByRole('region', { name: 'Failure' });
    await detail.getByRole('grid', { name: 'Affected deliveries' }).getByRole('checkbox').nth(1).click();
    await detail.getByRole('button', { name: 'Retry 1 delivery' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Retry 1 delivery' }).click();
    await page.getByText('1 of 1 deliveries put back to work').waitFor();
    await page.goBack();
    await detail.getByText('1 delivery of 1 message to erp (createInvoice)').waitFor();
    await page.keyboard.press('Escape');
    await page.waitForURL('**/issues');
  });

  it('gives up only what was confirmed by name', { timeout: 120_000 }, async () => {
    const [id = ''] = await refused(1);
    const page = await under.open('/issues', { expected: /404/ });
    await page.getByRole('row').filter({ hasText: 'rejected 422' }).click();
    await page.getByRole('region', { name: 'Failure' }).getByRole('button', { name: 'Skip' }).click();
    const dialog = page.getByRole('dialog', { name: 'Skip dead deliveries to erp' });
    await dialog.getByText('This is final').waitFor();
    const before = await replays();
    await dialog.getByRole('button', { name: 'Skip 1 delivery' }).press('Enter');
    await expect.poll(() => replays()).toBe(before);
    await dialog.getByLabel('Type erp to confirm').fill('erp');
    await dialog.getByRole('button', { name: 'Skip 1 delivery' }).click();
    await page.getByText('1 of 1 deliveries skipped').waitFor();
    await under.messageIn(id, 'completed');
  });

  it('releases a parked lane by skipping what blocks it', { timeout: 120_000 }, async () => {
    await refused(1, 'ordered', { customer: 'Nováková' });
    under.sink.behave('answer');
    const behind = await send('ordered', { customer: 'Nováková' });
    await under.deliveryIn(behind, 'held');
    const page = await under.open('/issues?tab=lanes');
    const row = page.getByRole('row').filter({ hasText: 'Nováková' });
    await row.getByRole('button', { name: 'More actions' }).click();
    await page.getByRole('menuitem', { name: 'Skip the delivery' }).click();
    const dialog = page.getByRole('dialog', { name: 'Skip the blocking delivery?' });
    await dialog.getByText('1 delivery waits behind it and goes on at once.').waitFor();
    await under.expectAccessible(page);
    await dialog.getByRole('button', { name: 'Skip the delivery' }).click();
    await page.getByRole('heading', { name: 'No lane is parked' }).waitFor();
    await under.messageIn(behind, 'completed');
  });

  it('takes the decision about what nobody knows, with the answer a person found', { timeout: 120_000 }, async () => {
    const happened = await unanswered();
    const page = await under.open('/issues');
    await page.getByRole('link', { name: 'Decide 1 outcome' }).click();
    await page.getByRole('heading', { name: 'pay at bank' }).waitFor();
    await under.expectAccessible(page);
    await page.getByRole('button', { name: 'It happened' }).click();
    const done = page.getByRole('dialog', { name: 'It happened: record it as succeeded?' });
    await done.getByRole('textbox', { name: 'Answer of the system, as JSON' }).click();
    await page.keyboard.insertText('{ "payment": 7 }');
    await under.expectAccessible(page);
    await done.getByRole('button', { name: 'Record it as succeeded' }).click();
    await page.getByRole('heading', { name: 'Nothing to decide' }).waitFor();
    await under.deliveryIn(happened, 'succeeded');
    const notHappened = await unanswered();
    await page.getByRole('heading', { name: 'pay at bank' }).waitFor();
    await page.getByRole('button', { name: 'It did not happen: send it again' }).click();
    await page.getByRole('dialog').getByText('If it did happen after all, it happens twice').waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Send it again' }).click();
    await under.messageIn(notHappened, 'completed');
    await page.getByRole('heading', { name: 'Nothing to decide' }).waitFor();
  });

  it('lets a viewer see all of it and change nothing', { timeout: 120_000 }, async () => {
    await refused(1, 'ordered', { customer: 'Dvořák' });
    const before = await replays();
    const page = await under.open('/issues', { role: 'viewer' });
    await page.getByRole('row').filter({ hasText: 'rejected 422' }).click();
    const retry = page.getByRole('region', { name: 'Failure' }).getByRole('button', { name: 'Retry 1 delivery' });
    await expect.poll(() => retry.getAttribute('aria-disabled')).toBe('true');
    await retry.press('Enter');
    await page.getByText('This takes the role operator.').first().waitFor();
    await page.keyboard.press('r');
    await page.getByText('Retrying takes the role operator.').waitFor();
    await under.expectAccessible(page);
    await page.goto('/issues?tab=lanes');
    const lane = page.getByRole('row').filter({ hasText: 'Dvořák' });
    await expect.poll(() => lane.getByRole('button', { name: 'Retry' }).getAttribute('aria-disabled')).toBe('true');
    await expect.poll(() => replays()).toBe(before);
  });

  it('fits a phone, speaks Czech, and is accessible in the dark', { timeout: 120_000 }, async () => {
    await refused(1, 'ordered', { customer: 'Řehoř' });
    const page = await under.open('/issues', { language: 'cs', theme: 'dark', width: 360, height: 720 });
    await page.getByText(/^1 doručení do systému erp je mrtvé od/).waitFor();
    await page.getByRole('row').filter({ hasText: 'rejected 422' }).waitFor();
    await under.expectAccessible(page);
    await expect.poll(() => page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360);
    await page.getByRole('link', { name: 'Podívat se, co se stalo' }).click();
    await page.getByText('Stejný požadavek by odmítl znovu.').waitFor();
    await under.expectAccessible(page);
    await page.goto('/issues?tab=lanes');
    await page.getByRole('row').filter({ hasText: 'Řehoř' }).waitFor();
    await under.expectAccessible(page);
    await expect.poll(() => page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360);
  });

  it('complains about nothing', () => under.expectNoComplaints());
});
