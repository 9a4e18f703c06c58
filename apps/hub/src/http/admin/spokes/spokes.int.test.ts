import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AdminFixture, adminFixture } from '../admin-fixture.ts';

let hub: AdminFixture;
beforeAll(async () => {
  hub = await adminFixture();
});
afterAll(() => hub.close());

const SECRET = 'tok-9f8e7d6c5b4a-secret';
const HOOK_SECRET = 'hook-secret-1234567890';
const config = { baseUrl: 'http://127.0.0.1:9001', operations: { createInvoice: { method: 'POST', path: '/invoices/{number}' } } };
const erp = {
  kind: 'rest',
  title: 'ERP',
  config,
  credentials: { type: 'bearer', token: SECRET },
  policy: { concurrency: 4, timeout: '5s', retry: { preset: 'fast' } },
  inbound: { verify: { scheme: 'github', secret: HOOK_SECRET }, type: 'type', keys: { order: 'number' } },
};

async function audits(subject: string): Promise<{ action: string; detail: unknown; actor: string }[]> {
  return hub.db.prisma.audit.findMany({ where: { subject }, orderBy: { id: 'asc' }, select: { action: true, detail: true, actor: true } });
}

describe('spokes', () => {
  it('are made by POST, shown without secrets, listed, and deleted', async () => {
    const made = await hub.call('POST', 'spokes', { body: { name: 'crud', ...erp } });
    expect(made.status).toBe(201);
    expect(made.headers).toMatchObject({ etag: '"1"', location: '/api/v1/spokes/crud' });
    expect(made.body).toMatchObject({
      name: 'crud',
      title: 'ERP',
      enabled: true,
      paused: false,
      version: 1,
      credentials: { type: 'bearer', set: true },
      inbound: { verify: { scheme: 'github', set: true } },
    });
    expect((await hub.call('GET', 'spokes/crud')).body).toEqual(made.body);
    expect((await hub.call('GET', 'spokes')).body.items.map(({ name }: { name: string }) => name)).toContain('crud');
    expect((await hub.call('POST', 'spokes', { body: { name: 'crud', ...erp } })).body).toMatchObject({
      status: 409,
      code: 'resource.exists',
    });
    expect((await hub.call('DELETE', 'spokes/crud')).status).toBe(204);
    expect((await hub.call('GET', 'spokes/crud')).status).toBe(404);
    expect((await hub.call('DELETE', 'spokes/crud')).status).toBe(404);
    expect((await audits('spoke:crud')).map(({ action }) => action)).toEqual(['spoke.create', 'spoke.delete']);
  });

  it('are paged by name with a cursor that belongs to its list', async () => {
    for (const name of ['page-a', 'page-b', 'page-c']) await hub.call('PUT', `spokes/${name}`, { body: { kind: 'source' } });
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page = await hub.call('GET', `spokes?limit=2${cursor === null ? '' : `&cursor=${cursor}`}`);
      expect(page.body.items.length).toBeLessThanOrEqual(2);
      seen.push(...page.body.items.map(({ name }: { name: string }) => name));
      cursor = page.body.nextCursor;
    } while (cursor !== null);
    expect(seen).toEqual([...new Set(seen)].sort());
    expect(seen).toEqual(expect.arrayContaining(['page-a', 'page-b', 'page-c']));
    const { body } = await hub.call('GET', 'spokes?limit=1');
    expect((await hub.call('GET', `routes?cursor=${body.nextCursor}`)).body).toMatchObject({ status: 400, code: 'request.cursor' });
    expect((await hub.call('GET', 'spokes?cursor=xyz')).body).toMatchObject({ status: 400, code: 'request.cursor' });
    expect((await hub.call('GET', 'spokes?limit=0')).status).toBe(400);
    expect((await hub.call('GET', 'spokes?limit=x')).status).toBe(400);
    expect((await hub.call('GET', 'spokes?unknown=1')).status).toBe(400);
  });

  it('PUT of what GET answered changes nothing: version, secrets and audit stay', async () => {
    expect((await hub.call('PUT', 'spokes/same', { body: erp })).status).toBe(201);
    const { body, headers } = await hub.call('GET', 'spokes/same');
    const again = await hub.call('PUT', 'spokes/same', { body });
    expect(again.status).toBe(200);
    expect(again.body).toEqual(body);
    expect(again.headers['etag']).toBe(headers['etag']);
    expect((await hub.deps.spokes.loadOne('same'))?.secrets).toEqual({
      '/credentials/token': SECRET,
      '/inbound/verify/secret': HOOK_SECRET,
    });
    expect(await audits('spoke:same')).toHaveLength(1);
  });

  it('keeps secrets that are left out or sent back as set, removes them by null, replaces them by text', async () => {
    await hub.call('PUT', 'spokes/keep', { body: erp });
    const stored = async () => (await hub.deps.spokes.loadOne('keep'))?.secrets ?? {};
    await hub.call('PUT', 'spokes/keep', { body: { ...erp, credentials: { type: 'bearer' }, title: 'x' } });
    expect(await stored()).toHaveProperty(['/credentials/token'], SECRET);
    await hub.call('PUT', 'spokes/keep', { body: { ...erp, credentials: { type: 'bearer', token: { set: true } } } });
    expect(await stored()).toHaveProperty(['/credentials/token'], SECRET);
    await hub.call('PUT', 'spokes/keep', { body: { ...erp, credentials: undefined } });
    expect(await stored()).toHaveProperty(['/credentials/token'], SECRET);
    const removed = await hub.call('PUT', 'spokes/keep', { body: { ...erp, credentials: { type: 'bearer', token: null } } });
    expect(removed.body).toMatchObject({ status: 422, errors: [{ path: '/credentials/token' }] });
    await hub.call('PUT', 'spokes/keep', { body: { ...erp, credentials: { type: 'bearer', token: 'another-token' } } });
    expect(await stored()).toHaveProperty(['/credentials/token'], 'another-token');
    await hub.call('PUT', 'spokes/keep', { body: { ...erp, credentials: null } });
    expect(Object.keys(await stored())).toEqual(['/inbound/verify/secret']);
  });

  it('does not carry a secret over to another type of credentials or another scheme', async () => {
    await hub.call('PUT', 'spokes/carry', { body: erp });
    const basic = await hub.call('PUT', 'spokes/carry', { body: { ...erp, credentials: { type: 'basic', username: 'u' } } });
    expect(basic.status).toBe(422);
    const scheme = await hub.call('PUT', 'spokes/carry', { body: { ...erp, inbound: { verify: { scheme: 'shopify', set: true } } } });
    expect(scheme.body).toMatchObject({ status: 422, errors: [{ path: '/inbound/verify/secret' }] });
  });

  it('rotates inbound secrets: several at once, each write-only', async () => {
    const secrets = [{ secret: 'new-secret-123456' }, { secret: 'old-secret-123456', notAfter: '2030-01-01T00:00:00Z' }];
    const put = await hub.call('PUT', 'spokes/rotate', { body: { kind: 'source', inbound: { verify: { scheme: 'github', secrets } } } });
    expect(put.body.inbound.verify).toEqual({
      scheme: 'github',
      secrets: [{ set: true }, { notAfter: '2030-01-01T00:00:00Z', set: true }],
    });
    const again = await hub.call('PUT', 'spokes/rotate', { body: put.body });
    expect(again.body.version).toBe(1);
    const definition = await hub.deps.spokes.loadOne('rotate');
    expect(definition?.secrets).toEqual({
      '/inbound/verify/secrets/0/secret': 'new-secret-123456',
      '/inbound/verify/secrets/1/secret': 'old-secret-123456',
    });
  });

  it('takes merge patches: fields replace, null removes, secrets it does not name stay', async () => {
    await hub.call('PUT', 'spokes/patch', { body: erp });
    const headers = { 'content-type': 'application/merge-patch+json' };
    const patched = await hub.call('PATCH', 'spokes/patch', {
      headers,
      body: JSON.stringify({ title: 'New', policy: { timeout: null, concurrency: 9 }, config: { baseUrl: 'http://127.0.0.1:9002' } }),
    });
    expect(patched.status).toBe(200);
    expect(patched.body).toMatchObject({ title: 'New', version: 2, policy: { concurrency: 9, retry: { preset: 'fast' } } });
    expect(patched.body.policy).not.toHaveProperty('timeout');
    expect(patched.body.config.operations).toEqual(config.operations);
    expect((await hub.deps.spokes.loadOne('patch'))?.secrets).toHaveProperty(['/credentials/token'], SECRET);
    const removed = await hub.call('PATCH', 'spokes/patch', { body: { credentials: { token: null } } });
    expect(removed.body).toMatchObject({ status: 422, errors: [{ path: '/credentials/token' }] });
    const basic = await hub.call('PATCH', 'spokes/patch', {
      body: { credentials: { type: 'basic', username: 'u', password: 'pw-12345' } },
    });
    expect(basic.body.credentials).toEqual({ type: 'basic', username: 'u', set: true });
    const none = await hub.call('PATCH', 'spokes/patch', { body: { credentials: null, inbound: null } });
    expect(none.body).toMatchObject({ credentials: null, inbound: null });
    expect((await hub.deps.spokes.loadOne('patch'))?.secrets).toEqual({});
    const harmless = await hub.call('PATCH', 'spokes/patch', { body: { inbound: { type: null, orderingKey: 'id' } } });
    expect(harmless.body.inbound).toEqual({ orderingKey: 'id' });
    expect((await hub.call('PATCH', 'spokes/patch', { body: { nonsense: 1 } })).body).toMatchObject({
      status: 422,
      errors: [{ path: '/nonsense' }],
    });
    expect((await hub.call('PATCH', 'spokes/missing', { body: { title: 'x' } })).status).toBe(404);
  });

  it('refuses a stale If-Match with 412, and of two people who read the same version only one can write', async () => {
    const { headers } = await hub.call('PUT', 'spokes/race', { body: { kind: 'source' } });
    const etag = headers['etag'] ?? '';
    const answers = await Promise.all(
      ['a', 'b', 'c'].map((title) => hub.call('PUT', 'spokes/race', { body: { kind: 'source', title }, headers: { 'if-match': etag } })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 412, 412]);
    expect(answers.find(({ status }) => status === 412)?.body.code).toBe('resource.stale');
    expect((await hub.call('PUT', 'spokes/race-new', { body: { kind: 'source' }, headers: { 'if-match': '"1"' } })).status).toBe(412);
    expect((await hub.call('PUT', 'spokes/race', { body: { kind: 'source' }, headers: { 'if-none-match': '*' } })).status).toBe(412);
    expect((await hub.call('PUT', 'spokes/race', { body: { kind: 'source' }, headers: { 'if-match': 'nonsense' } })).status).toBe(400);
    expect((await hub.call('DELETE', 'spokes/race', { headers: { 'if-match': etag } })).status).toBe(412);
    expect((await hub.call('DELETE', 'spokes/race', { headers: { 'if-match': '*' } })).status).toBe(204);
  });

  it.each([
    ['no kind', {}, '/kind', 422],
    ['unknown kind', { kind: 'nonsense' }, '/kind', 422],
    ['unknown field', { kind: 'source', colour: 1 }, '/colour', 422],
    ['wrong type', { kind: 'source', enabled: 'yes' }, '/enabled', 422],
    ['another name', { kind: 'source', name: 'other' }, '/name', 422],
    ['config that breaks the schema of the kind', { kind: 'rest', config: { baseUrl: 'nope' } }, '/config/baseUrl', 422],
    ['unknown config field', { kind: 'rest', config: { ...config, x: 1 } }, '/config/x', 422],
    ['unknown credentials', { kind: 'rest', config, credentials: { type: 'magic' } }, '/credentials/type', 422],
    ['duration', { kind: 'source', policy: { timeout: 'soon' } }, '/policy/timeout', 422],
    [
      'policy of no operation',
      { kind: 'webhook', config: { url: 'http://127.0.0.1:1/' }, policy: { operations: { sned: { timeout: '1s' } } } },
      '/policy/operations/sned',
      422,
    ],
    ['duration too long', { kind: 'source', policy: { timeout: '2h' } }, '/policy/timeout', 422],
    ['concurrency', { kind: 'source', policy: { concurrency: 0 } }, '/policy/concurrency', 422],
    ['preset and fields', { kind: 'source', policy: { retry: { preset: 'fast', attempts: 3 } } }, '/policy/retry/preset', 422],
    ['unknown scheme', { kind: 'source', inbound: { verify: { scheme: 'magic' } } }, '/inbound/verify/scheme', 422],
    ['scheme without its secret', { kind: 'source', inbound: { verify: { scheme: 'stripe' } } }, '/inbound/verify/secret', 422],
    ['scheme option', { kind: 'source', inbound: { verify: { scheme: 'none', x: 1 } } }, '/inbound/verify/x', 422],
    ['second scheme', { kind: 'source', inbound: { verify: [{ scheme: 'none' }, { scheme: 'magic' }] } }, '/inbound/verify/1/scheme', 422],
    ['expression', { kind: 'source', inbound: { type: 'a.b[' } }, '/inbound/type', 422],
    [
      'expression that is not simple',
      { kind: 'source', inbound: { orderingKey: '$map([1..3], function($x) { $x })' } },
      '/inbound/orderingKey',
      422,
    ],
    ['business key', { kind: 'source', inbound: { keys: { order: '((' } } }, '/inbound/keys/order', 422],
    ['schema', { kind: 'source', inbound: { schema: { type: 'nonsense' } } }, '/inbound/schema', 422],
    ['schema elsewhere', { kind: 'source', inbound: { schema: { $ref: 'http://x/y' } } }, '/inbound/schema', 422],
    ['NUL in text', { kind: 'source', title: 'a\u0000b' }, '/title', 422],
    ['half a surrogate pair', { kind: 'source', title: 'a\ud800b' }, '/title', 422],
  ])('refuses %s with a pointer, and stores nothing', async (_name, body, path, status) => {
    const answer = await hub.call('PUT', 'spokes/bad', { body });
    expect(answer.headers['content-type']).toContain('application/problem+json');
    expect(answer.body).toMatchObject({ status, code: 'request.invalid', instance: '/api/v1/spokes/bad' });
    expect(answer.body.errors.map((error: { path: string }) => error.path)).toContain(path);
    expect((await hub.call('GET', 'spokes/bad')).status).toBe(404);
  });

  it('says everything that is wrong at once', async () => {
    const { body } = await hub.call('PUT', 'spokes/bad', {
      body: { kind: 'rest', config: { baseUrl: 'x' }, policy: { timeout: '2h' }, inbound: { type: '((', verify: { scheme: 'magic' } } },
    });
    expect(body.errors.map((error: { path: string }) => error.path)).toEqual(
      expect.arrayContaining(['/config/baseUrl', '/policy/timeout', '/inbound/type', '/inbound/verify/scheme']),
    );
  });

  it.each([
    ['broken JSON', '{"kind":', 'application/json', 400],
    ['empty', '', 'application/json', 400],
    ['invalid UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]), 'application/json', 400],
    ['too deep', `${'['.repeat(10_000)}${']'.repeat(10_000)}`, 'application/json', 400],
    ['prototype', '{"kind":"source","__proto__":{"x":1}}', 'application/json', 400],
    ['a list', '[]', 'application/json', 422],
    ['another type', 'kind=source', 'application/x-www-form-urlencoded', 415],
    ['text', '{}', 'text/plain', 415],
    ['too large', JSON.stringify({ kind: 'source', title: 'x'.repeat(6_000_000) }), 'application/json', 413],
  ])('refuses a body that is %s', async (_name, body, type, status) => {
    const answer = await hub.call('PUT', 'spokes/bad', { body, headers: { 'content-type': type } });
    expect(answer.status).toBe(status);
    expect(answer.headers['content-type']).toContain('application/problem+json');
    expect(answer.body.status).toBe(status);
  });

  it('refuses names it could not have given', async () => {
    expect((await hub.call('PUT', 'spokes/UPPER', { body: { kind: 'source' } })).status).toBe(400);
    expect((await hub.call('GET', 'spokes/%00')).status).toBe(400);
    expect((await hub.call('GET', 'spokes/..%2f..%2fx')).status).toBe(400);
    expect((await hub.call('GET', `spokes/${'a'.repeat(64)}`)).status).toBe(400);
    expect((await hub.call('GET', `spokes/%ff`)).status).toBe(400);
    const method = await hub.call('POST', 'spokes/x');
    expect(method.status).toBe(405);
    expect(method.headers['allow']).toBe('DELETE, GET, HEAD, PATCH, PUT');
  });

  it('shows no secret anywhere: not in any answer, column, problem or audit entry', async () => {
    await hub.call('PUT', 'spokes/hidden', { body: erp });
    await hub.call('PUT', 'spokes/hidden', { body: { ...erp, credentials: { type: 'bearer', token: SECRET, nonsense: 1 } } });
    await hub.call('PUT', 'spokes/hidden', { body: { ...erp, title: 'again', credentials: { type: 'bearer', token: `${SECRET}2` } } });
    const answers = await Promise.all(
      ['spokes', 'spokes/hidden', 'config', 'kinds/rest', 'keys', 'audit'].map((url) => hub.call('GET', url)),
    );
    const diff = await hub.call('POST', 'config/diff', { body: { spokes: { hidden: erp } } });
    expect(diff.text).toContain('(secret changed)');
    const rows = await hub.db.hot.query<{ text: string }>(
      `SELECT row_to_json(s)::text AS text FROM spoke s UNION ALL SELECT row_to_json(a)::text FROM audit a UNION ALL SELECT row_to_json(r)::text FROM route_version r`,
    );
    for (const text of [...answers, diff].map((answer) => answer.text).concat(rows.rows.map(({ text: row }) => row))) {
      expect(text).not.toContain(SECRET);
      expect(text).not.toContain(HOOK_SECRET);
      expect(text).not.toContain(Buffer.from(SECRET).toString('hex'));
    }
  });

  it('needs the scheme none to be acknowledged when the hub can be reached from elsewhere', async () => {
    const open = await adminFixture({ listensOnLoopback: false });
    const body = (verify: object) => ({ kind: 'source', inbound: { verify } });
    expect((await open.call('PUT', 'spokes/a', { body: body({ scheme: 'none' }) })).body.errors).toEqual([
      expect.objectContaining({ path: '/inbound/verify/acknowledge' }),
    ]);
    expect((await open.call('PUT', 'spokes/a', { body: body({ scheme: 'none', acknowledge: true }) })).status).toBe(201);
    await open.close();
    expect((await hub.call('PUT', 'spokes/none', { body: body({ scheme: 'none' }) })).status).toBe(201);
  });

  it('cannot be deleted or broken while routes use them', async () => {
    await hub.call('PUT', 'spokes/used', { body: { ...erp, inbound: null } });
    await hub.call('PUT', 'spokes/feed', { body: { kind: 'source' } });
    const route = { from: { spoke: 'feed', type: '**' }, steps: [{ name: 'a', to: 'used', operation: 'createInvoice' }] };
    expect((await hub.call('PUT', 'routes/uses', { body: route })).status).toBe(201);
    for (const name of ['used', 'feed']) {
      const refused = await hub.call('DELETE', `spokes/${name}?force=true`);
      expect(refused.body).toMatchObject({ status: 409, code: 'resource.referenced' });
      expect(refused.body.detail).toContain('1 route');
    }
    const other = { ...config, operations: { other: { method: 'GET', path: '/' } } };
    expect((await hub.call('PUT', 'spokes/used', { body: { ...erp, inbound: null, config: other } })).body).toMatchObject({
      status: 409,
      errors: [{ path: '/routes/uses/steps/0/operation' }],
    });
    expect((await hub.call('DELETE', 'routes/uses')).status).toBe(204);
    expect((await hub.call('DELETE', 'spokes/used')).status).toBe(204);
  });

  it('cannot be deleted with open deliveries, unless they are to be cancelled', async () => {
    await hub.call('PUT', 'spokes/busy', { body: { kind: 'rest', config } });
    const ids = await seedDeliveries('busy', ['pending', 'retrying', 'active', 'held', 'unknown', 'succeeded', 'dead']);
    const refused = await hub.call('DELETE', 'spokes/busy');
    expect(refused.body).toMatchObject({ status: 409, code: 'resource.referenced', errors: [{ path: '/deliveries', message: '5 open' }] });
    expect((await hub.call('DELETE', 'spokes/busy?force=true')).status).toBe(204);
    const states = await hub.db.prisma.delivery.findMany({ where: { id: { in: ids } }, select: { state: true }, orderBy: { id: 'asc' } });
    expect(states.map(({ state }) => state).sort()).toEqual([
      'cancelled',
      'cancelled',
      'cancelled',
      'cancelled',
      'cancelled',
      'dead',
      'succeeded',
    ]);
    expect((await audits('spoke:busy')).at(-1)).toMatchObject({ action: 'spoke.delete', detail: { cancelled: 5 } });
  });

  it('are paused and resumed once; resuming leaves what the pause held to the governor', async () => {
    await hub.call('PUT', 'spokes/rest1', { body: { kind: 'rest', config } });
    expect((await hub.call('POST', 'spokes/rest1/pause')).body).toMatchObject({ paused: true, version: 1 });
    expect((await hub.call('POST', 'spokes/rest1/pause')).status).toBe(200);
    const [held = ''] = await seedDeliveries('rest1', ['held']);
    expect((await hub.call('POST', 'spokes/rest1/resume')).body.paused).toBe(false);
    expect(await hub.db.prisma.spokeFlow.findUnique({ where: { spoke: 'rest1' } })).toMatchObject({
      drainStartedAt: expect.any(Date),
      drainRate: null,
    });
    expect(await hub.db.prisma.delivery.findUnique({ where: { id: held } })).toMatchObject({ state: 'held' });
    expect((await audits('spoke:rest1')).map(({ action }) => action)).toEqual(['spoke.create', 'spoke.pause', 'spoke.resume']);
    expect((await hub.call('POST', 'spokes/missing/pause')).status).toBe(404);
  });

  it('are checked by a real round trip', async () => {
    await hub.call('PUT', 'spokes/nowhere', { body: { kind: 'rest', config: { ...config, baseUrl: 'http://127.0.0.1:1' } } });
    const answer = await hub.call('POST', 'spokes/nowhere/check');
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ ok: false, latencyMs: expect.any(Number), detail: expect.any(String), checks: expect.any(Array) });
    await hub.call('PUT', 'spokes/sender', { body: { kind: 'source' } });
    expect((await hub.call('POST', 'spokes/sender/check')).body.ok).toBe(true);
    expect((await hub.call('POST', 'spokes/missing/check')).status).toBe(404);
  });
});

async function seedDeliveries(spoke: string, states: string[]): Promise<string[]> {
  const ids = states.map(() => hub.deps.ids.next(hub.deps.clock.now()));
  for (const [index, state] of states.entries()) {
    const due = ['pending', 'retrying', 'active'].includes(state) ? 'now()' : 'NULL';
    const held = state === 'held' ? `'pause'` : 'NULL';
    await hub.db.hot.query(
      `INSERT INTO delivery (id, message_id, source, route, route_version, step, step_name, spoke, operation, state, held_by, due_at, created_at)
       VALUES ($1, $1, 'feed', 'r', 1, 0, 's', $2, 'op', $3::delivery_state, ${held}, ${due}, now())`,
      [ids[index], spoke, state],
    );
  }
  return ids;
}
