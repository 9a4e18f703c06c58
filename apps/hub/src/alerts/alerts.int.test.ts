/** Alerts through a whole hub: something breaks, somebody is told once over a channel that is a spoke; it is mended, and they are told once more. */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DisposableDatabase, disposableDatabase } from '@nave/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningHub, startHub } from '../start-hub.ts';

const ADMIN_KEY = 'admin-key-for-tests-0123456789';
const SOON = { timeout: 40_000, interval: 100 };

interface Told {
  path: string;
  key: string;
  // biome-ignore lint/suspicious/noExplicitAny: what the test finds in it is what it checks.
  body: any;
}

let database: DisposableDatabase;
let hub: RunningHub;
let sink: Server;
let dir: string;
const told: Told[] = [];

// biome-ignore lint/suspicious/noExplicitAny: answers of every shape; what the tests find in them is what they check.
async function api(method: string, path: string, body?: unknown): Promise<{ status: number; body: any }> {
  const answer = await fetch(`${hub.url}/api/v1/${path}`, {
    method,
    headers: { authorization: `Bearer ${ADMIN_KEY}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: answer.status, body: await answer.json() };
}

async function put(path: string, body: unknown): Promise<void> {
  const answer = await api('PUT', path, body);
  expect([200, 201], JSON.stringify(answer.body)).toContain(answer.status);
}

const at = (path: string, state: string) => told.filter((each) => each.path === path && each.body.state === state);

beforeAll(async () => {
  sink = createServer((request, answer) => {
    let text = '';
    request.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
    request.on('end', () => {
      const path = request.url ?? '';
      if (path !== '/erp') told.push({ path, key: String(request.headers['idempotency-key']), body: JSON.parse(text) });
      answer.writeHead(path === '/ops' ? 200 : 422).end('{}');
    });
  });
  await new Promise<void>((done) => sink.listen(0, '127.0.0.1', done));
  const address = sink.address();
  const base = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
  dir = mkdtempSync(join(tmpdir(), 'nave-alerts-'));
  database = await disposableDatabase();
  hub = await startHub({
    env: {
      ...{ DATABASE_URL: database.url, NAVE_SECRET_KEY: Buffer.alloc(32, 5).toString('base64'), NAVE_ADMIN_KEY: ADMIN_KEY },
      ...{ NAVE_DATA_DIR: dir, NAVE_PORT: '0', NAVE_EGRESS: '127.0.0.1', NAVE_LOG_LEVEL: 'silent' },
    },
  });
  await put('spokes/shop', { kind: 'source', inbound: { verify: { scheme: 'none' }, type: 'type' } });
  for (const name of ['ops', 'broken', 'erp'])
    await put(`spokes/${name}`, { kind: 'webhook', config: { url: `${base}/${name}` }, credentials: { type: 'none' } });
  await put('routes/orders', { from: { spoke: 'shop', type: 'order' }, steps: [{ name: 'invoice', to: 'erp' }] });
  await put('alerts/dead', { when: { condition: 'dead' }, notify: [{ to: 'ops' }, { to: 'broken' }], repeat: null });
});
afterAll(async () => {
  await hub?.stop();
  await new Promise((done) => sink.close(done));
  await database?.drop();
  rmSync(dir, { recursive: true, force: true });
});

describe('a spoke that breaks', () => {
  it('is told once over the channel, in a message that can be found and replayed, and once more when it is mended', async () => {
    await fetch(`${hub.url}/hooks/shop`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ type: 'order', secret: 'of the customer' }),
    });
    await expect.poll(() => at('/ops', 'firing').length, SOON).toBeGreaterThan(0);
    const [first] = at('/ops', 'firing');
    expect(first?.body).toMatchObject({
      ...{ rule: 'dead', state: 'firing', severity: 'warning', spoke: 'erp', summary: '1 delivery to erp is dead', more: 0 },
      alert: { subject: 'spoke:erp', detail: { count: 1 } },
      link: `${hub.url}/alerts/firing`,
    });
    expect(JSON.stringify(first?.body)).not.toContain('customer');

    const firing = (await api('GET', 'alerts/firing')).body.items;
    expect(firing).toMatchObject([{ id: first?.body.alert.id, rule: 'dead', spoke: 'erp' }]);
    expect(await (await fetch(`${hub.url}/metrics`)).text()).toContain('nave_alerts_firing{rule="dead",severity="warning"} 1');

    // The other channel refuses: its dead delivery is an alert of its own, which goes to the first channel and never to itself.
    await expect.poll(() => at('/ops', 'firing').map(({ body }) => body.spoke), SOON).toEqual(['erp', 'broken']);
    expect(at('/broken', 'firing').map(({ body }) => body.spoke)).toEqual(['erp']);

    const { items } = (await api('GET', 'messages?spoke=nave&type=alert.firing')).body;
    expect(items).toHaveLength(3);
    const told = async () => (await api('GET', 'deliveries?route=nave.alerts&spoke=ops')).body.items;
    // They have arrived; that is recorded a moment later.
    await expect.poll(async () => (await told()).map(({ state }: { state: string }) => state), SOON).toEqual(['succeeded', 'succeeded']);
    const deliveries = await told();
    const replayed = await api('POST', `messages/${deliveries.at(-1).messageId}/replay`, {});
    expect([200, 202]).toContain(replayed.status);
    await expect.poll(() => at('/ops', 'firing').length, SOON).toBe(3);
    expect(new Set(at('/ops', 'firing').map(({ key }) => key)).size).toBe(3);

    const dead = (await api('GET', 'deliveries?state=dead')).body.items;
    for (const { id } of dead) expect((await api('POST', `deliveries/${id}/skip`, {})).status).toBe(200);
    await expect
      .poll(
        () =>
          at('/ops', 'resolved')
            .map(({ body }) => body.spoke)
            .sort(),
        SOON,
      )
      .toEqual(['broken', 'erp']);
    expect(
      (await api('GET', 'alerts/history?rule=dead')).body.items.filter(({ subject }: { subject: string }) => subject === 'spoke:erp'),
    ).toHaveLength(1);
  }, 120_000);
});
