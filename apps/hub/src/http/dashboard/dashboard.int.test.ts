import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { buildDashboard } from '../../dashboard/build-dashboard.ts';
import type { DashboardState } from '../../dashboard/dashboard.ts';
import { copyingBundler, type DashboardFixture, dashboardFixture, SCRIPT } from '../../dashboard/dashboard-fixture.ts';
import { loadPages } from '../../dashboard/load-pages.ts';
import { type AdminFixture, adminFixture } from '../admin/admin-fixture.ts';

let files: DashboardFixture;
let hub: AdminFixture;
let ready: DashboardState;
let state: DashboardState = { phase: 'building' };
let nonces = 0;

beforeAll(async () => {
  files = dashboardFixture();
  await buildDashboard(files.folder, copyingBundler);
  ready = { phase: 'ready', pages: await loadPages(files.folder) };
  hub = await adminFixture({}, { corsOrigins: ['https://portal.example'] }, { state: () => state, nonce: () => `nonce${++nonces}` });
});
afterAll(async () => {
  await hub.close();
  files.remove();
});
beforeEach(() => {
  state = ready;
});

const BROWSER = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';
const ASSET = '/assets/main-1.js';
const get = (url: string, headers: Record<string, string> = {}) => hub.call('GET', url, { key: null, headers });
const open = (url: string) => get(url, { accept: BROWSER });
/** As bytes. */
const fetchFile = (url: string, headers: Record<string, string> = {}) => hub.app.inject({ method: 'GET', url, headers });

describe('the page', () => {
  it('has a fresh nonce for each answer, in the page and in its policy, and is stored by nobody', async () => {
    const [one, two] = [await get('/'), await get('/')];
    for (const { status, headers, text } of [one, two]) {
      const [, nonce = ''] = /name="csp-nonce" content="([^"]+)"/.exec(text) ?? [];
      expect(status).toBe(200);
      expect(nonce).toMatch(/^nonce\d+$/);
      expect(text).not.toContain('__NONCE__');
      expect(headers['content-security-policy']).toBe(
        `default-src 'none'; script-src 'self'; style-src 'self' 'nonce-${nonce}'; img-src 'self' data:; font-src 'self'; connect-src 'self'; ` +
          "manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
      );
      expect(headers).toMatchObject({
        'content-type': 'text/html; charset=utf-8',
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cross-origin-opener-policy': 'same-origin',
        'permissions-policy': expect.stringContaining('camera=()'),
      });
      expect(headers).not.toHaveProperty('content-encoding');
    }
    expect(one.text).not.toBe(two.text);
  });

  it.each(['/messages', '/messages/01890000-0000-7000-8000-000000000000?tab=raw', '/spokes/', '/routes/a%2Fb', '/apis'])(
    'is what a browser gets at %s',
    async (path) => {
      expect(await open(path)).toMatchObject({ status: 200, headers: { 'content-type': 'text/html; charset=utf-8' } });
      const head = await hub.call('HEAD', path, { key: null, headers: { accept: BROWSER } });
      expect(head).toMatchObject({ status: 200, text: '' });
      expect(head.headers['content-security-policy']).toContain("script-src 'self'");
    },
  );

  it('answers HEAD without a body', async () => {
    const head = await hub.call('HEAD', '/', { key: null });
    expect(head).toMatchObject({ status: 200, text: '', headers: { 'cache-control': 'no-store' } });
  });
});

describe('everybody else', () => {
  it.each([undefined, '*/*', 'application/json', 'text/html;q=0, */*', 'text/htmlx'])(
    'gets 404 as before with Accept %s',
    async (accept) => {
      const answer = await get('/messages', accept === undefined ? {} : { accept });
      expect(answer).toMatchObject({ status: 404, body: { code: 'resource.not-found' } });
      expect(answer.headers['content-type']).toContain('application/problem+json');
    },
  );

  it.each([
    '/api',
    '/api/v1/nonsense',
    '/v1/nonsense',
    '/docs/nonsense',
    '/openapi.json/x',
    '/metrics/x',
    '/healthz/x',
    '/readyz/x',
    '/soap',
    '/hooks',
    '/assets',
  ])('gets 404 at %s, also with a browser', async (path) => {
    expect(await open(path)).toMatchObject({ status: 404, body: { code: 'resource.not-found' } });
  });

  it.each([
    ['POST', '/', 'GET, HEAD'],
    ['DELETE', ASSET, 'GET, HEAD'],
    ['PUT', '/healthz', 'GET, HEAD'],
    ['GET', '/v1/messages', 'POST'],
  ] as const)('gets 405 with what is allowed for %s %s', async (method, path, allow) => {
    const answer = await hub.call(method, path, { key: null, headers: { accept: BROWSER } });
    expect(answer).toMatchObject({ status: 405, headers: { allow } });
  });

  it('gets 404 for other methods on paths of the dashboard', async () => {
    for (const method of ['POST', 'PUT', 'DELETE'] as const)
      expect((await hub.call(method, '/messages', { key: null, headers: { accept: BROWSER } })).status).toBe(404);
  });
});

describe('files', () => {
  it.each([
    ['br', 'gzip, deflate, br, zstd', (bytes: Buffer) => brotliDecompressSync(bytes)],
    ['gzip', 'gzip, deflate', (bytes: Buffer) => gunzipSync(bytes)],
    ['gzip', 'br;q=0.5, gzip;q=0.8', (bytes: Buffer) => gunzipSync(bytes)],
    ['br', '*', (bytes: Buffer) => brotliDecompressSync(bytes)],
    [undefined, 'br;q=0, gzip;q=0', (bytes: Buffer) => bytes],
    [undefined, 'identity', (bytes: Buffer) => bytes],
    [undefined, ';;,=,gzip;q=nonsense', (bytes: Buffer) => bytes],
    [undefined, undefined, (bytes: Buffer) => bytes],
  ])('are sent as %s to who takes %s', async (encoding, accepted, decode) => {
    const answer = await fetchFile(ASSET, accepted === undefined ? {} : { 'accept-encoding': accepted });
    expect(answer.statusCode).toBe(200);
    expect(answer.headers['content-encoding']).toBe(encoding);
    expect(answer.headers).toMatchObject({
      'content-type': 'text/javascript; charset=utf-8',
      'cache-control': 'public, max-age=31536000, immutable',
      'content-length': String(answer.rawPayload.length),
      vary: 'Origin, Accept-Encoding',
      'x-content-type-options': 'nosniff',
    });
    expect(decode(answer.rawPayload).toString()).toBe(SCRIPT);
  });

  it('have a tag for each encoding, and are not sent again to who has them', async () => {
    const tags = new Set<unknown>();
    for (const accepted of ['br', 'gzip', 'identity']) {
      const { headers } = await fetchFile(ASSET, { 'accept-encoding': accepted });
      tags.add(headers.etag);
      for (const known of [`${headers.etag}`, `W/${headers.etag}`, `"other", ${headers.etag}`, '*']) {
        const again = await fetchFile(ASSET, { 'accept-encoding': accepted, 'if-none-match': known });
        expect(again.statusCode).toBe(304);
        expect(again.rawPayload).toHaveLength(0);
        expect(again.headers).toMatchObject({ etag: headers.etag, vary: 'Origin, Accept-Encoding' });
        expect(again.headers).not.toHaveProperty('content-encoding');
      }
      expect((await fetchFile(ASSET, { 'accept-encoding': accepted, 'if-none-match': '"other"' })).statusCode).toBe(200);
    }
    expect(tags.size).toBe(3);
  });

  it('answer HEAD with the headers of GET', async () => {
    const headers = { 'accept-encoding': 'br' };
    const [head, whole] = [await hub.app.inject({ method: 'HEAD', url: ASSET, headers }), await fetchFile(ASSET, headers)];
    expect(head.rawPayload).toHaveLength(0);
    for (const name of ['content-length', 'content-encoding', 'etag', 'content-type', 'cache-control'])
      expect(head.headers[name], name).toBe(whole.headers[name]);
  });

  it('outside of assets are asked for again, and served to any reader', async () => {
    const icon = await fetchFile('/favicon.svg', { accept: 'image/*' });
    expect(icon.statusCode).toBe(200);
    expect(icon.headers).toMatchObject({ 'content-type': 'image/svg+xml; charset=utf-8', 'cache-control': 'no-cache' });
    expect(icon.headers['content-security-policy']).toContain("default-src 'none'");
    expect((await hub.app.inject({ method: 'HEAD', url: '/favicon.svg' })).rawPayload).toHaveLength(0);
  });

  it.each([
    '/assets/unknown.js',
    '/assets/',
    '/assets/main-1.js.br',
    '/assets/../index.html',
    '/assets/..%2findex.html',
    '/assets/%2e%2e/.stamp',
    '/assets/..%5c.stamp',
    '/assets/main-1.js%00',
    '/.stamp',
    '/../package.json',
    '/index.html.br',
    '/assets/__proto__',
  ])('that are none of the dashboard are 404: %s', async (path) => {
    expect(await get(path)).toMatchObject({ status: 404, body: { code: 'resource.not-found' } });
  });
});

describe('while there is no dashboard', () => {
  it('says 503 and when to come again, and comes again by itself, with and without scripts', async () => {
    state = { phase: 'building' };
    for (const path of ['/', '/messages', ASSET]) {
      const { status, headers, text } = await open(path);
      expect(status).toBe(503);
      expect(headers).toMatchObject({ 'retry-after': '2', 'cache-control': 'no-store' });
      expect(text).toContain('<meta http-equiv="refresh" content="2">');
      const [, nonce = ''] = /<style nonce="([^"]+)">/.exec(text) ?? [];
      expect(text).toContain(`<script nonce="${nonce}">setTimeout(() => location.reload(), 2000);</script>`);
      expect(headers['content-security-policy']).toContain(`default-src 'none'; script-src 'nonce-${nonce}'; style-src 'nonce-${nonce}'`);
    }
    expect((await hub.call('HEAD', '/', { key: null })).status).toBe(503);
    expect((await get('/healthz')).status).toBe(200);
    expect((await get('/messages', { accept: 'application/json' })).status).toBe(404);
  });

  it('says what went wrong and what to do, as text only', async () => {
    state = { phase: 'failed', reason: 'Unexpected <script>alert("x")</script> & more', advice: 'Run "npx pnpm@12 install".' };
    const { status, headers, text } = await open('/');
    expect(status).toBe(500);
    expect(headers['cache-control']).toBe('no-store');
    expect(text).toContain('Unexpected &lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt; &amp; more');
    expect(text).toContain('Run &quot;npx pnpm@12 install&quot;.');
    expect(text).not.toContain('<script');
    expect(text).not.toContain('http-equiv');
    expect((await get(ASSET)).status).toBe(404);
  });
});

it('none of it is served where there is none to serve', async () => {
  const bare = await adminFixture();
  for (const path of ['/', '/messages', ASSET, '/favicon.svg'])
    expect((await bare.call('GET', path, { key: null, headers: { accept: BROWSER } })).status).toBe(404);
  await bare.close();
});
