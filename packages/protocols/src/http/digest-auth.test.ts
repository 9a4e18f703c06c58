import { createHash } from 'node:crypto';
import type { GuardedHttp, HttpExchangeRequest, HttpExchangeResult } from '@nave/adapter-kit';
import { describe, expect, it } from 'vitest';
import { exchangeAuthorized } from './authorized-exchange.ts';
import { parseChallenges } from './challenge.ts';
import { digestAuth } from './digest-auth.ts';
import { digestAuthorization, digestChallengeOf } from './digest-response.ts';
import { excerptOf } from './request-excerpt.ts';

const challengeOf = (header: string) => {
  const challenge = digestChallengeOf(parseChallenges(header));
  if (challenge === null) throw new Error('no challenge');
  return challenge;
};
const mufasa = { method: 'GET', uri: '/dir/index.html', body: '', username: 'Mufasa', count: 1 };
const CNONCE_7616 = 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ';
const CHALLENGE_7616 =
  'realm="http-auth@example.org", qop="auth, auth-int", nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"';

describe('the answer to a Digest challenge', () => {
  // The examples of RFC 7616 section 3.9.1 and RFC 2617 section 3.5.
  it.each([
    [`Digest ${CHALLENGE_7616}, algorithm=MD5`, 'Circle of Life', CNONCE_7616, '8ca523f5e9506fed4657c9700eebdbec'],
    [
      `Digest ${CHALLENGE_7616}, algorithm=SHA-256`,
      'Circle of Life',
      CNONCE_7616,
      '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1',
    ],
    [
      'Digest realm="testrealm@host.com", qop="auth,auth-int", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", opaque="5ccc069c403ebaf9f0171e9517f40e41"',
      'Circle Of Life',
      '0a4f113b',
      '6629fae49393a05397450978507c4ef1',
    ],
  ])('is the one of the RFC for %s', (header, password, cnonce, response) => {
    const value = digestAuthorization(challengeOf(header), { ...mufasa, password, cnonce });
    expect(value).toContain(`response="${response}"`);
    expect(value).toContain('qop=auth, nc=00000001');
    expect(value).toContain('opaque="');
  });

  it('hashes names and their hashes as RFC 7616 section 3.9.2 does', () => {
    const challenge = challengeOf(
      'Digest realm="api@example.org", qop="auth", algorithm=SHA-512-256, nonce="5TsQWLVdgBdmrQ0XsxbDODV+57QdFR34I9HAbC/RVvkK", opaque="HRPCssKJSGjCrkzDg8OhwpzCiGPChXYjwrI2QmXDnsOS", charset=UTF-8, userhash=true',
    );
    const cnonce = 'NTg6RKcb9boFIAS3KrFK9BGeh+niz/sm';
    const value = digestAuthorization(challenge, {
      ...{ method: 'GET', uri: '/doe.json', body: '', username: 'J\u00e4s\u00f8n Doe', count: 1 },
      ...{ password: 'Secret, or not?', cnonce },
    });
    const hash = (text: string) => createHash('sha512-256').update(text).digest('hex');
    expect(value).toContain(`username="${hash('J\u00e4s\u00f8n Doe:api@example.org')}"`);
    expect(value).toContain('userhash=true');
    const a1 = hash('J\u00e4s\u00f8n Doe:api@example.org:Secret, or not?');
    expect(value).toContain(`response="${hash(`${a1}:${challenge.nonce}:00000001:${cnonce}:auth:${hash('GET:/doe.json')}`)}"`);
  });

  it('writes names that quotes cannot hold as RFC 8187 does', () => {
    const value = digestAuthorization(challengeOf('Digest realm="r", nonce="n"'), {
      ...{ ...mufasa, username: "J\u00e4s(ø)n'", password: 'p', cnonce: 'c' },
    });
    expect(value).toContain("username*=UTF-8''J%C3%A4s%28%C3%B8%29n%27");
    // Without qop: no counter and no client nonce (RFC 2069).
    expect(value).not.toMatch(/qop|nc=|cnonce/);
  });

  it.each([
    'Basic realm="x"',
    'Digest realm="x", nonce="n", algorithm=SHA-1',
    'Digest realm="x", nonce="n", qop="unknown"',
    'Digest realm="x"',
    '',
  ])('there is none to %s', (header) => {
    expect(digestChallengeOf(parseChallenges(header))).toBeNull();
  });

  it('takes the first challenge it can answer, and auth-int only where nothing else is offered', () => {
    expect(challengeOf('Digest realm="x", nonce="1", algorithm=odd, Digest realm="x", nonce="2", algorithm=SHA-256').nonce).toBe('2');
    expect(challengeOf('Digest realm="x", nonce="1", qop="auth-int"').qop).toBe('auth-int');
  });
});

/** A server of digest authentication that checks counters, with nonces that last for some requests. */
function digestServer(password: string, uses = 100, sayStale = true) {
  const counts = new Map<string, number>();
  let issued = 0;
  const seen: HttpExchangeRequest[] = [];
  const answer = (status: number, headers: Record<string, string> = {}): HttpExchangeResult => ({
    ok: true,
    status,
    headers,
    body: new Uint8Array(),
  });
  const challenge = (stale: boolean) => {
    issued += 1;
    counts.set(`n${issued}`, 0);
    return answer(401, {
      'www-authenticate': `Basic realm="b", Digest realm="r", nonce="n${issued}", qop="auth", algorithm=SHA-256${stale ? ', stale=true' : ''}`,
    });
  };
  const exchange = async (request: HttpExchangeRequest): Promise<HttpExchangeResult> => {
    seen.push(request);
    const [given] = parseChallenges(request.headers['Authorization'] ?? '');
    if (given === undefined) return challenge(false);
    const at = (name: string): string => given.parameters.get(name) ?? '';
    const count = counts.get(at('nonce'));
    const url = new URL(request.url);
    const hash = (text: string) => createHash('sha256').update(text).digest('hex');
    const a2 = hash(`${request.method}:${url.pathname}${url.search}`);
    const wanted = hash(`${hash(`u:r:${password}`)}:${at('nonce')}:${at('nc')}:${at('cnonce')}:auth:${a2}`);
    if (wanted !== at('response')) return challenge(false);
    if (count === undefined || count >= uses || Number.parseInt(at('nc'), 16) !== count + 1) return challenge(sayStale);
    counts.set(at('nonce'), count + 1);
    return answer(200);
  };
  const http: GuardedHttp = { exchange, close: async () => {} };
  return { http, seen };
}

describe('a spoke with Digest', () => {
  const request: HttpExchangeRequest = { method: 'POST', url: 'https://erp.example/a%20b?c=1', headers: {}, body: 'x', timeoutMs: 1_000 };
  const setUp = (server: ReturnType<typeof digestServer>, password = 'right') => {
    const auth = digestAuth({ type: 'digest', username: 'u', password }, { random: (count) => new Uint8Array(count).fill(7) });
    return async () => {
      const sent = await exchangeAuthorized(server.http, auth, request, new AbortController().signal);
      if (sent.ok && JSON.stringify(excerptOf(sent.request, auth.redaction)).includes('response=')) throw new Error('not redacted');
      return sent.ok && sent.result.ok ? sent.result.status : null;
    };
  };

  it('is challenged once, then answers in advance and counts', async () => {
    const server = digestServer('right');
    const send = setUp(server);
    expect([await send(), await send(), await send()]).toEqual([200, 200, 200]);
    expect(server.seen).toHaveLength(4);
  });

  it.each([true, false])('goes on when the nonce is used up (the server says stale: %s)', async (sayStale) => {
    const server = digestServer('right', 2, sayStale);
    const send = setUp(server);
    for (let n = 0; n < 7; n += 1) expect(await send()).toBe(200);
  });

  it('does not repeat what was refused for its password', async () => {
    const server = digestServer('right');
    const send = setUp(server, 'wrong');
    expect(await send()).toBe(401);
    expect(server.seen).toHaveLength(2);
    expect(await send()).toBe(401);
    expect(server.seen).toHaveLength(3);
  });

  it('many at once are challenged together and all get through', async () => {
    const send = setUp(digestServer('right'));
    expect(await Promise.all(Array.from({ length: 10 }, send))).toEqual(Array.from({ length: 10 }, () => 200));
  });

  it('a 401 without a challenge is a 401', async () => {
    const http: GuardedHttp = {
      exchange: async () => ({ ok: true, status: 401, headers: {}, body: new Uint8Array() }),
      close: async () => {},
    };
    expect(await setUp({ http, seen: [] })()).toBe(401);
  });
});
