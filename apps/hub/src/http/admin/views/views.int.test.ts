import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AdminFixture, adminFixture } from '../admin-fixture.ts';

let hub: AdminFixture;
let viewer: string;
let operator: string;

beforeAll(async () => {
  hub = await adminFixture();
  viewer = await hub.keyFor('viewer');
  operator = await hub.keyFor('operator');
});
afterAll(() => hub.close());

const view = (name: string, more: object = {}) => ({ name, screen: 'messages', query: { spoke: 'shop,crm', state: 'failed' }, ...more });
const post = (body: unknown, key = viewer) => hub.call('POST', 'views', { body, key });
const names = async (key: string, query = '') =>
  (await hub.call('GET', `views${query}`, { key })).body.items.map(({ name }: { name: string }) => name);

describe('/views', () => {
  it('keeps a view for its owner, with every change in the audit', async () => {
    const made = await post(view('Failed in the shop'));
    expect(made.status).toBe(201);
    expect(made.headers['location']).toBe(`/api/v1/views/${made.body.id}`);
    expect(made.body).toEqual({
      ...view('Failed in the shop'),
      ...{ id: expect.any(String), shared: false, owner: 'viewer key', createdAt: expect.any(String), updatedAt: expect.any(String) },
    });
    hub.pass(1_000);
    const url = `views/${made.body.id}`;
    const changed = await hub.call('PUT', url, { key: viewer, body: view('Dead', { screen: 'deliveries', query: {} }) });
    expect(changed.body).toMatchObject({ name: 'Dead', screen: 'deliveries', query: {}, createdAt: made.body.createdAt });
    expect(changed.body.updatedAt > made.body.updatedAt).toBe(true);
    expect((await hub.call('GET', url, { key: viewer })).body).toEqual(changed.body);
    expect((await hub.call('DELETE', url, { key: viewer })).status).toBe(204);
    expect((await hub.call('GET', url, { key: viewer })).status).toBe(404);
    expect((await hub.call('PUT', url, { key: viewer, body: view('x') })).status).toBe(404);
    const audit = await hub.call('GET', `audit?subject=view:${made.body.id}`);
    expect(audit.body.items.map(({ action, actor }: { action: string; actor: string }) => [action, actor])).toEqual([
      ['view.delete', 'key:viewer key'],
      ['view.update', 'key:viewer key'],
      ['view.create', 'key:viewer key'],
    ]);
  });

  it('shows own and shared views only, page by page, and lets none but the owner and admins change a shared one', async () => {
    const own = await post(view('own'));
    const shared = await post(view('shared', { shared: true, screen: 'issues' }));
    await post(view('of another'), operator);
    expect(await names(viewer)).toEqual(['shared', 'own']);
    expect(await names(operator)).toEqual(['of another', 'shared']);
    expect(await names(viewer, '?screen=issues')).toEqual(['shared']);
    const first = (await hub.call('GET', 'views?limit=1', { key: viewer })).body;
    expect(await names(viewer, `?limit=1&cursor=${first.nextCursor}`)).toEqual(['own']);
    // The list of another caller is another list.
    expect((await hub.call('GET', `views?limit=1&cursor=${first.nextCursor}`, { key: operator })).status).toBe(400);
    const url = `views/${shared.body.id}`;
    expect((await hub.call('GET', url, { key: operator })).status).toBe(200);
    const refused = await hub.call('PUT', url, { key: operator, body: view('mine now') });
    expect([refused.status, refused.body.detail]).toEqual([403, expect.stringContaining('viewer key')]);
    expect((await hub.call('DELETE', url, { key: operator })).status).toBe(403);
    expect((await hub.call('DELETE', `views/${own.body.id}`, { key: operator })).status).toBe(404);
    const byAdmin = await hub.call('PUT', url, { body: view('shared', { shared: true }) });
    expect([byAdmin.status, byAdmin.body.owner]).toEqual([200, 'viewer key']);
    expect((await hub.call('DELETE', url)).status).toBe(204);
  });

  it('refuses a second view of the same name, too many, and what is no view', async () => {
    const one = await post(view('twice'));
    expect((await post(view('twice'))).body.code).toBe('resource.exists');
    expect((await post(view('twice', { screen: 'audit' }))).status).toBe(201);
    expect((await post(view('twice'), operator)).status).toBe(201);
    const other = await post(view('thrice'));
    expect((await hub.call('PUT', `views/${other.body.id}`, { key: viewer, body: view('twice') })).status).toBe(409);
    expect((await hub.call('PUT', `views/${one.body.id}`, { key: viewer, body: view('twice', { shared: true }) })).status).toBe(200);
    const bad = [
      ...[{}, view(''), view('  '), view('a\u0007'), view('x'.repeat(101)), view('x', { screen: 'settings' }), view('x', { query: null })],
      ...[view('x', { query: { 'a b': '1' } }), view('x', { query: { a: 1 } }), view('x', { query: { a: 'x'.repeat(2_001) } })],
      ...[view('x', { query: Object.fromEntries(Array.from({ length: 31 }, (_, n) => [`k${n}`, '1'])) }), view('x', { owner: 'me' })],
      view('x', { shared: 'yes' }),
    ];
    for (const body of bad) expect([body, (await post(body)).status]).toEqual([body, 422]);
    const admin = (n: number) => hub.call('POST', 'views', { body: view(`n${n}`) });
    for (let n = 0; n < 200; n++) expect((await admin(n)).status).toBe(201);
    const full = await admin(200);
    expect([full.status, full.body.code, full.body.detail]).toEqual([409, 'state.conflict', expect.stringContaining('200')]);
  });
});
