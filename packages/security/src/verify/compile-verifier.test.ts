import { createHmac } from 'node:crypto';
import { isHubError } from '@nave/core';
import { describe, expect, it } from 'vitest';
import { compileVerifier, handshakeAnswer } from './compile-verifier.ts';
import { schemeByName, VERIFY_SCHEMES } from './registry.ts';
import { BODY, clockAt, NOW_MS, rawRequest, SECRET, schemeOf } from './request.fixture.ts';
import { verifySchemeProblems } from './scheme-problems.ts';
import { sensitiveHeaders, sensitiveQuery } from './sensitive-headers.ts';

const deps = { clock: clockAt(NOW_MS) };
const github = schemeOf('github', [SECRET]);
const key = schemeOf('api-key', ['k1']);
const addresses = schemeOf('ip-allow', [], { cidrs: ['203.0.113.0/24'] });
const headers = {
  'x-hub-signature-256': `sha256=${createHmac('sha256', SECRET).update(BODY).digest('hex')}`,
  'x-github-delivery': 'd1',
  'x-api-key': 'k1',
};

describe('several schemes', () => {
  it('must all pass', async () => {
    const verify = compileVerifier([github, key, addresses], deps);
    expect(await verify(rawRequest({ headers }))).toMatchObject({ ok: true, deliveryId: 'd1', rememberDigest: true });
    expect(await verify(rawRequest({ headers: { ...headers, 'x-api-key': 'k2' } }))).toMatchObject({ ok: false });
    expect(await verify(rawRequest({ headers, body: '{}' }))).toMatchObject({ ok: false });
    expect(await verify(rawRequest({ headers, remoteAddress: '192.0.2.1' }))).toMatchObject({ ok: false });
  });

  it('count the caller’s key only when nobody signs the body', async () => {
    expect(await compileVerifier([addresses, key], deps)(rawRequest({ headers }))).toEqual({ ok: true, callerIdempotencyKey: true });
    expect(await compileVerifier([key, github], deps)(rawRequest({ headers }))).toMatchObject({ ok: true, callerIdempotencyKey: false });
  });

  it('answer a handshake only when the others pass too', async () => {
    const ping = { body: 'webhook_id=1' };
    const verify = compileVerifier([schemeOf('woocommerce', [SECRET]), addresses], deps);
    expect(await verify(rawRequest(ping))).toMatchObject({ ok: true, handshake: { status: 200 } });
    expect(await verify(rawRequest({ ...ping, remoteAddress: '192.0.2.1' }))).toMatchObject({ ok: false });
  });
});

describe('configuration', () => {
  it('refuses every request when there is no scheme', async () => {
    expect(await compileVerifier([], deps)(rawRequest())).toMatchObject({ ok: false });
  });

  it('throws all problems at once, without repeating secrets', () => {
    const secret = 'whsec_not base64!';
    try {
      compileVerifier([schemeOf('standard-webhooks', [secret, secret]), schemeOf('nonsense', []), schemeOf('stripe', [])], deps);
      expect.unreachable();
    } catch (error) {
      expect(isHubError(error) && error.code).toBe('request.invalid');
      expect(isHubError(error) && error.errors.map(({ path }) => path)).toEqual([
        '/0/secrets/0/secret',
        '/0/secrets/1/secret',
        '/1/scheme',
        '/2/secret',
      ]);
      expect(JSON.stringify(error)).not.toContain('not base64');
    }
  });

  it('describes every scheme and survives names from Object.prototype', () => {
    for (const name of VERIFY_SCHEMES)
      expect(schemeByName(name)).toMatchObject({ name, title: expect.any(String), summary: expect.any(String) });
    expect(verifySchemeProblems(schemeOf('constructor', []))).toMatchObject([{ path: '/scheme' }]);
    expect(verifySchemeProblems(schemeOf('stripe', ['x'], { constructor: 1 }))).toMatchObject([{ path: '/constructor' }]);
  });

  it('takes tolerances as durations and as seconds', () => {
    for (const tolerance of ['30s', 30]) expect(verifySchemeProblems(schemeOf('stripe', ['x'], { tolerance }))).toEqual([]);
    for (const tolerance of ['30', 0, -1, 1.5, null, [], true])
      expect(verifySchemeProblems(schemeOf('stripe', ['x'], { tolerance }))).toHaveLength(1);
  });
});

it('has no GET handshake for any built-in scheme', () => {
  expect(
    handshakeAnswer(
      VERIFY_SCHEMES.map((name) => schemeOf(name, [SECRET])),
      rawRequest({ method: 'GET' }),
    ),
  ).toBeNull();
});

it('names the headers and parameters that must not be stored', () => {
  const names = sensitiveHeaders([github, schemeOf('hmac', [SECRET], { header: 'X-Sig' }), schemeOf('api-key', ['k'], { query: 'key' })]);
  expect([...names]).toEqual(expect.arrayContaining(['authorization', 'cookie', 'proxy-authorization', 'x-hub-signature-256', 'x-sig']));
  expect([...names].every((name) => name === name.toLowerCase())).toBe(true);
  expect([...sensitiveQuery([schemeOf('api-key', ['k'], { query: 'key' })])]).toEqual(['key']);
});
