import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { textAt } from '../harness/json.ts';
import { type DashboardUnderTest, dashboardUnderTest, withBrowser } from './dashboard-under-test.ts';

withBrowser('the frame of the dashboard', () => {
  let under: DashboardUnderTest;
  beforeAll(async () => {
    under = await dashboardUnderTest();
  }, 180_000);
  afterEach(() => under.closePages());
  afterAll(() => under.close(), 60_000);

  it('asks who is there, says why a key is refused, and lets the right one in', async () => {
    const page = await under.open('/messages', { expected: /401/ });
    await page.context().clearCookies();
    await page.reload();
    await page.getByLabel('API key').fill('wrong-key-0123456789');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('The key is unknown or expired.').waitFor();
    await under.expectAccessible(page);
    const key = textAt(await under.hub.api('POST', '/api/v1/keys', { name: 'night-shift', role: 'operator' }), 'key');
    await page.getByLabel('API key').fill(key);
    await page.keyboard.press('Enter');
    await page.getByRole('navigation', { name: 'Screens' }).waitFor();
    await expect.poll(() => new URL(page.url()).pathname).toBe('/messages');
    await page.getByRole('button', { name: 'Account' }).click();
    await page.getByText('night-shift (operator)').waitFor();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.getByLabel('API key').waitFor();
  });

  it('is led by keys: screens, commands, the list of shortcuts, search', async () => {
    const page = await under.open('/');
    await page.getByRole('navigation', { name: 'Screens' }).waitFor();
    await page.keyboard.press('g');
    await page.keyboard.press('q');
    await page.waitForURL('**/queues');
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox').fill('audit');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/audit');
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
    await under.expectAccessible(page);
    await page.keyboard.press('Escape');
    await page.goto('/settings');
    await page.getByRole('search').getByRole('searchbox').fill('order-4711');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/messages?q=order-4711');
  });

  it('speaks Czech, remembers colours, and fits a phone', async () => {
    const page = await under.open('/', { language: 'cs', width: 360, height: 720 });
    await page.getByRole('navigation', { name: 'Obrazovky' }).waitFor();
    await expect.poll(() => page.evaluate('document.documentElement.lang')).toBe('cs');
    await expect.poll(() => page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360);
    await page.getByRole('button', { name: 'Účet' }).click();
    await page.getByRole('menuitem', { name: 'Tmavé barvy' }).click();
    await page.reload();
    await page.getByRole('navigation', { name: 'Obrazovky' }).waitFor();
    await expect.poll(() => page.evaluate('document.documentElement.dataset.theme')).toBe('dark');
    await under.expectAccessible(page);
  });

  it('says when the hub is gone, and goes on by itself when it is back', { timeout: 120_000 }, async () => {
    const page = await under.open('/settings', { expected: /./ });
    await page.getByText('Live', { exact: true }).waitFor();
    under.hub.kill('SIGKILL');
    await under.hub.exited;
    await page.getByText('The connection to the hub is lost').waitFor();
    await under.expectAccessible(page);
    await under.startAgain();
    await page.getByText('Live', { exact: true }).waitFor();
  });

  it('complains about nothing', () => under.expectNoComplaints());
});
