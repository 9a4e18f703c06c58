import type { GuardedHttp, HttpExchangeRequest, HttpExchangeResult } from '@nave/adapter-kit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exchangeAuthorized } from './authorized-exchange.ts';
import { createCookieJar } from './cookie-jar.ts';
import type { HttpCredentials } from './credentials.ts';
import { createHttpAuth } from './http-auth.ts';
import { excerptOf } from './request-excerpt.ts';
import { createTokenCache } from './token-cache.ts';

const NOW = 1_700_000_000_000;

describe('a cookie jar', () => {
  const sent = (setCookies: string[], url: string, from = 'https://erp.example/app/login', nowMs = NOW) => {
    const jar = createCookieJar();
    jar.store(from, setCookies, NOW);
    return createCookieJar(jar.serialise()).headerFor(url, nowMs);
  };

  it.each<[string[], string, string | null]>([
    [['a=1; HttpOnly', 'b=2'], 'https://erp.example/app/x', 'a=1; b=2'],
    [['a=1'], 'https://erp.example/other', null],
    [['a=1; Path=/'], 'https://erp.example/other', 'a=1'],
    [['a=1; Path=/app'], 'https://erp.example/application', null],
    [['a=1; Path=/', 'b=2; Path=/app'], 'https://erp.example/app/x', 'b=2; a=1'],
    [['a=1; Path=/; Secure'], 'http://erp.example/', null],
    [['a=1; Path=/'], 'https://sub.erp.example/', null],
    [['a=1; Path=/; Domain=.erp.example'], 'https://sub.erp.example/', 'a=1'],
    [['a=1; Path=/; Domain=other.example'], 'https://other.example/', null],
    [['a=1; Path=/; Domain=example'], 'https://erp.example/', null],
    [['a=1; Path=/; Max-Age=0'], 'https://erp.example/', null],
    [['a=1; Path=/', 'a=; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT'], 'https://erp.example/', null],
    [['a=1; Path=/', 'a=2; Path=/'], 'https://erp.example/', 'a=2'],
    [['a="q,x y"; Path=/'], 'https://erp.example/', 'a="q,x y"'],
    [['=1; Path=/', 'noequals', 'a\u0000=1', 'a=1\r\nX: y; Path=/'], 'https://erp.example/', null],
    [['a=1; Path=relative'], 'https://erp.example/app/x', 'a=1'],
  ])('of %j sends to %s: %s', (setCookies, url, header) => {
    expect(sent(setCookies, url)).toBe(header);
  });

  it('forgets what expires', () => {
    const cookies = ['a=1; Path=/; Max-Age=60', 'b=2; Path=/; Expires=Wed, 21 Oct 2065 07:28:00 GMT; Max-Age=30'];
    expect(sent(cookies, 'https://erp.example/', undefined, NOW + 29_999)).toBe('a=1; b=2');
    expect(sent(cookies, 'https://erp.example/', undefined, NOW + 30_000)).toBe('a=1');
    expect(sent(cookies, 'https://erp.example/', undefined, NOW + 60_000)).toBeNull();
  });

  it('is bounded, and never gives anything that ends a header', () => {
    const many = Array.from({ length: 100 }, (_, n) => `c${n}=${n}; Path=/`);
    expect(sent(many, 'https://erp.example/')?.split('; ')).toHaveLength(50);
    expect(sent([`a=${'x'.repeat(5_000)}`], 'https://erp.example/app/')).toBeNull();
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 60 }), { maxLength: 5 }), (texts) => {
        expect(sent(texts, 'https://erp.example/app/x') ?? '').toMatch(/^[\x20-\x7e]*$/);
      }),
    );
  });

  it.each(['', 'no json', '{}', '[1, null, {"name":"a"}]'])('opened from %j is empty', (text) => {
    expect(createCookieJar(text).headerFor('https://erp.example/', NOW)).toBeNull();
  });
});

describe('a log-in with cookies', () => {
  const LOGIN = 'https://erp.example/login';
  const credentials = { type: 'cookie-login', url: LOGIN, username: 'u"1', password: 'pass-SECRET' } as const;
  const answer = (status: number, setCookies: string[] = []): HttpExchangeResult => ({
    ...{ ok: true, status, headers: {}, body: new Uint8Array() },
    ...(setCookies.length === 0 ? {} : { setCookies }),
  });

  /** An application with one session at a time. */
  function setUp(more: Partial<Extract<HttpCredentials, { type: 'cookie-login' }>> = {}, loginAnswer?: HttpExchangeResult, over = 401) {
    let session = 0;
    let step = 0;
    const logins: HttpExchangeRequest[] = [];
    const http: GuardedHttp = {
      async exchange(request) {
        if (request.url === LOGIN) {
          logins.push(request);
          session += 1;
          return loginAnswer ?? answer(302, [`sid=S${session}; Path=/; HttpOnly`, 'lang=cs; Path=/']);
        }
        step += 1;
        return request.headers['Cookie']?.includes(`sid=S${session}`) === true ? answer(200, [`step=${step}; Path=/`]) : answer(over);
      },
      close: async () => {},
    };
    const clock = { now: () => NOW };
    const auth = createHttpAuth({ ...credentials, ...more }, { spoke: 's', http, tokens: createTokenCache({ clock }), clock });
    const send = async () => {
      const request = { method: 'POST', url: 'https://erp.example/api/x', headers: {}, timeoutMs: 1_000 };
      const sent = await exchangeAuthorized(http, auth, request, new AbortController().signal);
      if (!sent.ok) return sent.outcome;
      expect(JSON.stringify(excerptOf(sent.request, auth.redaction))).not.toMatch(/S\d|SECRET/);
      return { status: sent.result.ok ? sent.result.status : 0, cookie: sent.request.headers['Cookie'] };
    };
    return {
      logins,
      send,
      expire: () => {
        session += 100;
      },
    };
  }

  it('opens one session for many deliveries', async () => {
    const { send, logins } = setUp();
    expect(await Promise.all([send(), send(), send()])).toMatchObject([{ status: 200 }, { status: 200 }, { status: 200 }]);
    expect(logins).toMatchObject([{ method: 'POST', body: '{"username":"u\\"1","password":"pass-SECRET"}' }]);
  });

  it('goes on with the cookies that answers set', async () => {
    const { send } = setUp();
    expect(await send()).toMatchObject({ cookie: 'sid=S1; lang=cs' });
    expect(await send()).toMatchObject({ cookie: 'sid=S1; lang=cs; step=1' });
  });

  it('logs in once more when the session is over', async () => {
    const { send, logins, expire } = setUp();
    await send();
    expire();
    expect(await send()).toMatchObject({ status: 200, cookie: 'sid=S102; lang=cs' });
    expect(logins).toHaveLength(2);
  });

  it('knows the session is over by the statuses it was told', async () => {
    const told = setUp({ expiredOn: [302, 403] }, undefined, 302);
    await told.send();
    told.expire();
    expect(await told.send()).toMatchObject({ status: 200 });
    const untold = setUp({}, undefined, 302);
    await untold.send();
    untold.expire();
    expect(await untold.send()).toMatchObject({ status: 302 });
  });

  it('writes the request as it is declared', async () => {
    const { send, logins } = setUp({
      format: 'form',
      fields: { CompanyDB: 'CZ', user: '{username}', pw: '{password}!' },
      headers: { 'X-App': 'nave' },
    });
    await send();
    expect(logins).toMatchObject([
      {
        body: 'CompanyDB=CZ&user=u%221&pw=pass-SECRET%21',
        headers: { 'Content-Type': 'application/x-www-form-urlencoded', 'X-App': 'nave' },
      },
    ]);
  });

  it.each<[string, HttpExchangeResult, object, object]>([
    ['wrong password', answer(401), {}, { kind: 'rejected', detail: 'log-in: answered 401' }],
    ['the log-in page again', answer(200), {}, { kind: 'rejected', detail: 'log-in: answered 200 without a cookie' }],
    [
      'another cookie',
      answer(200, ['lang=cs']),
      { cookie: 'sid' },
      { kind: 'rejected', detail: 'log-in: answered 200 without the cookie sid' },
    ],
    ['a server that is down', answer(503), {}, { kind: 'fault' }],
    [
      'one that cannot be reached',
      { ok: false, failure: 'unreachable', detail: 'down', sent: false, status: null },
      {},
      { kind: 'unreachable' },
    ],
  ])('that ends with %s sends nothing', async (_name, login, more, outcome) => {
    const { send } = setUp(more, login);
    expect(await send()).toMatchObject({ ...outcome, status: null, sent: false });
  });
});
