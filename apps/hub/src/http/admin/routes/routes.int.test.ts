import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadRoutes, loadRouteVersion } from '../../../registry/complete-route.ts';
import { type AdminFixture, adminFixture } from '../admin-fixture.ts';

let hub: AdminFixture;
beforeAll(async () => {
  hub = await adminFixture();
  await hub.call('PUT', 'spokes/shop', { body: { kind: 'source' } });
  const operations = { one: { method: 'POST', path: '/one' }, two: { method: 'POST', path: '/two' } };
  await hub.call('PUT', 'spokes/erp', { body: { kind: 'rest', config: { baseUrl: 'http://127.0.0.1:9001', operations } } });
  await hub.call('PUT', 'spokes/sink', {
    body: { kind: 'webhook', config: { url: 'http://127.0.0.1:9001/in' }, credentials: { type: 'none' } },
  });
});
afterAll(() => hub.close());

const step = { name: 'a', to: 'erp', operation: 'one' };
const route = { from: { spoke: 'shop', type: 'order.*' }, when: 'data.total > 0', steps: [{ ...step, input: '{ "n": data.id }' }] };

describe('routes', () => {
  it('are made, completed, replaced in versions and deleted', async () => {
    const made = await hub.call('POST', 'routes', { body: { name: 'crud', ...route } });
    expect(made.status).toBe(201);
    expect(made.headers).toMatchObject({ etag: '"1"', location: '/api/v1/routes/crud' });
    expect(made.body).toMatchObject({ name: 'crud', ...route, orderingKey: null, mode: 'async', timeout: null, enabled: true, version: 1 });
    expect((await hub.call('POST', 'routes', { body: { name: 'crud', ...route } })).body.code).toBe('resource.exists');
    const same = await hub.call('PUT', 'routes/crud', { body: (await hub.call('GET', 'routes/crud')).body });
    expect(same).toMatchObject({ status: 200, body: { version: 1 } });
    expect((await hub.call('PATCH', 'routes/crud', { body: { when: null, enabled: false } })).body).toMatchObject({
      version: 2,
      when: null,
      enabled: false,
    });
    const versions = await hub.call('GET', 'routes/crud/versions?limit=1');
    expect(versions.body.items).toMatchObject([{ version: 2, createdBy: 'key:bootstrap' }]);
    const next = await hub.call('GET', `routes/crud/versions?limit=1&cursor=${versions.body.nextCursor}`);
    expect(next.body).toMatchObject({ items: [{ version: 1, when: route.when }], nextCursor: null });
    expect((await hub.call('DELETE', 'routes/crud')).status).toBe(204);
    expect((await hub.call('GET', 'routes/crud/versions')).status).toBe(404);
    // Deliveries made under a deleted route still find it, and a new one of the same name is another version.
    expect(await loadRouteVersion(hub.deps.routes, 'crud', 1)).toMatchObject({ name: 'crud', version: 1, when: route.when });
    expect((await hub.call('PUT', 'routes/crud', { body: route })).body.version).toBe(3);
  });

  it('may leave the operation out where the kind has one', async () => {
    const put = await hub.call('PUT', 'routes/only', { body: { ...route, steps: [{ name: 'a', to: 'sink' }] } });
    expect(put).toMatchObject({ status: 201, body: { steps: [{ name: 'a', to: 'sink', operation: null, input: null }] } });
    expect(await loadRoutes(hub.deps.routes)).toContainEqual(expect.objectContaining({ name: 'only', timeoutMs: null }));
  });

  it.each([
    ['unknown source', { from: { spoke: 'nowhere', type: '**' } }, '/from/spoke'],
    ['pattern', { from: { spoke: 'shop', type: 'order.*x' } }, '/from/type'],
    ['no type', { from: { spoke: 'shop' } }, '/from/type'],
    ['when that does not compile', { when: 'data.' }, '/when'],
    ['when that is not simple', { when: '$count($map([1..3], function($x) { $x })) > 0' }, '/when'],
    ['ordering key', { orderingKey: '((' }, '/orderingKey'],
    ['no steps', { steps: [] }, '/steps'],
    ['too many steps', { steps: Array.from({ length: 21 }, (_, i) => ({ ...step, name: `s${i}` })) }, '/steps'],
    ['two steps of one name', { steps: [step, step] }, '/steps/1/name'],
    ['input', { steps: [{ ...step, input: '{ "a": ' }] }, '/steps/0/input'],
    ['unknown target', { steps: [{ ...step, to: 'nowhere' }] }, '/steps/0/to'],
    ['target that only sends', { steps: [{ name: 'a', to: 'shop' }] }, '/steps/0/to'],
    ['unknown operation', { steps: [{ ...step, operation: 'three' }] }, '/steps/0/operation'],
    ['missing operation', { steps: [{ name: 'a', to: 'erp' }] }, '/steps/0/operation'],
    ['unknown field', { steps: [{ ...step, x: 1 }] }, '/steps/0/x'],
    ['time of a reply route', { mode: 'reply', timeout: '10m' }, '/timeout'],
    ['reply of an async route', { reply: { status: 200 } }, '/reply'],
    ['reply status', { mode: 'reply', reply: { status: 'data.(' } }, '/reply/status'],
    ['reply header of the hub', { mode: 'reply', reply: { headers: { 'Set-Cookie': '"a"' } } }, '/reply/headers/Set-Cookie'],
    ['cache key that is not simple', { mode: 'reply', cache: { key: '$map([1..3], function($x) { $x })', ttl: '1s' } }, '/cache/key'],
    ['timeout of an async route', { timeout: '5s' }, '/timeout'],
    ['unknown mode', { mode: 'sometimes' }, '/mode'],
  ])('refuses %s with a pointer', async (_name, change, path) => {
    const answer = await hub.call('PUT', 'routes/bad', { body: { ...route, ...change } });
    expect(answer.body).toMatchObject({ status: 422, code: 'request.invalid' });
    expect(answer.body.errors.map((error: { path: string }) => error.path)).toContain(path);
    expect((await hub.call('GET', 'routes/bad')).status).toBe(404);
  });

  it('keeps of two writers under one version only the first', async () => {
    const { headers } = await hub.call('PUT', 'routes/race', { body: route });
    const ifMatch = { 'if-match': headers['etag'] ?? '' };
    const answers = await Promise.all(
      ['a.*', 'b.*'].map((type) => hub.call('PUT', 'routes/race', { body: { ...route, from: { spoke: 'shop', type } }, headers: ifMatch })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 412]);
    expect((await hub.call('PATCH', 'routes/race', { body: { when: null }, headers: ifMatch })).status).toBe(412);
    expect((await hub.call('DELETE', 'routes/race', { headers: ifMatch })).status).toBe(412);
  });

  it('cannot be deleted with open deliveries, unless they are to be cancelled', async () => {
    await hub.call('PUT', 'routes/busy', { body: route });
    const id = hub.deps.ids.next(hub.deps.clock.now());
    await hub.db.hot.query(
      `INSERT INTO delivery (id, message_id, source, route, route_version, step, step_name, spoke, operation, state, due_at, created_at)
       VALUES ($1, $1, 'shop', 'busy', 1, 0, 'a', 'erp', 'one', 'pending', now(), now())`,
      [id],
    );
    expect((await hub.call('DELETE', 'routes/busy')).body).toMatchObject({ status: 409, errors: [{ message: '1 open' }] });
    expect((await hub.call('DELETE', 'routes/busy?force=true')).status).toBe(204);
    expect(await hub.db.prisma.delivery.findUnique({ where: { id } })).toMatchObject({ state: 'cancelled', reason: 'route.deleted' });
  });
});
