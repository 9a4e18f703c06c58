import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSignInLink } from '../../auth/sign-in-link.ts';
import { ADMIN_KEY, type AdminFixture, type Answer, adminFixture } from '../admin-fixture.ts';

let hub: AdminFixture;
beforeAll(async () => {
  hub = await adminFixture();
});
afterAll(() => hub.close());

const ORIGIN = 'http://127.0.0.1:7070';
const cookieOf = (answer: Answer): string => (answer.headers['set-cookie'] ?? '').split(';')[0] ?? '';
const signIn = (body: object, headers = {}) => hub.call('POST', 'session', { key: null, body, headers });

describe('session', () => {
  it('signs in with a key by a cookie out of the reach of scripts and other sites, and out again', async () => {
    const answer = await signIn({ key: ADMIN_KEY });
    expect(answer).toMatchObject({ status: 200, body: { name: 'bootstrap', role: 'admin', expiresAt: expect.any(String) } });
    expect(answer.headers['set-cookie']).toMatch(/^nave_session=[\w-]{43}; Max-Age=43200; Path=\/; HttpOnly; SameSite=Strict$/);
    expect(answer.text).not.toContain(cookieOf(answer).slice(13));
    const cookie = cookieOf(answer);
    expect((await hub.call('GET', 'spokes', { key: null, headers: { cookie } })).status).toBe(200);
    const out = await hub.call('DELETE', 'session', { key: null, headers: { cookie, origin: ORIGIN } });
    expect(out.status).toBe(204);
    expect(out.headers['set-cookie']).toMatch(/^nave_session=;/);
    expect((await hub.call('GET', 'spokes', { key: null, headers: { cookie } })).body).toMatchObject({ status: 401, code: 'auth.invalid' });
    const actions = await hub.db.prisma.audit.findMany({ where: { actor: { endsWith: 'bootstrap' }, action: { startsWith: 'session.' } } });
    expect(actions.map(({ action }) => action)).toEqual(['session.open', 'session.end']);
  });

  it('says who asks, by cookie and by key alike, and until when', async () => {
    const signedIn = await signIn({ key: ADMIN_KEY });
    const byCookie = await hub.call('GET', 'session', { key: null, headers: { cookie: cookieOf(signedIn) } });
    expect(byCookie).toMatchObject({
      status: 200,
      body: { name: 'bootstrap', role: 'admin', version: expect.stringMatching(/^\d+\.\d+/), retention: '90d' },
    });
    expect(byCookie.body).toEqual(signedIn.body);
    expect(byCookie.headers['cache-control']).toBe('no-store');
    expect((await hub.call('GET', 'session')).body).toMatchObject({ name: 'bootstrap', role: 'admin', expiresAt: null });
    expect((await hub.call('GET', 'session', { key: null })).status).toBe(401);
    // The key ends before the sign-in would.
    const expiresAt = new Date(hub.deps.clock.now() + 3_600_000).toISOString();
    const { key } = (await hub.call('POST', 'keys', { body: { name: 'short', role: 'viewer', expiresAt } })).body;
    const short = await signIn({ key });
    expect(short.body).toMatchObject({ name: 'short', role: 'viewer', expiresAt });
    expect((await hub.call('GET', 'session', { key })).body).toEqual(short.body);
    expect((await hub.call('GET', 'session', { key: null, headers: { cookie: cookieOf(short) } })).body).toEqual(short.body);
  });

  it('changes something only from its own pages', async () => {
    const cookie = cookieOf(await signIn({ key: ADMIN_KEY }));
    const put = (headers: Record<string, string>) =>
      hub.call('PUT', 'spokes/x', { key: null, body: { kind: 'source' }, headers: { cookie, ...headers } });
    expect((await put({})).body).toMatchObject({ status: 403, code: 'auth.origin' });
    for (const origin of ['https://evil.example', 'null'])
      expect((await put({ origin })).body).toMatchObject({ status: 403, code: 'auth.origin' });
    expect((await put({ origin: ORIGIN })).status).toBe(201);
    expect((await signIn({ key: ADMIN_KEY }, { origin: 'https://evil.example' })).status).toBe(403);
    const entry = await hub.db.prisma.audit.findFirst({ where: { subject: 'spoke:x' } });
    expect(entry?.actor).toBe('session:bootstrap');
  });

  it('is read by its own pages and by people, not by pages of the same site or another one; keys come from anywhere', async () => {
    const cookie = cookieOf(await signIn({ key: ADMIN_KEY }));
    const read = (headers: Record<string, string>, key: string | null = null) => hub.call('GET', 'spokes', { key, headers });
    for (const site of ['same-site', 'cross-site', ''])
      expect((await read({ cookie, 'sec-fetch-site': site })).body).toMatchObject({ status: 403, code: 'auth.origin' });
    for (const site of ['same-origin', 'none']) expect((await read({ cookie, 'sec-fetch-site': site })).status).toBe(200);
    expect((await read({ 'sec-fetch-site': 'cross-site' }, ADMIN_KEY)).status).toBe(200);
    const reveal = await hub.call('GET', 'messages/00000000-0000-7000-8000-000000000000/payload', {
      key: null,
      headers: { cookie, 'sec-fetch-site': 'same-site' },
    });
    expect(reveal.body).toMatchObject({ code: 'auth.origin' });
  });

  it('tells browsers to embed no answer elsewhere and to guess no type, refusals included', async () => {
    for (const answer of [
      await hub.call('GET', 'spokes'),
      await hub.call('GET', 'spokes', { key: null }),
      await hub.call('GET', 'spokes?limit=x'),
    ])
      expect(answer.headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'cross-origin-resource-policy': 'same-origin' });
  });

  it('lets a link be used once, within ten minutes, by one of two at once', async () => {
    const [key] = await hub.deps.keys.loadAll();
    const link = async () => (await createSignInLink(hub.deps, key?.id ?? '')).token;
    const token = await link();
    const both = await Promise.all([signIn({ link: token }), signIn({ link: token })]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 401]);
    const old = await link();
    hub.pass(600_001);
    expect((await signIn({ link: old })).status).toBe(401);
    expect((await createSignInLink(hub.deps, key?.id ?? '')).url).toMatch(/^http:\/\/127\.0\.0\.1:7070\/#link=/);
  });

  it('ends after twelve hours, and with its key', async () => {
    const cookie = cookieOf(await signIn({ key: ADMIN_KEY }));
    hub.pass(12 * 3_600_000 + 1);
    expect((await hub.call('GET', 'spokes', { key: null, headers: { cookie } })).status).toBe(401);
    const key = await hub.keyFor('viewer');
    const own = cookieOf(await signIn({ key }));
    const { body } = await hub.call('GET', 'keys');
    await hub.call('DELETE', `keys/${body.items[0].id}`);
    expect((await hub.call('GET', 'spokes', { key: null, headers: { cookie: own } })).status).toBe(401);
  });

  it('is Secure where the hub is reached by TLS, and not for publish keys', async () => {
    const tls = await adminFixture({ publicUrl: 'https://nave.example.com' });
    const answer = await tls.call('POST', 'session', { key: null, body: { key: ADMIN_KEY } });
    expect(answer.headers['set-cookie']).toContain('; Secure');
    await tls.call('PUT', 'spokes/shop', { body: { kind: 'source' } });
    const publish = await tls.keyFor('publish', ['shop']);
    expect((await tls.call('POST', 'session', { key: null, body: { key: publish } })).status).toBe(403);
    await tls.close();
  });

  it('bounds failed attempts per address', async () => {
    const fresh = await adminFixture();
    const attempt = (key: string) => fresh.call('POST', 'session', { key: null, body: { key } });
    for (let i = 0; i < 10; i++) expect((await attempt('wrong')).status).toBe(401);
    const limited = await attempt(ADMIN_KEY);
    expect(limited.body).toMatchObject({ status: 429, code: 'limit.rate' });
    expect(Number(limited.headers['retry-after'])).toBeGreaterThan(0);
    fresh.pass(300_001);
    expect((await attempt(ADMIN_KEY)).status).toBe(200);
    await fresh.close();
  });

  it.each([{}, { key: 1 }, { key: 'a', link: 'b' }, { name: 'x' }])('refuses %o', async (body) => {
    expect((await signIn(body)).status).toBe(422);
  });
});
