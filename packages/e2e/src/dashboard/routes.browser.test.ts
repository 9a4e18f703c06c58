/** Routes in the dashboard: made beside a sample, written as YAML, saved by two at once, gone back, deleted; and what a viewer may not. */
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { at, textAt } from '../harness/json.ts';
import { type DashboardUnderTest, dashboardUnderTest, SEEN_MS, withBrowser } from './dashboard-under-test.ts';

withBrowser('the screen of routes', () => {
  let under: DashboardUnderTest;
  const route = (name: string) => under.hub.api('GET', `/api/v1/routes/${name}`);
  const stored = { from: { spoke: 'shop', type: 'order.*' }, steps: [{ name: 'tell', to: 'sink', input: '{ "n": data.id }' }] };

  beforeAll(async () => {
    under = await dashboardUnderTest();
    const { hub, sink } = under;
    const schema = { type: 'object', required: ['id'], properties: { id: { type: 'integer', minimum: 5 }, note: { type: 'string' } } };
    await hub.api('PUT', '/api/v1/spokes/shop', { kind: 'source', inbound: { schema } });
    await hub.api('PUT', '/api/v1/spokes/sink', {
      ...{ kind: 'webhook', config: { url: `${sink.url}/in` }, credentials: { type: 'none' } },
    });
  }, 180_000);
  afterEach(() => under.closePages());
  afterAll(() => under.close(), 60_000);

  it('makes a route beside a sample: a wrong mapping is told at its field and not saved, the right one arrives', async () => {
    const page = await under.open('/routes/new', { expected: /422/ });
    await page.getByLabel('Name', { exact: true }).fill('orders');
    await page.getByLabel('From spoke').selectOption('shop');
    await page.getByLabel('Message type').fill('order.*');
    await page.getByLabel('To spoke').selectOption('sink');
    await page.getByText('the spoke recognises a repeat').waitFor();
    await write(page, 'Sample data (JSON)', '{ "id": 7 }');
    await write(page, 'Mapping: step-1', '{ "number": data.id + "x" }');
    const problem = page.getByRole('alert').filter({ hasText: 'T2002' });
    await problem.waitFor();
    await expect.poll(() => editor(page, 'Mapping: step-1').getAttribute('aria-invalid')).toBe('true');
    await write(page, 'Mapping: step-1', '{ "number": ');
    await page.getByRole('button', { name: 'Create the route' }).click();
    await page.getByText('1 problem to solve').waitFor();
    expect((await under.hub.call('GET', '/api/v1/routes/orders')).status).toBe(404);
    await under.expectAccessible(page);

    await write(page, 'Mapping: step-1', '{ "number": data.id * 10, "kind": type }');
    await expect.poll(() => editor(page, 'step-1: sink.send would be given').textContent(), { timeout: SEEN_MS }).toContain('"number": 70');
    await page.getByText('The route takes this message.').waitFor();
    await page.getByRole('button', { name: 'Create the route' }).click();
    await page.waitForURL('**/routes/orders');
    await page.getByText('orders takes messages from now on').waitFor();
    const { id } = await published({ id: 8 });
    const arrival = await under.arrivalOf(id);
    expect(JSON.parse(arrival.body.toString())).toEqual({ number: 80, kind: 'order.created' });
    await page.getByRole('row').filter({ hasText: 'order.created' }).waitFor();
    await under.expectAccessible(page);
  });

  it('says what is missing, keeps steps in hand by keys, and asks before all is lost', async () => {
    const page = await under.open('/routes/new?from=shop&type=order.*');
    await page.getByRole('button', { name: 'Create the route' }).click();
    await page.getByText('This is needed').first().waitFor();
    await page.getByRole('button', { name: 'Add a step' }).press('Enter');
    await expect.poll(() => page.evaluate('document.activeElement.value')).toBe('step-2');
    await page.keyboard.press('Alt+ArrowUp');
    await page.getByText('step-2 is step 1 of 2 now').waitFor();
    await expect
      .poll(() => page.getByLabel('Step name').evaluateAll((inputs) => inputs.map((input) => Reflect.get(input, 'value'))))
      .toEqual(['step-2', 'step-1']);
    await page.getByRole('button', { name: 'Remove step-1' }).press('Enter');
    await page.getByRole('link', { name: 'Routes' }).first().click();
    await page.getByRole('dialog', { name: 'Leave without saving?' }).waitFor();
    await page.keyboard.press('Escape');
    await expect.poll(() => new URL(page.url()).pathname).toBe('/routes/new');
    await page.getByRole('button', { name: 'Make one from the schema' }).click();
    await expect.poll(() => editor(page, 'Sample data (JSON)').textContent(), { timeout: SEEN_MS }).toContain('"id": 5');
  });

  it('writes the same route as YAML: unreadable text is told and leaves the form as it was', async () => {
    await under.hub.api('PUT', '/api/v1/routes/as-text', stored);
    const page = await under.open('/routes/as-text?tab=edit&view=yaml');
    await expect.poll(() => editor(page, 'YAML').textContent(), { timeout: SEEN_MS }).toContain('type: order.*');
    await write(page, 'YAML', 'from: { spoke: shop, type: order.paid');
    await page.getByText('This cannot be read, the form stays as it was').first().waitFor();
    await page.getByRole('button', { name: 'Save the route' }).press('Enter');
    await page.getByRole('button', { name: 'Form', exact: true }).press('Enter');
    await editor(page, 'YAML').waitFor();
    expect(at(await route('as-text'), 'version')).toBe(1);
    await write(page, 'YAML', 'from: { spoke: shop, type: order.paid }\nsteps: [{ name: tell, to: sink, input: data.id }]\nfilter: x');
    await page.getByText('/filter a route has no such field').waitFor();
    await page.getByRole('button', { name: 'Drop changes' }).click();
    await expect.poll(() => editor(page, 'YAML').textContent(), { timeout: SEEN_MS }).toContain('type: order.*');
    await write(
      page,
      'YAML',
      'from: { spoke: shop, type: order.paid }\nwhen: data.id > 1\nsteps: [{ name: tell, to: sink, input: data.id }]',
    );
    await page.getByRole('button', { name: 'Form', exact: true }).click();
    await expect.poll(() => page.getByLabel('Message type').inputValue()).toBe('order.paid');
    await expect.poll(() => editor(page, 'Condition').textContent(), { timeout: SEEN_MS }).toBe('data.id > 1');
    await page.getByRole('button', { name: 'Save the route' }).click();
    await page.getByText('as-text is saved as version 2').waitFor();
    await expect.poll(() => route('as-text')).toMatchObject({ version: 2, when: 'data.id > 1', from: { type: 'order.paid' } });
    await page.getByRole('tab', { name: 'Versions' }).click();
    await page.getByRole('row').filter({ hasText: '1' }).last().click();
    await under.expectAccessible(page);
    await page.getByRole('button', { name: 'Use this version again' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Use this version again' }).click();
    await page.getByText('Version 1 is in use again, as version 3').waitFor();
    await expect.poll(() => route('as-text')).toMatchObject({ version: 3, when: null, from: { type: 'order.*' } });
  });

  it('saves nothing over what somebody else saved in between, and shows the difference', async () => {
    await under.hub.api('PUT', '/api/v1/routes/shared', stored);
    const page = await under.open('/routes/shared?tab=edit', { expected: /412/ });
    await page.getByLabel('Message type').fill('order.mine');
    await under.hub.api('PATCH', '/api/v1/routes/shared', { orderingKey: 'data.id' });
    await page.getByRole('button', { name: 'Save the route' }).click();
    const dialog = page.getByRole('dialog', { name: 'Somebody changed it meanwhile' });
    await dialog.getByText('Stored now (version 2)').waitFor();
    await expect.poll(() => route('shared')).toMatchObject({ version: 2, from: { type: 'order.*' }, orderingKey: 'data.id' });
    await under.expectAccessible(page);
    await dialog.getByRole('button', { name: 'Save mine over it' }).click();
    await page.getByText('shared is saved as version 3').waitFor();
    await expect.poll(() => route('shared')).toMatchObject({ version: 3, from: { type: 'order.mine' } });
  });

  it('lets viewers look and not save, and tries nothing for them', async () => {
    await under.hub.api('PUT', '/api/v1/routes/looked-at', stored);
    const page = await under.open('/routes/looked-at?tab=edit', { role: 'viewer' });
    await page.getByText('changing it takes the role admin').waitFor();
    const save = page.getByRole('button', { name: 'Save the route' });
    await expect.poll(() => save.getAttribute('aria-disabled')).toBe('true');
    await save.press('Enter');
    await page.getByText('Trying a route takes the role operator.').waitFor();
    await page.getByText('Seeing what a message carries takes the role operator').waitFor();
    expect(at(await route('looked-at'), 'version')).toBe(1);
    await under.expectAccessible(page);
  });

  it('takes a message as its beginning, and shows it only after the look is in the audit', async () => {
    const { id } = await published({ id: 4711, note: 'secret' }, 'refund.asked');
    const page = await under.open(`/routes/new?message=${id}`);
    await expect.poll(() => page.getByLabel('Message type').inputValue(), { timeout: SEEN_MS }).toBe('refund.asked');
    await expect.poll(() => page.getByLabel('From spoke').inputValue()).toBe('shop');
    await expect.poll(() => page.getByText('secret').count()).toBe(0);
    await page.getByRole('button', { name: 'Show it here' }).click();
    await expect.poll(() => editor(page, 'Sample data (JSON)').textContent(), { timeout: SEEN_MS }).toContain('4711');
    const audit = `/api/v1/audit?subject=message:${id}`;
    await expect.poll(async () => at(await under.hub.api('GET', audit), 'items')).toMatchObject([{ action: 'payload.reveal' }]);
    await editor(page, 'Condition').click();
    await page.keyboard.type('data.no');
    await page.getByRole('option', { name: /data\.note/ }).waitFor();
  });

  it('lists routes by filter, switches them off, and deletes only after open deliveries were named', async () => {
    await under.hub.api('PUT', '/api/v1/routes/to-delete', { ...stored, from: { spoke: 'shop', type: 'held.*' } });
    await under.hub.api('POST', '/api/v1/spokes/sink/pause');
    await published({ id: 9 }, 'held.one');
    const page = await under.open('/routes', { expected: /409/ });
    await page.getByRole('row').filter({ hasText: 'to-delete' }).waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('held');
    await page.waitForURL('**/routes?q=held*');
    const row = page.getByRole('row').filter({ hasText: 'to-delete' });
    await row.waitFor();
    await expect.poll(() => page.getByRole('row').count()).toBe(2);
    await page.getByRole('button', { name: 'Actions: to-delete' }).click();
    await page.getByRole('menuitem', { name: 'Disable' }).click();
    await row.getByText('disabled').waitFor();
    await page.getByRole('button', { name: 'Actions: to-delete' }).click();
    await page.getByRole('menuitem', { name: 'Delete…' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete route' }).click();
    await page.getByText('1 delivery is open').waitFor();
    await under.expectAccessible(page);
    await page.getByLabel('Type to-delete to confirm').fill('to-delete');
    await page.getByRole('button', { name: 'Delete and cancel 1 delivery' }).click();
    await page.getByText('to-delete is deleted').waitFor();
    expect((await under.hub.call('GET', '/api/v1/routes/to-delete')).status).toBe(404);
    await under.hub.api('POST', '/api/v1/spokes/sink/resume');
  });

  it('complains about nothing', () => under.expectNoComplaints());

  async function published(data: unknown, type = 'order.created'): Promise<{ id: string }> {
    return { id: textAt(await under.hub.api('POST', '/v1/messages', { source: 'shop', type, data }), 'messageId') };
  }
});

function editor(page: Page, name: string) {
  return page.getByRole('textbox', { name, exact: true });
}

/** In place of what stands in an editor. Emptied first: typing over a selection lets the browser style what it keeps, which the policy refuses. */
async function write(page: Page, name: string, text: string): Promise<void> {
  await editor(page, name).click();
  await page.keyboard.press('Control+a');
  await page.keyboard.press('Delete');
  await page.keyboard.insertText(text);
}
