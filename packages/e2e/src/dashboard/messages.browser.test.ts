import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { listAt, textAt } from '../harness/json.ts';
import { type DashboardUnderTest, dashboardUnderTest, SEEN_MS, withBrowser } from './dashboard-under-test.ts';

withBrowser('the messages of the dashboard', () => {
  let under: DashboardUnderTest;

  async function send(type: string, data: Record<string, unknown> = {}, headers: Record<string, string> = {}): Promise<string> {
    const sent = await under.post('/hooks/shop', JSON.stringify({ type, ...data }), { 'content-type': 'application/json', ...headers });
    expect(sent.status).toBe(202);
    return textAt(sent.body, 'messageId');
  }

  /** A message whose only delivery the other side refused. */
  async function refused(type = 'order.refused'): Promise<string> {
    under.sink.behave({ fail: 422 });
    const id = await send(type, { number: 'A-1', customer: 'Nováková' });
    await under.messageIn(id, 'failed');
    under.sink.behave('answer');
    return id;
  }

  beforeAll(async () => {
    under = await dashboardUnderTest();
    const { hub, sink } = under;
    await hub.api('PUT', '/api/v1/spokes/shop', {
      kind: 'source',
      inbound: { verify: { scheme: 'none' }, type: 'type', idempotencyKey: 'event' },
    });
    await hub.api('PUT', '/api/v1/spokes/erp', {
      kind: 'rest',
      config: { baseUrl: sink.url, operations: { createInvoice: { method: 'POST', path: '/invoices' } } },
      policy: { retry: { attempts: 2, base: '20ms', max: '20ms', factor: 1 } },
    });
    await hub.api('PUT', '/api/v1/spokes/bank', {
      kind: 'rest',
      config: { baseUrl: sink.url, operations: { pay: { method: 'POST', path: '/pay', idempotent: 'never' } } },
      policy: { timeout: '1s' },
    });
    const route = (name: string, type: string, to: string, input?: string) =>
      hub.api('PUT', `/api/v1/routes/${name}`, {
        from: { spoke: 'shop', type },
        steps: [{ name: 'invoice', to, ...(input === undefined ? {} : { input }) }],
      });
    await route('order-to-invoice', 'order.*', 'erp', '{ "invoice": data.number, "for": data.customer }');
    await route('payment-to-bank', 'payment.*', 'bank');
  }, 180_000);
  beforeEach(() => under.sink.behave('answer'));
  afterEach(() => under.closePages());
  afterAll(() => under.close(), 60_000);

  it('leads from the failed ones to what happened, and sends it again', async () => {
    await send('order.created', { number: 'A-0' });
    const id = await refused();
    const page = await under.open('/messages');
    await page.getByRole('grid', { name: 'Messages, newest first' }).waitFor();
    await page.getByRole('link', { name: 'Show failed messages' }).click();
    await page.waitForURL('**/messages?state=failed');
    await page.getByRole('row').filter({ hasText: 'order.refused' }).first().click();
    await page.waitForURL(`**/messages/${id}?state=failed`);
    const detail = page.getByRole('region', { name: 'Message order.refused' });
    await detail.getByText('order.refused from shop: erp refused createInvoice with 422 and waits for you.').waitFor();
    await under.expectAccessible(page);
    await detail.getByRole('button', { name: 'Retry delivery' }).click();
    const dialog = page.getByRole('dialog', { name: 'Retry this delivery?' });
    await dialog.getByText('with the same id and the same idempotency key').waitFor();
    await dialog.getByRole('button', { name: 'Retry delivery' }).click();
    await page.getByText('The delivery is on its way again.').waitFor();
    await detail.getByText(/order\.refused from shop reached erp \(createInvoice, after 2 attempts\)/).waitFor();
    await under.messageIn(id, 'completed');
  });

  it('is led by keys: found by its key, opened, closed', async () => {
    const id = await send('order.created', { event: 'evt-by-keys', number: 'A-2' });
    await under.messageIn(id, 'completed');
    const page = await under.open('/messages');
    await page.getByRole('grid', { name: 'Messages, newest first' }).waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('evt-by-keys');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/messages?q=evt-by-keys');
    await expect.poll(() => page.getByRole('row').count(), { timeout: SEEN_MS }).toBe(2);
    await page.keyboard.press('Escape');
    await page.getByRole('grid', { name: 'Messages, newest first' }).focus();
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.waitForURL(`**/messages/${id}?q=evt-by-keys`);
    await page.getByText(/reached erp \(createInvoice\) within/).waitFor();
    await page.keyboard.press('Escape');
    await page.waitForURL('**/messages?q=evt-by-keys');
  });

  it('masks what a message carried, shows it to those who may, and leaves a trace', async () => {
    const id = await send('order.created', { number: 'A-3', customer: 'Dvořák' });
    await under.messageIn(id, 'completed');
    const viewer = await under.open(`/messages/${id}`, { role: 'viewer' });
    await viewer.getByText('Masked:').waitFor();
    const reveal = viewer.getByRole('button', { name: 'Reveal payload' });
    await expect.poll(() => reveal.getAttribute('aria-disabled')).toBe('true');
    await reveal.hover();
    await viewer.getByRole('tooltip').getByText('This takes the role operator.').waitFor();
    const page = await under.open(`/messages/${id}`, { role: 'operator' });
    await page.getByRole('button', { name: 'Reveal payload' }).click();
    await page.locator('.cm-content').getByText('Dvořák').waitFor();
    await page.getByRole('tab', { name: 'Mapped' }).click();
    await page.getByText('erp: as mapped').waitFor();
    await page.locator('.cm-content').getByText('"invoice"').first().waitFor();
    await under.expectAccessible(page);
    await page.getByRole('tab', { name: 'Attempts' }).click();
    await page.getByText(/POST http:\/\/127\.0\.0\.1:\d+\/invoices/).waitFor();
    await page.getByRole('button', { name: 'Hide payload' }).click();
    await page.getByRole('tab', { name: 'Payload' }).click();
    await page.getByText('Masked:').waitFor();
    await expect.poll(() => page.content()).not.toContain('Dvořák');
    const audit = `/api/v1/audit?action=payload.reveal&subject=message:${id}`;
    await expect.poll(async () => listAt(await under.hub.api('GET', audit), 'items')).toHaveLength(1);
  });

  it('shows what arrives, and does not move what is read', async () => {
    for (let n = 0; n < 60; n++) await send('order.many', { number: `M-${n}` });
    const page = await under.open('/messages?type=order.*');
    const grid = page.getByRole('grid', { name: 'Messages, newest first' });
    await grid.getByRole('row').filter({ hasText: 'order.many' }).first().waitFor();
    await page.getByRole('switch', { name: 'Live' }).and(page.locator('[aria-checked="true"]')).waitFor();
    await page.getByText('Live', { exact: true }).first().waitFor();
    await send('order.newest', { number: 'N-1' });
    const newest = grid.getByRole('row').filter({ hasText: 'order.newest' });
    await newest.getByText('completed').waitFor();
    await grid.evaluate((element) => element.scrollTo({ top: 900 }));
    await page.waitForFunction('document.querySelector("[role=grid]").scrollTop > 800');
    await send('order.later', { number: 'N-2' });
    await send('other.type', { number: 'N-3' });
    const bar = page.getByRole('button', { name: /1 new/ });
    await bar.waitFor();
    await expect.poll(() => grid.evaluate((element) => element.scrollTop)).toBeGreaterThan(800);
    await bar.click();
    await grid.getByRole('row').filter({ hasText: 'order.later' }).waitFor();
    await expect.poll(() => grid.getByRole('row').filter({ hasText: 'other.type' }).count()).toBe(0);
  });

  it('lets a person say what became of a payment that nobody answered', async () => {
    under.sink.behave('hold');
    const id = await send('payment.due', { amount: 10 });
    const delivery = textAt(await under.deliveryIn(id, 'unknown'), 'id');
    under.sink.release();
    under.sink.behave('answer');
    const page = await under.open(`/deliveries/${delivery}`, { role: 'operator' });
    await page.waitForURL(`**/messages/${id}?delivery=${delivery}`);
    await page.getByText('nobody knows whether bank did pay').waitFor();
    await page.getByRole('button', { name: 'It was done' }).click();
    const dialog = page.getByRole('dialog', { name: 'Say that it was done?' });
    await dialog.locator('.cm-content').fill('{ "receipt": 7 }');
    await dialog.getByRole('button', { name: 'It was done' }).click();
    await page.getByText('The delivery counts as done.').waitFor();
    await under.messageIn(id, 'completed');
  });

  it('says what has changed when somebody else was faster', async () => {
    const id = await refused('order.raced');
    const page = await under.open(`/messages/${id}`, { expected: /409/ });
    await page.getByRole('button', { name: 'Skip delivery' }).click();
    const delivery = textAt(await under.deliveryIn(id, 'dead'), 'id');
    await under.hub.api('POST', `/api/v1/deliveries/${delivery}/cancel`);
    const dialog = page.getByRole('dialog', { name: 'Skip this delivery?' });
    await dialog.getByRole('button', { name: 'Skip delivery' }).click();
    await dialog.getByText(/It has changed meanwhile/).waitFor();
    await page.keyboard.press('Escape');
    await page.getByText('createInvoice for erp was cancelled by hand').waitFor();
  });

  it('replays a message, as it came and with another body', async () => {
    const id = await send('order.replayed', { number: 'A-4', customer: 'Svoboda' });
    await under.messageIn(id, 'completed');
    const page = await under.open(`/messages/${id}`);
    await page.getByRole('button', { name: 'Replay' }).click();
    await page.getByRole('menuitem', { name: 'Replay as received…' }).click();
    await page.getByRole('dialog', { name: 'Replay this message' }).getByRole('button', { name: 'Replay message' }).click();
    await page.getByText('Replayed: 1 new delivery.').waitFor();
    await page.getByText('replaced by a replay').waitFor();
    await page.getByRole('button', { name: 'Replay' }).click();
    await page.getByRole('menuitem', { name: 'Replay edited…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Replay with an edited body' });
    await dialog.getByRole('button', { name: 'Reveal payload' }).click();
    const editor = dialog.locator('.cm-content');
    await editor.press('Control+a');
    await editor.press('Delete');
    await editor.fill('{ "type": "order.replayed", "number": "A-5", "customer": "Svobodová" }');
    await under.expectAccessible(page);
    await dialog.getByRole('button', { name: 'Replay edited body' }).click();
    await page.getByText('A new message was made from the edited body.').waitFor();
    await page.getByRole('button', { name: 'Show' }).last().click();
    await page.getByText('An edited copy of').waitFor();
    await expect.poll(() => under.sink.arrivals.some(({ body }) => body.toString().includes('A-5')), { timeout: SEEN_MS }).toBe(true);
  });

  it('keeps views, and shares them', async () => {
    const page = await under.open('/messages?state=failed&spoke=shop');
    await page.getByRole('button', { name: 'Views' }).click();
    await page.getByRole('menuitem', { name: 'Save this view…' }).click();
    await page.getByLabel('Name').fill('Shop failures');
    await page.getByLabel('Everybody sees it').check();
    await page.getByRole('button', { name: 'Save view' }).click();
    await page.getByText('Saved as Shop failures.').waitFor();
    const viewer = await under.open('/messages', { role: 'viewer', language: 'cs', width: 360, height: 720 });
    await viewer.getByRole('button', { name: 'Pohledy' }).click();
    await viewer.getByRole('menuitem', { name: /Shop failures/ }).click();
    await viewer.waitForURL(/\/messages\?.*state=failed/);
    await expect.poll(() => viewer.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360);
    await under.expectAccessible(viewer);
    await page.getByRole('button', { name: 'Shop failures' }).click();
    await page.getByRole('menuitem', { name: 'Delete Shop failures…' }).click();
    await page.getByRole('button', { name: 'Delete view' }).click();
    await page.getByText('Shop failures was deleted.').waitFor();
  });

  it('complains about nothing', () => under.expectNoComplaints());
});
