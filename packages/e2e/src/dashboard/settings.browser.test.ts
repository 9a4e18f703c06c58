import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { at, listAt, textAt } from '../harness/json.ts';
import { type DashboardUnderTest, dashboardUnderTest, withBrowser } from './dashboard-under-test.ts';

withBrowser('settings and audit in the dashboard', () => {
  let under: DashboardUnderTest;
  beforeAll(async () => {
    under = await dashboardUnderTest();
  }, 180_000);
  afterEach(() => under.closePages());
  afterAll(() => under.close(), 60_000);

  it('makes a key, shows it once, and revokes it', async () => {
    const page = await under.open('/settings?tab=keys');
    await page.getByRole('button', { name: 'Create a key' }).click();
    const dialog = page.getByRole('dialog', { name: 'Create a key' });
    await dialog.getByLabel('Name').fill('night-shift');
    await dialog.getByLabel('Role').selectOption('operator');
    await under.expectAccessible(page);
    await dialog.getByRole('button', { name: 'Create a key' }).click();
    const key = (await dialog.getByRole('status', { name: 'Key' }).textContent()) ?? '';
    await under.expectAccessible(page);
    const asNight = { authorization: `Bearer ${key}` };
    expect((await under.hub.call('GET', '/api/v1/session', undefined, asNight)).body).toMatchObject({
      name: 'night-shift',
      role: 'operator',
    });
    await dialog.getByRole('button', { name: 'Done' }).click();
    await expect.poll(() => page.content()).not.toContain(key);
    await page.getByRole('button', { name: 'Revoke the key night-shift' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke', exact: true }).click();
    await page.getByText('The key night-shift is revoked').waitFor();
    expect((await under.hub.call('GET', '/api/v1/session', undefined, asNight)).status).toBe(401);
  });

  it('shows those who may not, what they may not', async () => {
    const page = await under.open('/settings?tab=keys', { role: 'viewer' });
    await page.getByText('Keys are seen and made by admins.').waitFor();
    await page.getByRole('tab', { name: 'Configuration' }).click();
    const check = page.getByRole('button', { name: 'Show what would change' });
    await expect.poll(() => check.getAttribute('aria-disabled')).toBe('true');
    await check.hover();
    await page.getByRole('tooltip', { name: 'This takes the role admin.' }).waitFor();
    await under.expectAccessible(page);
  });

  it('compares an edited configuration before it is applied, and says what is wrong with a bad one', async () => {
    const page = await under.open('/settings?tab=config', { expected: /422/ });
    const editor = page.getByRole('textbox', { name: 'Configuration as YAML' });
    const write = async (yaml: string) => {
      await editor.click();
      await page.keyboard.press('Control+a');
      // Over a selection the browser itself would write a style, which the policy refuses.
      await page.keyboard.press('Delete');
      await page.keyboard.insertText(yaml);
    };
    await write('spokes: { till: { kind: source, nonsense: 1 } }');
    await page.getByRole('button', { name: 'Show what would change' }).click();
    await page.getByText('/spokes/till/nonsense').first().waitFor();
    await write('spokes: { till: { kind: source, title: Till } }');
    await page.getByRole('button', { name: 'Show what would change' }).click();
    await page.getByRole('button', { name: 'Apply 1 change' }).click();
    await page.getByText('1 change applied').waitFor();
    expect(textAt(await under.hub.api('GET', '/api/v1/spokes/till'), 'title')).toBe('Till');
  });

  it('finds who did what, opens an entry by keyboard, and vouches for the chain', async () => {
    // Of its own for each try, so that the newest entry of the second is one of making it too.
    const name = `kiosk-${Date.now()}`;
    const subject = `spoke:${name}`;
    await under.hub.api('PUT', `/api/v1/spokes/${name}`, { kind: 'source', title: 'Kiosk' });
    const page = await under.open('/audit');
    await page.getByRole('textbox', { name: 'Subject' }).fill(subject);
    await page.waitForURL((url) => url.searchParams.get('subject') === subject);
    await page.getByText('spoke.create').first().waitFor();
    // The list of before stands until this one has come: then only the head says something else.
    await expect.poll(() => page.getByRole('row').filter({ hasNotText: subject }).count()).toBe(1);
    await page.getByRole('textbox', { name: 'Subject' }).blur();
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'spoke.create' }).waitFor();
    await under.expectAccessible(page);
    await page.getByRole('button', { name: 'Verify the chain' }).click();
    await page.getByText('The chain holds').waitFor();
    const entries = listAt(await under.hub.api('GET', `/api/v1/audit?subject=${subject}`), 'items');
    expect(at(entries[0], 'action')).toBe('spoke.create');
  });

  it('keeps language, colours and time zone in the browser', async () => {
    const page = await under.open('/settings');
    await page.getByLabel('Time zone').fill('Mars/Olympus');
    await page.getByText('There is no such time zone.').waitFor();
    await page.getByLabel('Time zone').fill('Asia/Tokyo');
    await page.getByLabel('Language').selectOption('cs');
    await page.getByText('Uloženo jen v tomto prohlížeči.').waitFor();
    await page.reload();
    await expect.poll(() => page.getByLabel('Časové pásmo').inputValue()).toBe('Asia/Tokyo');
    await under.expectAccessible(page);
  });

  it('complains about nothing', () => under.expectNoComplaints());
});
