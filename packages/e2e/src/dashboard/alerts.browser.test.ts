import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { listAt, textAt } from '../harness/json.ts';
import { type DashboardUnderTest, dashboardUnderTest, withBrowser } from './dashboard-under-test.ts';

withBrowser('the alerts of the dashboard', () => {
  let under: DashboardUnderTest;

  async function die(): Promise<void> {
    under.sink.behave({ fail: 422 });
    const sent = await under.post('/hooks/shop', '{"type":"order.created"}', { 'content-type': 'application/json' });
    await under.messageIn(textAt(sent.body, 'messageId'), 'failed');
    under.sink.behave('answer');
  }

  beforeAll(async () => {
    under = await dashboardUnderTest();
    const { hub, sink } = under;
    await hub.api('PUT', '/api/v1/spokes/shop', { kind: 'source', inbound: { verify: { scheme: 'none' }, type: 'type' } });
    for (const [name, path] of [
      ['erp', '/invoices'],
      ['ops', '/chat'],
    ]) {
      await hub.api('PUT', `/api/v1/spokes/${name}`, {
        kind: 'rest',
        config: { baseUrl: sink.url, operations: { send: { method: 'POST', path } } },
      });
    }
    await hub.api('PUT', '/api/v1/routes/orders', { from: { spoke: 'shop', type: 'order.*' }, steps: [{ name: 'invoice', to: 'erp' }] });
    // Only the rule that a person makes here may fire.
    await hub.api('DELETE', '/api/v1/alerts/dead');
  }, 180_000);
  beforeEach(() => under.sink.behave('answer'));
  afterEach(() => under.closePages());
  afterAll(() => under.close(), 60_000);

  it('says at the field what the hub refuses, and makes the rule once it is right', async () => {
    const page = await under.open('/alerts/rules/new', { expected: /422/ });
    await page.getByLabel('Name').fill('erp-dead');
    await page.getByLabel('Severity', { exact: true }).selectOption('critical');
    await page.getByLabel('Spokes').fill('erp');
    await page.getByLabel('It must hold for').fill('soon');
    await page.getByRole('button', { name: 'Add a channel' }).click();
    await page.getByLabel('Channel', { exact: true }).selectOption('ops');
    await page.getByRole('button', { name: 'Add quiet hours' }).click();
    await page.getByLabel('Mon').check();
    await page.getByRole('button', { name: 'Create rule' }).click();
    await page.getByText('expected a duration such as').waitFor();
    await expect.poll(() => page.getByLabel('It must hold for').getAttribute('aria-invalid')).toBe('true');
    await under.expectAccessible(page);
    await page.getByLabel('It must hold for').fill('');
    await page.getByRole('button', { name: 'Remove quiet hours 1' }).click();
    await page.getByRole('button', { name: 'Create rule' }).click();
    await page.waitForURL('**/alerts/rules/erp-dead');
    await page.getByText('A delivery is dead – erp.').waitFor();
    await expect
      .poll(() => under.hub.api('GET', '/api/v1/alerts/erp-dead'))
      .toMatchObject({
        ...{ when: { condition: 'dead', count: 1 }, spokes: ['erp'], severity: 'critical', notify: [{ to: 'ops' }], quiet: [] },
      });
  });

  it('sends a test, and shows that it arrived', async () => {
    const page = await under.open('/alerts/rules/erp-dead', { role: 'operator' });
    await page.getByRole('button', { name: 'Send a test' }).click();
    await page.getByText('ops (send)').waitFor();
    await page.getByText('succeeded').waitFor();
    expect(under.sink.arrivals.some(({ path }) => path === '/chat')).toBe(true);
  });

  it('shows what fires as it begins, and who works on it', async () => {
    const page = await under.open('/alerts', { role: 'operator' });
    await page.getByText('No alert is firing.').waitFor();
    await die();
    const list = page.getByRole('list', { name: 'Firing alerts' });
    await list.getByText('1 delivery to erp is dead').waitFor();
    await page.getByText('1 alert is firing').first().waitFor();
    await under.expectAccessible(page);
    await list.getByRole('button', { name: 'Acknowledge: 1 delivery to erp is dead' }).click();
    await list.getByText(/works on it/).waitFor();
    const [alert] = listAt(await under.hub.api('GET', '/api/v1/alerts/firing'), 'items');
    expect(alert).toMatchObject({ rule: 'erp-dead', acknowledgedBy: expect.any(String) });
    await page.getByRole('tab', { name: 'History' }).click();
    await page.getByRole('grid', { name: 'Alerts of the last 90 days' }).getByText('1 delivery to erp is dead').waitFor();
    await page.getByRole('tab', { name: 'Firing' }).click();
    await list.getByRole('link', { name: 'Open the failures' }).click();
    await page.waitForURL(/\/issues\?.*spoke=erp/);
  });

  it('shows rules to a viewer, and lets only admins change them', async () => {
    const viewer = await under.open('/alerts?tab=rules', { role: 'viewer', language: 'cs', width: 360, height: 720 });
    const off = viewer.getByRole('switch', { name: 'Pravidlo erp-dead je zapnuté' });
    await off.waitFor();
    await expect.poll(() => off.getAttribute('aria-disabled')).toBe('true');
    await off.click({ force: true });
    await under.expectAccessible(viewer);
    await viewer.goto('/alerts/rules/erp-dead');
    await viewer.getByText('ke změně je potřeba role admin').waitFor();
    await expect.poll(() => viewer.getByLabel('Závažnost', { exact: true }).isDisabled()).toBe(true);
    await expect.poll(() => viewer.getByRole('button', { name: 'Smazat' }).getAttribute('aria-disabled')).toBe('true');
    await expect.poll(() => viewer.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360);
    await under.expectAccessible(viewer);
    await expect.poll(() => under.hub.api('GET', '/api/v1/alerts/erp-dead')).toMatchObject({ enabled: true });
  });

  it('does not lose what somebody else saved meanwhile', async () => {
    const page = await under.open('/alerts/rules/erp-dead', { expected: /412/ });
    await page.getByLabel('It must hold for').fill('1m');
    await under.hub.api('PATCH', '/api/v1/alerts/erp-dead', { severity: 'warning' });
    await page.getByRole('button', { name: 'Save rule' }).click();
    await page.getByText('Somebody else saved this rule meanwhile.').waitFor();
    await page.getByRole('button', { name: 'Take what is stored' }).click();
    await expect.poll(() => page.getByLabel('Severity', { exact: true }).inputValue()).toBe('warning');
    await expect.poll(() => page.getByLabel('It must hold for').inputValue()).toBe('');
  });

  it('turns a rule off and deletes it, which ends its alerts', async () => {
    const page = await under.open('/alerts?tab=rules');
    await page.getByRole('switch', { name: 'Rule erp-dead is on' }).click();
    await page.getByText('The rule erp-dead is off').waitFor();
    await page.getByRole('grid', { name: 'Alert rules' }).getByRole('link', { name: 'erp-dead' }).click();
    await page.getByText('The rule is off.').waitFor();
    await page.getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('dialog', { name: 'Delete the rule erp-dead?' }).getByRole('button', { name: 'Delete rule' }).click();
    await page.waitForURL('**/alerts?tab=rules');
    await page.getByRole('switch', { name: 'Rule erp-dead is on' }).waitFor({ state: 'detached' });
  });

  it('complains about nothing', () => under.expectNoComplaints());
});
