/** Spokes in the dashboard: added from the gallery, checked, tested, changed by two at once, paused and removed; and what a viewer may not. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { listAt } from '../harness/json.ts';
import { waitFor } from '../harness/wait-for.ts';
import { type DashboardUnderTest, dashboardUnderTest, SEEN_MS, withBrowser } from './dashboard-under-test.ts';

const run = promisify(execFile);
const SLOW = { timeout: 180_000 };

withBrowser('spokes in the dashboard', () => {
  let under: DashboardUnderTest;
  beforeAll(async () => {
    under = await dashboardUnderTest();
    const { hub, sink } = under;
    await hub.api('PUT', '/api/v1/spokes/shop', { kind: 'source', title: 'Shop', inbound: { verify: { scheme: 'none' }, type: 'type' } });
    await hub.api('PUT', '/api/v1/spokes/erp', {
      ...{ kind: 'rest', title: 'ERP', credentials: { type: 'bearer', token: 'a-secret-token' } },
      config: { baseUrl: sink.url, operations: { createInvoice: { method: 'POST', path: '/invoices' } } },
    });
    await hub.api('PUT', '/api/v1/routes/orders', {
      from: { spoke: 'shop', type: 'order.*' },
      steps: [{ name: 'invoice', to: 'erp', operation: 'createInvoice' }],
    });
  }, 240_000);
  afterEach(() => under.closePages());
  afterAll(() => under.close(), 60_000);

  it('adds a system from the gallery by keyboard, tells mistakes at their field, and checks it', SLOW, async () => {
    const page = await under.open('/spokes', { expected: /422/ });
    await page.getByRole('link', { name: 'Add a spoke' }).click();
    await page.getByRole('searchbox', { name: 'Search kinds' }).fill('http api');
    const card = page.getByRole('link', { name: /REST \/ HTTP API/ });
    await card.focus();
    await page.keyboard.press('Enter');
    await page.getByLabel('Title').fill('Accounting CZ');
    await expect.poll(() => page.getByLabel('Name', { exact: true }).inputValue()).toBe('accounting-cz');
    await page.getByRole('button', { name: 'Add spoke' }).click();
    const baseUrl = page.getByRole('textbox', { name: 'Base URL' });
    // Told before anything is sent, and the cursor is where it has to be.
    await waitFor('the field is marked', SEEN_MS, () => baseUrl.getAttribute('aria-invalid'));
    const id = await baseUrl.getAttribute('id');
    await waitFor('it has the focus', SEEN_MS, async () => (await page.evaluate('document.activeElement?.id')) === id);
    await baseUrl.fill(under.sink.url);
    await page.getByText('Incoming webhooks').click();
    await page.getByRole('switch', { name: 'It sends messages to the hub' }).click();
    await page.getByLabel('Scheme').selectOption({ label: 'None' });
    await page.getByRole('textbox', { name: 'Type of the message' }).pressSequentially('type +');
    await page.getByRole('button', { name: 'Add spoke' }).click();
    // Only the hub can say that.
    await page.getByText('1 field needs a look').waitFor();
    await waitFor('the expression is marked', SEEN_MS, () =>
      page.getByRole('textbox', { name: 'Type of the message' }).getAttribute('aria-invalid'),
    );
    await under.expectAccessible(page);
    // By keys: filling an editor makes Chromium write styles of its own, which the Content-Security-Policy refuses.
    const expression = page.getByRole('textbox', { name: 'Type of the message' });
    await expression.press('Control+a');
    await expression.press('Backspace');
    await expression.pressSequentially('type');
    await page.getByRole('button', { name: 'Add spoke' }).click();
    await page.getByRole('heading', { name: 'Accounting CZ is added' }).waitFor();
    await page.getByText('It works').waitFor();
    await page.getByText(`${under.hub.url}/hooks/accounting-cz`, { exact: true }).waitFor();
    await under.expectAccessible(page);
    await expect
      .poll(() => under.hub.api('GET', '/api/v1/spokes/accounting-cz'))
      .toMatchObject({ title: 'Accounting CZ', inbound: { type: 'type' } });
  });

  it('makes a secret, shows it once, and the command beside it sends a webhook that is accepted', SLOW, async () => {
    const page = await under.open('/spokes/new/source');
    await page.getByLabel('Title').fill('Web site');
    await page.getByRole('button', { name: 'Make a secret' }).click();
    await page.getByRole('button', { name: 'Add spoke' }).click();
    await page.getByRole('heading', { name: 'Web site is added' }).waitFor();
    const secret = await page.getByText(/^whsec_/).textContent();
    const command = await page.locator('pre').filter({ hasText: '/hooks/web-site' }).textContent();
    const { stdout } = await run('sh', ['-c', String(command).replace("secret='…'", `secret='${secret}'`)], { timeout: SEEN_MS });
    expect(stdout).toMatch(/^HTTP\/1.1 202 /);
    await page.getByRole('link', { name: 'Open the spoke' }).click();
    await page.getByRole('tab', { name: 'Webhook' }).click();
    await page.getByText('A secret is stored.').waitFor();
    await expect.poll(() => page.content()).not.toContain(String(secret));
  });

  it.each([
    ['hmac', { header: 'X-Sig', prefix: 'sha256=', signed: '{timestamp}.{body}', timestampHeader: 'X-Time' }],
    ['github', {}],
    ['stripe', {}],
    ['shopify', {}],
    ['slack', {}],
    ['hubspot-v3', {}],
    ['api-key', { header: 'X-Key', prefix: 'Key ' }],
    ['basic', { username: 'ann' }],
  ])('shows a command for %s that is accepted', SLOW, async (scheme, options) => {
    const name = `by-${scheme}`;
    await under.hub.api('PUT', `/api/v1/spokes/${name}`, {
      kind: 'source',
      inbound: { verify: { scheme, secret: 'a secret of the test', ...options } },
    });
    const page = await under.open(`/spokes/${name}?tab=webhook`);
    const command = await page
      .locator('pre')
      .filter({ hasText: `/hooks/${name}` })
      .textContent();
    const { stdout } = await run('sh', ['-c', String(command).replace("secret='…'", "secret='a secret of the test'")], {
      timeout: SEEN_MS,
    });
    expect(stdout).toMatch(/^HTTP\/1.1 202 /);
  });

  it('sends a test as a spoke and follows it to where it arrives', SLOW, async () => {
    const page = await under.open('/spokes/shop?tab=test');
    await page.getByLabel('Type').fill('order.created');
    await under.expectAccessible(page);
    await page.getByRole('button', { name: 'Send test' }).click();
    await page.getByText('Its delivery has ended.').waitFor();
    await page.getByRole('link', { name: 'Show the message' }).click();
    await page.waitForURL(/\/messages\/[0-9a-f-]{36}/);
    const id = /messages\/([0-9a-f-]{36})/.exec(page.url())?.[1] ?? '';
    const arrival = await under.arrivalOf(id);
    expect(arrival.body.toString()).toContain('TEST-1');
    // Nobody publishes by a sign-in without a trace.
    await expect
      .poll(async () => listAt(await under.hub.api('GET', '/api/v1/audit?action=message.publish'), 'items')[0])
      .toMatchObject({ actor: 'session:bootstrap', subject: 'spoke:shop', detail: { type: 'order.created' } });
  });

  it('keeps the secret of a spoke that is changed, and asks when two change it at once', SLOW, async () => {
    const page = await under.open('/spokes/erp?tab=settings', { expected: /412/ });
    await page.getByLabel('Title').fill('Accounting');
    await under.hub.api('PATCH', '/api/v1/spokes/erp', { policy: { concurrency: 3 } });
    await page.getByRole('button', { name: 'Save changes' }).click();
    await page.getByRole('dialog', { name: 'Somebody changed it meanwhile' }).waitFor();
    await page.getByText('Stored now').first().waitFor();
    await page.getByRole('button', { name: 'Take what is stored' }).click();
    await expect.poll(() => page.getByLabel('Title').inputValue()).toBe('ERP');
    await page.getByLabel('Title').fill('Accounting');
    await page.getByRole('link', { name: 'Messages' }).click();
    await page.getByRole('dialog', { name: 'Leave without saving?' }).getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('button', { name: 'YAML' }).click();
    await page.getByText('concurrency').first().waitFor();
    await page.getByRole('button', { name: 'Save changes' }).click();
    await page.getByRole('heading', { name: 'Accounting', level: 1 }).waitFor();
    const stored = await under.hub.api('GET', '/api/v1/spokes/erp');
    expect(stored).toMatchObject({ title: 'Accounting', policy: { concurrency: 3 }, credentials: { type: 'bearer', set: true } });
  });

  it('pauses with what that means, shows it in the list, and resumes with a preview', SLOW, async () => {
    const page = await under.open('/spokes');
    await page.getByRole('button', { name: /^Actions of (?:ERP|Accounting)$/ }).click();
    await page.getByRole('menuitem', { name: 'Pause' }).click();
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /^Pause / })
      .click();
    await page
      .getByText(/(?:ERP|Accounting) is paused/)
      .first()
      .waitFor();
    await under.expectAccessible(page);
    await under.post('/hooks/shop', '{"type":"order.paid","number":"P-1"}', { 'content-type': 'application/json' });
    await page.getByText('1 delivery waits for it').waitFor();
    await page.getByRole('link', { name: /erp/ }).first().click();
    await page.waitForURL(/\/spokes\/erp/);
    // Not the way back in the notice.
    await page.getByRole('main').getByRole('button', { name: 'Resume' }).click();
    await page.getByRole('dialog').getByText('1 delivery waits, the oldest from').waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Resume 1 delivery' }).click();
    await waitFor('it arrives', 60_000, () => under.sink.arrivals.find(({ body }) => body.toString().includes('P-1')));
  });

  it('deletes only what nothing refers to, by its name', SLOW, async () => {
    const page = await under.open('/spokes/shop', { expected: /409|404/ });
    const remove = async () => {
      await page.getByRole('button', { name: 'More actions' }).click();
      await page.getByRole('menuitem', { name: 'Delete' }).click();
      await page.getByLabel('Type shop to confirm').fill('shop');
      await page.getByRole('button', { name: 'Delete spoke' }).click();
    };
    await remove();
    await page.getByText('It is still in use.').waitFor();
    await page.getByRole('dialog').getByRole('link', { name: 'orders' }).waitFor();
    await under.expectAccessible(page);
    await page.keyboard.press('Escape');
    await under.hub.api('DELETE', '/api/v1/routes/orders?force=true');
    await remove();
    await page.waitForURL(/\/spokes$/);
    await expect
      .poll(() => under.hub.api('GET', '/api/v1/audit?action=spoke.delete'))
      .toMatchObject({ items: [{ subject: 'spoke:shop' }] });
  });

  it('shows a viewer everything and says why nothing can be changed', SLOW, async () => {
    const page = await under.open('/spokes/erp', { role: 'viewer' });
    const pause = page.getByRole('button', { name: 'Pause' });
    await pause.waitFor();
    await expect.poll(() => pause.getAttribute('aria-disabled')).toBe('true');
    await pause.focus();
    await page.getByRole('tooltip', { name: 'This takes the role operator.' }).waitFor();
    await page.getByRole('tab', { name: 'Settings' }).click();
    await page.getByText('Changing settings takes the role admin.').waitFor();
    await expect.poll(() => page.getByRole('textbox', { name: 'Base URL' }).isDisabled()).toBe(true);
    await under.expectAccessible(page);
  });

  it('complains about nothing', () => under.expectNoComplaints());
});
