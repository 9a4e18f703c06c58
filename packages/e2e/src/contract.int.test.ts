/** Contract sections 1 to 3 and 5, call by call: starting, errors, lists, versions, secrets, roles, configuration. */
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '@nave/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { endHub, type HubProcess, spawnHub, startHub } from './harness/hub-process.ts';
import { at, listAt, textAt } from './harness/json.ts';
import { waitFor } from './harness/wait-for.ts';

let dir = '';
let port = 0;
let hub: HubProcess;

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'nave-start-'));
  port = await freePort();
  hub = await startHub({ dataDir: dir, port, ownKey: true });
  await waitFor('the greeting is printed', 60_000, () => hub.output().includes('admin key'));
});

afterAll(async () => {
  if (hub?.running()) {
    hub.kill('SIGTERM');
    await hub.exited;
  }
  await endHub(hub);
  rmSync(dir, { recursive: true, force: true });
});

const source = { kind: 'source', inbound: { verify: { scheme: 'none' } } };

describe('starting', () => {
  it('prints the URL and where the key is, but not the key; the file is for its owner only', () => {
    const file = join(dir, 'admin.key');
    const key = readFileSync(file, 'utf8').trim();
    expect(hub.output()).toContain(`http://127.0.0.1:${port}`);
    expect(hub.output()).toContain(file);
    expect(hub.output()).not.toContain(key);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(join(dir, 'secret.key')).mode & 0o777).toBe(0o600);
  });

  it('serves the open paths without a key', async () => {
    const get = (path: string) => fetch(`${hub.url}${path}`);
    expect((await get('/healthz')).status).toBe(200);
    const ready = await get('/readyz');
    expect(await ready.json()).toMatchObject({
      ok: true,
      checks: [
        { name: 'database', ok: true },
        { name: 'queue', ok: true },
        { name: 'progress', ok: true },
      ],
    });
    expect((await get('/metrics')).status).toBe(200);
    expect(await (await get('/openapi.json')).json()).toMatchObject({ openapi: '3.1.0' });
    expect((await get('/docs')).status).toBe(200);
  });

  it('serves the dashboard, and says when to come again until it is built', async () => {
    const page = await waitFor('the dashboard is served', 150_000, async () => {
      const answer = await fetch(`${hub.url}/`);
      if (answer.status === 200) return answer;
      expect(answer.status).toBe(503);
      expect(answer.headers.get('retry-after')).toMatch(/^\d+$/);
      return null;
    });
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
  }, 180_000);

  it('refuses wrong values with one line each, all at once, without showing them', async () => {
    const broken = spawnHub({
      dataDir: dir,
      port,
      env: { NAVE_PORT: 'many', NAVE_ROLE: 'boss', NAVE_SECRET_KEY: 'a-secret-value', DATABASE_URL: 'mysql://u:hidden@h/db' },
    });
    expect(await broken.exited).toEqual({ code: 1, signal: null });
    const lines = broken.output().trim().split('\n');
    expect(lines.map((line) => line.split(':')[0]).sort()).toEqual(['DATABASE_URL', 'NAVE_PORT', 'NAVE_ROLE', 'NAVE_SECRET_KEY']);
    expect(broken.output()).not.toMatch(/a-secret-value|hidden|boss/);
  });

  it('refuses an external database without a secret key, in one line', async () => {
    const keyless = spawnHub({ dataDir: dir, port, env: { DATABASE_URL: 'postgres://u:p@127.0.0.1:1/db' } });
    expect((await keyless.exited).code).toBe(1);
    expect(keyless.output()).toMatch(/^NAVE_SECRET_KEY/);
    expect(keyless.output().trim().split('\n')).toHaveLength(1);
  });
});

describe('spokes and routes', () => {
  it('PUT creates with 201 and replaces with 200; what GET answers can be put back and changes nothing', async () => {
    const created = await hub.call('PUT', '/api/v1/spokes/shop', source);
    expect(created).toMatchObject({ status: 201, body: { name: 'shop', kind: 'source', version: 1 } });
    expect(created.headers.get('etag')).toBe('"1"');
    const got = await hub.call('GET', '/api/v1/spokes/shop');
    expect(got.body).toEqual(created.body);
    const same = await hub.call('PUT', '/api/v1/spokes/shop', got.body);
    expect(same).toMatchObject({ status: 200, body: { version: 1 } });
    const changed = await hub.call('PATCH', '/api/v1/spokes/shop', { title: 'Shop' }, { 'content-type': 'application/merge-patch+json' });
    expect(changed).toMatchObject({ status: 200, body: { version: 2, title: 'Shop' } });
    expect((await hub.call('POST', '/api/v1/spokes', { name: 'shop', ...source })).status).toBe(409);
  });

  it('If-Match keeps two people from overwriting each other', async () => {
    const etag = (await hub.call('GET', '/api/v1/spokes/shop')).headers.get('etag') ?? '';
    const first = await hub.call('PUT', '/api/v1/spokes/shop', { ...source, title: 'mine' }, { 'if-match': etag });
    expect(first.status).toBe(200);
    const second = await hub.call('PUT', '/api/v1/spokes/shop', { ...source, title: 'yours' }, { 'if-match': etag });
    expect(second).toMatchObject({ status: 412, body: { code: 'resource.stale' } });
    expect(await hub.api('GET', '/api/v1/spokes/shop')).toMatchObject({ title: 'mine' });
  });

  it('secrets are never readable, are kept when left out or sent back, and removed by null', async () => {
    const secret = 'the-most-secret-token';
    const spoke = { kind: 'rest', config: { baseUrl: 'http://127.0.0.1:9', operations: { a: { method: 'POST', path: '/' } } } };
    const created = await hub.call('PUT', '/api/v1/spokes/erp', { ...spoke, credentials: { type: 'bearer', token: secret } });
    expect(created.status).toBe(201);
    expect(at(created.body, 'credentials')).toEqual({ type: 'bearer', set: true });
    await hub.api('PUT', '/api/v1/spokes/git', { kind: 'source', inbound: { verify: { scheme: 'github', secret: `${secret}-2` } } });
    for (const path of [
      '/api/v1/spokes',
      '/api/v1/spokes/erp',
      '/api/v1/spokes/git',
      '/api/v1/config',
      '/api/v1/audit',
      '/api/v1/routes',
    ]) {
      expect((await hub.call('GET', path)).text).not.toContain(secret);
    }
    expect(await hub.call('PUT', '/api/v1/spokes/erp', created.body)).toMatchObject({
      status: 200,
      body: { version: 1, credentials: { set: true } },
    });
    expect(await hub.call('PUT', '/api/v1/spokes/erp', { ...spoke, title: 'E' })).toMatchObject({
      status: 200,
      body: { credentials: { set: true } },
    });
    const removed = await hub.call('PUT', '/api/v1/spokes/erp', { ...spoke, credentials: null });
    expect(removed.status).toBe(200);
    expect(removed.text).not.toContain('"set":true');
    expect(hub.output()).not.toContain(secret);
  });

  it('refuses dangling names and expressions that do not compile, all at once; deletes nothing that is referenced', async () => {
    const wrong = await hub.call('PUT', '/api/v1/routes/orders', {
      from: { spoke: 'nobody', type: 'order.*' },
      when: 'data.total >',
      steps: [{ name: 'a', to: 'elsewhere', operation: 'a', input: '{' }],
    });
    expect(wrong.status).toBe(422);
    const paths = listAt(wrong.body, 'errors').map((each) => at(each, 'path'));
    expect(paths).toEqual(expect.arrayContaining(['/from/spoke', '/when', '/steps/0/to', '/steps/0/input']));
    const right = { from: { spoke: 'shop', type: 'order.*' }, steps: [{ name: 'a', to: 'erp', operation: 'a' }] };
    expect((await hub.call('PUT', '/api/v1/routes/orders', right)).status).toBe(201);
    expect((await hub.call('DELETE', '/api/v1/spokes/erp')).status).toBe(409);
    expect((await hub.call('PUT', '/api/v1/routes/orders', { ...right, when: 'true' })).body).toMatchObject({ version: 2 });
    expect(listAt(await hub.api('GET', '/api/v1/routes/orders/versions'), 'items').map((each) => at(each, 'version'))).toEqual([2, 1]);
    expect((await hub.call('DELETE', '/api/v1/routes/orders')).status).toBe(204);
    expect((await hub.call('GET', '/api/v1/routes/orders')).status).toBe(404);
  });

  it('checks a spoke by a real round trip', async () => {
    expect(await hub.api('POST', '/api/v1/spokes/erp/check')).toMatchObject({
      ok: false,
      checks: expect.arrayContaining([expect.objectContaining({ ok: false })]),
    });
    expect((await hub.call('POST', '/api/v1/spokes/nobody/check')).status).toBe(404);
  });
});

describe('lists', () => {
  it('are newest first, in pages bound to their filter', async () => {
    for (const n of [1, 2, 3, 4, 5]) await hub.api('POST', '/v1/messages', { source: 'shop', type: n % 2 === 0 ? 'even' : 'odd', data: n });
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page: unknown = await hub.api('GET', `/api/v1/messages?limit=2${cursor === null ? '' : `&cursor=${cursor}`}`);
      seen.push(...listAt(page, 'items').map((item) => textAt(item, 'id')));
      const next = at(page, 'nextCursor');
      cursor = typeof next === 'string' ? next : null;
    } while (cursor !== null);
    expect(seen).toHaveLength(5);
    expect(seen).toEqual([...new Set(seen)].sort().reverse());
    const filtered = await hub.api('GET', '/api/v1/messages?limit=1&type=odd');
    const other = await hub.call('GET', `/api/v1/messages?limit=1&type=even&cursor=${textAt(filtered, 'nextCursor')}`);
    expect(other).toMatchObject({ status: 400, body: { code: 'request.cursor' } });
  });
});

describe('keys', () => {
  it('are shown once, and each role reaches what it may', async () => {
    const roles = ['viewer', 'operator', 'admin', 'publish'] as const;
    const [message] = listAt(await hub.api('GET', '/api/v1/messages?limit=1'), 'items');
    const id = textAt(message, 'id');
    const reached: Record<string, number[]> = {};
    for (const role of roles) {
      const created = await hub.call('POST', '/api/v1/keys', { name: role, role, ...(role === 'publish' ? { spokes: ['shop'] } : {}) });
      expect(created.status).toBe(201);
      const key = textAt(created.body, 'key');
      expect((await hub.call('GET', '/api/v1/keys')).text).not.toContain(key);
      const as = { authorization: `Bearer ${key}` };
      const calls = [
        await hub.call('GET', '/api/v1/spokes', undefined, as),
        await hub.call('GET', `/api/v1/messages/${id}/payload`, undefined, as),
        await hub.call('PUT', '/api/v1/spokes/by-role', source, as),
        await hub.call('POST', '/v1/messages', { source: 'shop', type: 'a', data: 1 }, as),
      ];
      reached[role] = calls.map(({ status }) => status);
      expect((await hub.call('DELETE', `/api/v1/keys/${textAt(created.body, 'id')}`)).status).toBe(204);
      expect((await hub.call('GET', '/api/v1/spokes', undefined, as)).status).toBe(401);
    }
    expect(reached).toEqual({
      viewer: [200, 403, 403, 403],
      operator: [200, 200, 403, 403],
      admin: [200, 200, 201, 202],
      publish: [403, 403, 403, 202],
    });
    const looks = listAt(await hub.api('GET', '/api/v1/audit?action=payload.reveal'), 'items');
    expect(looks.map((each) => at(each, 'subject'))).toEqual([`message:${id}`, `message:${id}`]);
  });

  it('an expired key is no key', async () => {
    expect(
      (await hub.call('POST', '/api/v1/keys', { name: 'old', role: 'viewer', expiresAt: '2020-01-01T00:00:00Z' })).status,
    ).toBeGreaterThanOrEqual(400);
  });
});

describe('sign-in', () => {
  it('gives a cookie that scripts cannot read, and wants the own origin for changes', async () => {
    const key = readFileSync(join(dir, 'admin.key'), 'utf8').trim();
    const post = (path: string, headers: Record<string, string>, body: unknown) =>
      fetch(`${hub.url}${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify(body),
      });
    const signedIn = await post('/api/v1/session', {}, { key });
    expect(signedIn.status).toBe(200);
    const set = signedIn.headers.get('set-cookie') ?? '';
    expect(set).toMatch(/HttpOnly/i);
    expect(set).toMatch(/SameSite=Strict/i);
    const cookie = set.split(';')[0] ?? '';
    expect((await fetch(`${hub.url}/api/v1/spokes`, { headers: { cookie } })).status).toBe(200);
    expect((await post('/api/v1/spokes', { cookie }, { name: 'x1', ...source })).status).toBe(403);
    expect((await post('/api/v1/spokes', { cookie, origin: 'https://evil.example' }, { name: 'x1', ...source })).status).toBe(403);
    expect((await post('/api/v1/spokes', { cookie, origin: hub.url }, { name: 'x1', ...source })).status).toBe(201);
    const out = await fetch(`${hub.url}/api/v1/session`, { method: 'DELETE', headers: { cookie, origin: hub.url } });
    expect(out.status).toBe(204);
    expect((await fetch(`${hub.url}/api/v1/spokes`, { headers: { cookie } })).status).toBe(401);
  });
});

describe('configuration as a whole', () => {
  it('is read, compared and applied atomically, and is unchanged when it is put back', async () => {
    const whole = await hub.call('GET', '/api/v1/config');
    const same = await hub.call('PUT', '/api/v1/config', whole.body);
    expect(same.status).toBe(200);
    expect(listAt(same.body, 'items').every((item) => at(item, 'action') === 'same')).toBe(true);
    const wanted = {
      spokes: { fresh: source },
      routes: { broken: { from: { spoke: 'fresh', type: '*' }, steps: [{ name: 'a', to: 'nobody' }] } },
    };
    expect((await hub.call('PUT', '/api/v1/config', wanted)).status).toBe(422);
    expect((await hub.call('GET', '/api/v1/spokes/fresh')).status).toBe(404);
    const diff = await hub.api('POST', '/api/v1/config/diff', { spokes: { fresh: source } });
    expect(listAt(diff, 'items')).toContainEqual(expect.objectContaining({ action: 'create', resource: 'spoke', name: 'fresh' }));
    expect((await hub.call('GET', '/api/v1/spokes/fresh')).status).toBe(404);
  });
});

describe('starting again', () => {
  it('keeps everything, and does not print the key', async () => {
    const key = readFileSync(join(dir, 'admin.key'), 'utf8').trim();
    const before = await hub.api('GET', '/api/v1/config');
    hub.kill('SIGTERM');
    expect(await hub.exited).toEqual({ code: 0, signal: null });
    hub = await startHub({ dataDir: dir, port, ownKey: true });
    expect(await hub.api('GET', '/api/v1/config')).toEqual(before);
    expect(hub.output()).not.toContain(key);
  });
});
