import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AdminFixture, adminFixture } from '../admin-fixture.ts';

let hub: AdminFixture;
let reloads = 0;
beforeAll(async () => {
  hub = await adminFixture({
    registry: {
      reload: async () => {
        reloads += 1;
      },
    },
  });
});
afterAll(() => hub.close());

const SECRET = 'token-that-nobody-may-see';
const config = { baseUrl: 'http://127.0.0.1:9001', operations: { create: { method: 'POST', path: '/x' } } };
const state = {
  spokes: {
    shop: { kind: 'source', inbound: { verify: { scheme: 'none' }, type: 'type' } },
    erp: { kind: 'rest', title: 'ERP', config, credentials: { type: 'bearer', token: SECRET } },
  },
  routes: { orders: { from: { spoke: 'shop', type: 'order.*' }, steps: [{ name: 'a', to: 'erp', operation: 'create' }] } },
};
const actions = (body: { items: { action: string; resource: string; name: string }[] }) =>
  body.items.map(({ action, resource, name }) => `${action} ${resource} ${name}`);
const versions = async () => (await hub.db.prisma.configVersion.findUniqueOrThrow({ where: { id: 1 } })).version;

describe('config', () => {
  it('applies everything or nothing, and says everything that is wrong at once', async () => {
    const bad = {
      spokes: { ...state.spokes, broken: { kind: 'rest', config: { baseUrl: 'x' } } },
      routes: { ...state.routes, dangling: { from: { spoke: 'nowhere', type: '**' }, steps: [{ name: 'a', to: 'gone' }] } },
    };
    const before = await versions();
    const refused = await hub.call('PUT', 'config', { body: bad });
    expect(refused.body).toMatchObject({ status: 422, code: 'request.invalid' });
    expect(refused.body.errors.map((error: { path: string }) => error.path)).toEqual(
      expect.arrayContaining(['/spokes/broken/config/baseUrl', '/routes/dangling/from/spoke', '/routes/dangling/steps/0/to']),
    );
    expect((await hub.call('GET', 'config')).body).toMatchObject({ spokes: {}, routes: {} });
    expect(await versions()).toBe(before);
  });

  it('makes spokes and the routes that name them in one go, once, and tells all processes', async () => {
    const before = await versions();
    const diff = await hub.call('POST', 'config/diff', { body: state });
    expect(actions(diff.body)).toEqual(['create spoke shop', 'create spoke erp', 'create route orders']);
    expect((await hub.call('GET', 'config')).body).toMatchObject({ spokes: {}, routes: {} });
    expect(await versions()).toBe(before);
    const reloadsBefore = reloads;
    const applied = await hub.call('PUT', 'config', { body: state });
    expect(applied.status).toBe(200);
    expect(applied.body).toEqual(diff.body);
    expect(await versions()).toBe(before + 1n);
    expect(reloads).toBe(reloadsBefore + 1);
    expect(actions((await hub.call('PUT', 'config', { body: state })).body)).toEqual([
      'same spoke shop',
      'same spoke erp',
      'same route orders',
    ]);
    expect(await versions()).toBe(before + 1n);
  });

  it('answers a state that can be applied as it is: nothing changes, secrets stay', async () => {
    const { body, text } = await hub.call('GET', 'config');
    expect(text).not.toContain(SECRET);
    expect(body.spokes.erp.credentials).toEqual({ type: 'bearer', set: true });
    const applied = await hub.call('PUT', 'config', { body });
    expect(applied.body.items.every(({ action }: { action: string }) => action === 'same')).toBe(true);
    expect((await hub.deps.spokes.loadOne('erp'))?.secrets).toEqual({ '/credentials/token': SECRET });
  });

  it('shows what differs, secrets only as changed', async () => {
    const { body } = await hub.call('POST', 'config/diff', {
      body: {
        spokes: { erp: { ...state.spokes.erp, title: 'New', credentials: { type: 'bearer', token: 'another' } } },
        routes: { orders: { ...state.routes.orders, when: 'data.total > 1' } },
      },
    });
    expect(body.items).toEqual([
      {
        action: 'update',
        resource: 'spoke',
        name: 'erp',
        changes: [
          { path: '/title', from: 'ERP', to: 'New' },
          { path: '/credentials/token', from: '(secret changed)', to: '(secret changed)' },
        ],
      },
      { action: 'update', resource: 'route', name: 'orders', changes: [{ path: '/when', from: null, to: 'data.total > 1' }] },
    ]);
  });

  it('deletes what is not there only when asked to prune', async () => {
    await hub.call('PUT', 'spokes/extra', { body: { kind: 'source' } });
    const kept = await hub.call('PUT', 'config', { body: { spokes: state.spokes } });
    expect(kept.status).toBe(200);
    expect((await hub.call('GET', 'spokes/extra')).status).toBe(200);
    const diff = await hub.call('POST', 'config/diff?prune=true', { body: state });
    expect(actions(diff.body)).toContain('delete spoke extra');
    expect((await hub.call('GET', 'spokes/extra')).status).toBe(200);
    expect((await hub.call('PUT', 'config?prune=true', { body: state })).status).toBe(200);
    expect((await hub.call('GET', 'spokes/extra')).status).toBe(404);
    const dangling = await hub.call('PUT', 'config?prune=true', { body: { spokes: { shop: state.spokes.shop }, routes: state.routes } });
    expect(dangling.body.errors).toMatchObject([{ path: '/routes/orders/steps/0/to' }]);
    expect(actions((await hub.call('PUT', 'config?prune=true', { body: {} })).body).sort()).toEqual([
      'delete route orders',
      'delete spoke erp',
      'delete spoke shop',
    ]);
  });

  it('refuses names and fields it does not know', async () => {
    for (const body of [{ spokes: { UPPER: { kind: 'source' } } }, { nonsense: {} }, { spokes: [] }, { routes: { a: {} } }, []])
      expect((await hub.call('PUT', 'config', { body })).body).toMatchObject({ status: 422, code: 'request.invalid' });
  });
});
