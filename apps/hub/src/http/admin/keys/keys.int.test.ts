import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureBootstrapKey } from '../../../bootstrap-key.ts';
import { ADMIN_KEY, type AdminFixture, adminFixture } from '../admin-fixture.ts';

let hub: AdminFixture;
beforeAll(async () => {
  hub = await adminFixture();
  await hub.call('PUT', 'spokes/shop', { body: { kind: 'source' } });
});
afterAll(() => hub.close());

describe('keys', () => {
  it('are shown once, work, are listed without their value and stop working when deleted', async () => {
    const made = await hub.call('POST', 'keys', { body: { name: 'ci', role: 'viewer' } });
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({
      name: 'ci',
      role: 'viewer',
      spokes: [],
      bootstrap: false,
      expiresAt: null,
      key: expect.stringMatching(/^nave_/),
    });
    const { key, id } = made.body;
    expect((await hub.call('GET', 'spokes', { key })).status).toBe(200);
    const listed = await hub.call('GET', 'keys');
    expect(listed.text).not.toContain(key);
    expect(listed.body.items[0]).toMatchObject({ id, name: 'ci' });
    expect((await hub.call('DELETE', `keys/${id}`)).status).toBe(204);
    expect((await hub.call('GET', 'spokes', { key })).body).toMatchObject({ status: 401, code: 'auth.invalid' });
    expect((await hub.call('DELETE', `keys/${id}`)).status).toBe(404);
    expect((await hub.call('DELETE', 'keys/nonsense')).status).toBe(400);
    const { rows } = await hub.db.hot.query<{ text: string }>('SELECT row_to_json(a)::text AS text FROM audit a');
    expect(rows.map(({ text }) => text).join()).not.toContain(key);
  });

  it('expire', async () => {
    const expiresAt = new Date(hub.deps.clock.now() + 60_000).toISOString();
    const { body } = await hub.call('POST', 'keys', { body: { name: 'short', role: 'viewer', expiresAt } });
    expect((await hub.call('GET', 'kinds', { key: body.key })).status).toBe(200);
    hub.pass(60_001);
    expect((await hub.call('GET', 'kinds', { key: body.key })).status).toBe(401);
  });

  it.each([
    ['no role', { name: 'x' }, '/role'],
    ['unknown role', { name: 'x', role: 'root' }, '/role'],
    ['empty name', { name: '', role: 'viewer' }, '/name'],
    ['spokes of a key that is not limited', { name: 'x', role: 'admin', spokes: ['shop'] }, '/spokes'],
    ['a publish key without spokes', { name: 'x', role: 'publish' }, '/spokes'],
    ['unknown spoke', { name: 'x', role: 'publish', spokes: ['shop', 'nowhere'] }, '/spokes/1'],
    ['expiry in the past', { name: 'x', role: 'viewer', expiresAt: '2001-01-01T00:00:00Z' }, '/expiresAt'],
    ['expiry that is no time', { name: 'x', role: 'viewer', expiresAt: 'tomorrow' }, '/expiresAt'],
  ])('refuses %s', async (_name, body, path) => {
    const answer = await hub.call('POST', 'keys', { body });
    expect(answer.status).toBe(422);
    expect(answer.body.errors.map((error: { path: string }) => error.path)).toContain(path);
  });

  it('cannot lock everybody out: the last admin key stays', async () => {
    const { body } = await hub.call('GET', 'keys');
    const admin = body.items.find(({ role }: { role: string }) => role === 'admin');
    expect((await hub.call('DELETE', `keys/${admin.id}`)).body).toMatchObject({ status: 409, code: 'state.conflict' });
  });

  it('reads need a key, refusals are audited once with their count and never with the key', async () => {
    await hub.deps.refusals.flush();
    for (let i = 0; i < 5; i++) expect((await hub.call('GET', 'spokes', { key: 'wrong-key-wrong-key' })).status).toBe(401);
    const none = await hub.call('GET', 'spokes', { key: null });
    expect(none).toMatchObject({ status: 401, body: { code: 'auth.missing' } });
    expect(none.headers['www-authenticate']).toContain('Bearer');
    await hub.deps.refusals.flush();
    const entries = await hub.db.prisma.audit.findMany({ where: { action: 'auth.refused', subject: 'api:GET /api/v1/spokes' } });
    expect(entries.map(({ detail }) => detail)).toContainEqual({ code: 'auth.invalid', count: 5 });
    expect(JSON.stringify(entries.map(({ detail, actor }) => [detail, actor]))).not.toContain('wrong-key');
  });
});

describe('the bootstrap key', () => {
  it('is left alone by the same value, replaced by another, and its sign-ins end with it', async () => {
    const own = await adminFixture();
    const list = () => own.deps.keys.loadAll();
    const [first] = await list();
    await ensureBootstrapKey(own.deps, ADMIN_KEY);
    expect((await list()).map(({ id }) => id)).toEqual([first?.id]);
    expect(await ensureBootstrapKey(own.deps, null)).toEqual({ id: first?.id, generated: null });
    const other = await ensureBootstrapKey(own.deps, 'another-admin-key-0123');
    expect(other.generated).toBeNull();
    expect(await list()).toHaveLength(1);
    expect((await own.call('GET', 'spokes')).status).toBe(401);
    expect((await own.call('GET', 'spokes', { key: 'another-admin-key-0123' })).status).toBe(200);
    await own.db.prisma.apiKey.deleteMany();
    const atOnce = await Promise.all([1, 2, 3].map(() => ensureBootstrapKey(own.deps, ADMIN_KEY)));
    expect(new Set(atOnce.map(({ id }) => id)).size).toBe(1);
    await own.db.prisma.apiKey.deleteMany();
    // A key that is made is kept before it is stored, so that a start that fails later does not lose the only copy.
    const full = ensureBootstrapKey(own.deps, null, () => {
      throw new Error('disk full');
    });
    await expect(full).rejects.toThrow('disk full');
    expect(await list()).toEqual([]);
    const kept: string[] = [];
    const generated = await ensureBootstrapKey(own.deps, null, (key) => kept.push(key));
    expect(kept).toEqual([generated.generated]);
    expect(generated.generated).toMatch(/^nave_/);
    expect((await own.call('GET', 'spokes', { key: generated.generated })).status).toBe(200);
    await own.close();
  });
});
