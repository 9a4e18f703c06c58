import { createHmac } from 'node:crypto';
import type { GuardedHttp, HttpExchangeRequest, HttpExchangeResult } from '@nave/adapter-kit';
import { describe, expect, it } from 'vitest';
import { exchangeAuthorized } from './authorized-exchange.ts';
import type { HttpCredentials } from './credentials.ts';
import { createHttpAuth } from './http-auth.ts';
import { outcomeOfExchange } from './http-outcome.ts';
import { excerptOf } from './request-excerpt.ts';
import { createTokenCache } from './token-cache.ts';

const now = 1_700_000_000_000;
const clock = { now: () => now };
const tokenUrl = 'https://id.example/token';
const request: HttpExchangeRequest = {
  method: 'POST',
  url: 'https://erp.example/x?a=1',
  headers: { 'content-type': 'text/plain' },
  body: '{"id":1}',
  timeoutMs: 1_000,
};
const signal = new AbortController().signal;
const answer = (status: number, body: unknown = {}, headers: Record<string, string> = {}): HttpExchangeResult => ({
  ok: true,
  status,
  headers,
  body: Buffer.from(JSON.stringify(body)),
});

function setUp(credentials: HttpCredentials, handler: (request: HttpExchangeRequest) => HttpExchangeResult = () => answer(200)) {
  const seen: HttpExchangeRequest[] = [];
  const http: GuardedHttp = {
    async exchange(each) {
      seen.push(each);
      return handler(each);
    },
    close: async () => {},
  };
  const auth = createHttpAuth(credentials, { spoke: 's', http, tokens: createTokenCache({ clock }), clock });
  return { auth, seen, send: () => exchangeAuthorized(http, auth, request, signal) };
}

describe('credentials on requests', () => {
  it.each<[HttpCredentials, Record<string, string>, string]>([
    [{ type: 'none' }, {}, request.url],
    [{ type: 'basic', username: 'Aladdin', password: 'open sesame' }, { Authorization: 'Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==' }, request.url],
    [{ type: 'bearer', token: 'tok-1' }, { Authorization: 'Bearer tok-1' }, request.url],
    [{ type: 'api-key', value: 'key-1' }, { 'X-API-Key': 'key-1' }, request.url],
    [{ type: 'api-key', in: 'query', name: 'k', value: 'a b&c' }, {}, 'https://erp.example/x?a=1&k=a+b%26c'],
  ])('%j', async (credentials, headers, url) => {
    const { seen, send } = setUp(credentials);
    await send();
    expect(seen).toEqual([{ ...request, url, headers: { ...request.headers, ...headers } }]);
  });

  it('signs with HMAC by the recipe', async () => {
    const { seen, send } = setUp({
      type: 'hmac',
      secret: 'test-secret',
      prefix: 'v0=',
      header: 'X-Sig',
      timestampHeader: 'X-Time',
      signed: 'v0:{timestamp}:{body}',
    });
    await send();
    // The vector of the project's spoke facts for this secret, body and time.
    expect(seen[0]?.headers).toMatchObject({
      'X-Sig': 'v0=9f1233fac1fd70859168bf4f4d46d2b2ee8c06f227115760de40a2a22c21214d',
      'X-Time': '1700000000',
    });
    const other = setUp({ type: 'hmac', secret: 's', algorithm: 'sha512', encoding: 'base64', signed: '{method}\n{path}\n{body}' });
    await other.send();
    expect(other.seen[0]?.headers['X-Signature']).toBe(createHmac('sha512', 's').update('POST\n/x?a=1\n{"id":1}').digest('base64'));
  });

  it('replaces a header of the same name, whatever its case', async () => {
    const { auth } = setUp({ type: 'bearer', token: 'right' });
    const authorized = await auth.authorize({ ...request, headers: { authorization: 'wrong' } });
    expect(authorized).toMatchObject({ request: { headers: { Authorization: 'Bearer right' } } });
    expect(authorized.ok && authorized.request.headers).not.toHaveProperty('authorization');
  });

  it.each<HttpCredentials>([
    { type: 'basic', username: 'u', password: 'SECRET-value' },
    { type: 'bearer', token: 'SECRET-value' },
    { type: 'api-key', value: 'SECRET-value', name: 'X-Odd' },
    { type: 'api-key', in: 'query', name: 'k', value: 'SECRET-value /?' },
    { type: 'hmac', secret: 'SECRET-value' },
    { type: 'oauth2-client-credentials', tokenUrl, clientId: 'c', clientSecret: 'SECRET-value' },
  ])('leave nothing of %j in the excerpt', async (credentials) => {
    const { auth } = setUp(credentials, () => answer(200, { access_token: 'SECRET-token' }));
    const leaky = {
      ...request,
      url: `${request.url}&u=SECRET-value`,
      body: `${'x'.repeat(4_090)}SECRET-value`,
      headers: { 'X-Copy': 'a SECRET-value b' },
    };
    const authorized = await auth.authorize(leaky);
    if (!authorized.ok) throw new Error('not authorised');
    const excerpt = excerptOf(authorized.request, auth.redaction);
    const hmac = authorized.request.headers['X-Signature'] ?? 'no signature';
    const text = JSON.stringify({ ...excerpt, body: Buffer.from(excerpt.body).toString() });
    if (!('value' in credentials && credentials.value.includes(' '))) expect(text).not.toMatch(/SECRET/);
    expect(text).not.toContain('SECRET-token');
    expect(text).not.toContain(encodeURIComponent('SECRET-value /?'));
    expect(text).not.toContain(hmac);
    expect(excerpt.body.byteLength).toBeLessThanOrEqual(4_096);
  });
});

describe('OAuth 2 client credentials', () => {
  const credentials: HttpCredentials = {
    type: 'oauth2-client-credentials',
    tokenUrl,
    clientId: 'id:1',
    clientSecret: 'se cret',
    scope: 'a b',
    audience: 'api',
  };
  const isToken = (each: HttpExchangeRequest): boolean => each.url === tokenUrl;

  it('asks with a form and basic authentication, once for many requests', async () => {
    const { seen, send } = setUp(credentials, (each) =>
      isToken(each) ? answer(200, { access_token: 'T', expires_in: '3600' }) : answer(200),
    );
    await Promise.all([send(), send(), send()]);
    expect(seen.filter(isToken)).toMatchObject([
      {
        method: 'POST',
        body: 'grant_type=client_credentials&scope=a+b&audience=api',
        headers: { Authorization: `Basic ${Buffer.from('id%3A1:se+cret').toString('base64')}` },
      },
    ]);
    expect(seen.filter((each) => !isToken(each)).map((each) => each.headers['Authorization'])).toEqual([
      'Bearer T',
      'Bearer T',
      'Bearer T',
    ]);
  });

  it('puts the client into the form when told so', async () => {
    const { seen, send } = setUp({ ...credentials, clientAuth: 'body' }, () => answer(200, { access_token: 'T' }));
    await send();
    expect(seen[0]?.body).toContain('client_id=id%3A1&client_secret=se+cret');
    expect(seen[0]?.headers).not.toHaveProperty('Authorization');
  });

  it('renews a refused token once and tries once more', async () => {
    let issued = 0;
    const { seen, send } = setUp(credentials, (each) => {
      if (isToken(each)) return answer(200, { access_token: `T${++issued}` });
      return answer(each.headers['Authorization'] === 'Bearer T2' ? 200 : 401);
    });
    expect(await send()).toMatchObject({ ok: true, result: { status: 200 } });
    expect(seen).toHaveLength(4);
  });

  it('gives up after the second 401', async () => {
    let issued = 0;
    const { seen, send } = setUp(credentials, (each) => (isToken(each) ? answer(200, { access_token: `T${++issued}` }) : answer(401)));
    const sent = await send();
    expect(sent.ok && outcomeOfExchange(sent.result, now)).toMatchObject({ kind: 'rejected', status: 401 });
    expect(seen).toHaveLength(4);
  });

  it('does not repeat a 401 to credentials that cannot be renewed', async () => {
    const { seen, send } = setUp({ type: 'bearer', token: 'tok-1' }, () => answer(401));
    await send();
    expect(seen).toHaveLength(1);
  });

  it.each<[HttpExchangeResult, object]>([
    [answer(401, { error: 'invalid_client' }), { kind: 'rejected', detail: 'token endpoint: answered 401 (invalid_client)' }],
    [answer(400, { error: 'Bad <b>se cret</b>' }), { kind: 'rejected', detail: 'token endpoint: answered 400' }],
    [answer(503), { kind: 'fault' }],
    [answer(429, {}, { 'retry-after': '9' }), { kind: 'throttled', retryAfterMs: 9_000 }],
    [answer(200, { access_token: 'a\r\nb' }), { kind: 'fault' }],
    [answer(200, []), { kind: 'fault' }],
    [
      { ok: false, failure: 'unreachable', detail: 'down', sent: false, status: null },
      { kind: 'unreachable', detail: 'token endpoint: down' },
    ],
    [{ ok: false, failure: 'refused', detail: 'private', sent: false, status: null }, { kind: 'rejected' }],
  ])('a token endpoint that answers otherwise means nothing was sent (case %#)', async (result, outcome) => {
    const { seen, send } = setUp(credentials, () => result);
    const sent = await send();
    expect(sent).toMatchObject({ ok: false, outcome: { ...outcome, status: null, sent: false } });
    expect(JSON.stringify(sent)).not.toContain('se cret');
    expect(seen).toHaveLength(1);
  });

  it('stops waiting for a token when the delivery is given up', async () => {
    const abort = new AbortController();
    const http: GuardedHttp = { exchange: () => new Promise(() => {}), close: async () => {} };
    const auth = createHttpAuth(credentials, { spoke: 's', http, tokens: createTokenCache({ clock }), clock });
    const pending = exchangeAuthorized(http, auth, request, abort.signal);
    abort.abort();
    expect(await pending).toMatchObject({ ok: false, outcome: { kind: 'timeout', sent: false } });
  });
});
